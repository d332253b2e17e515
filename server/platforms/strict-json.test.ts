import fc from 'fast-check';
import { parseStrictJson } from './strict-json';

test('every output of JSON.stringify is parsed like JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('an object with a duplicate key at any depth is rejected', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), fc.nat(4), (key, one, two, depth) => {
      const name = JSON.stringify(key);
      const pair = `${name}:${JSON.stringify(one)}`;
      const again = `${name} : ${JSON.stringify(two)}`;
      const inner = `{${pair},"other ${key.length}":[{}],${again}}`;
      const text = `${'[{"in":'.repeat(depth)}${inner}${'}]'.repeat(depth)}`;
      expect(JSON.parse(text)).toBeDefined();
      expect(parseStrictJson(text)).toBeUndefined();
    }),
  );
});

test.each([
  ['a name written with an escape', '{"amount":1,"\\u0061mount":2}'],
  ['the same name behind a nested object', '{"a":{"b":1},"b":{},"a":2}'],
  ['invalid JSON', '{"a":1'],
  ['nothing', ''],
])('%s is rejected', (_name, text) => {
  expect(parseStrictJson(text)).toBeUndefined();
});

test.each([
  ['the same name in two objects', '[{"a":1},{"a":2}]'],
  ['a value that looks like a name', '{"a":"b","b":"a"}'],
  ['a quoted brace or colon', '{"a":"{\\"a\\":1}","b":":","c":"\\\\"}'],
])('%s is accepted', (_name, text) => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});

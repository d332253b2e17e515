import { readableCases, refusedCases } from '@shared/testing/card-number-cases';
import { readLaunchTarget } from './launch-target';

const ICCID = '8986036122441783557';

test('a shared card is opened by its id', () => {
  expect(readLaunchTarget({ cardId: 'c-1', number: ICCID })).toEqual({
    kind: 'card',
    cardId: 'c-1',
  });
});

test.each([
  ['a number', { number: ICCID }],
  ['the link of an ordinary QR code', { q: `https://shop.example/card?iccid=${ICCID}` }],
  ['a link with the number in its path', { q: `https://shop.example/c/${ICCID}` }],
  ['a QR code that is the number itself', { q: ICCID }],
])('%s is looked up', (_, params) => {
  expect(readLaunchTarget(params)).toEqual({ kind: 'number', number: ICCID });
});

test.each(readableCases)('the link of a QR code with %s is looked up', (_, text, number) => {
  expect(readLaunchTarget({ q: text, scancode_time: '1700000000' })).toEqual({
    kind: 'number',
    number,
  });
});

test.each(refusedCases)('the link of a QR code with %s is not looked up', (_, q) => {
  expect(readLaunchTarget({ q, scancode_time: '1700000000' })).toBeUndefined();
});

test('a number under another name, as in the address bar of a browser, is looked up', () => {
  const target = { kind: 'number', number: ICCID };
  expect(readLaunchTarget({ iccid: ICCID })).toEqual(target);
  expect(readLaunchTarget({ from: 'qr', cardNo: ICCID })).toEqual(target);
  expect(readLaunchTarget({ number: 'hello', q: `https://shop.example/?iccid=${ICCID}` })).toEqual(
    target,
  );
});

test.each([{}, { q: 'https://shop.example/' }, { number: 'hello' }, { q: '' }])(
  'the parameters %j contain no card',
  (params) => {
    expect(readLaunchTarget(params)).toBeUndefined();
  },
);

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

test.each([{}, { q: 'https://shop.example/' }, { number: 'hello' }, { q: '' }])(
  'the parameters %j contain no card',
  (params) => {
    expect(readLaunchTarget(params)).toBeUndefined();
  },
);

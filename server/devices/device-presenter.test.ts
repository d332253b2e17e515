import { maskEmail, maskPhone } from './device-presenter';

test.each([
  ['13012345678', '130****5678'],
  ['+8613012345678', '+86****5678'],
  ['12345678', '****'],
  ['1', '****'],
])('the phone number %s is shown as %s', (phone, shown) => {
  expect(maskPhone(phone)).toBe(shown);
});

test.each([
  ['abc@126.com', 'a****@126.com'],
  ['"a@b"@126.com', '"****@126.com'],
  ['a@126.com', '****'],
  ['@126.com', '****'],
  ['no address', '****'],
])('the address %s is shown as %s', (email, shown) => {
  expect(maskEmail(email)).toBe(shown);
});

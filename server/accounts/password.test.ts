import { hashPassword, passwordMatches } from './password';

const password = 'correct horse battery staple';

test('a password matches its hash, and no other does', async () => {
  const hash = await hashPassword(password);
  expect(await passwordMatches(password, hash)).toBe(true);
  for (const other of ['', password.slice(1), `${password} `, password.toUpperCase()]) {
    expect(await passwordMatches(other, hash)).toBe(false);
  }
});

test('the hash does not contain the password, has its own salt and includes its cost', async () => {
  const [first, second] = await Promise.all([hashPassword(password), hashPassword(password)]);
  expect(first).not.toBe(second);
  expect(first).not.toContain(password);
  expect(first).toMatch(/^scrypt\$32768\$[\w+/]{22}==\$[\w+/]{43}=$/);
});

test('equal characters match in any Unicode normalization', async () => {
  const hash = await hashPassword('密码é와１２３４５６７８');
  expect(await passwordMatches('密码e\u0301\u110b\u116a12345678', hash)).toBe(true);
});

test.each(['', 'scrypt', 'scrypt$32768$$', 'bcrypt$10$c2FsdA==$a2V5', 'plain text'])(
  'what is no hash of ours (%p) matches nothing',
  async (hash) => {
    expect(await passwordMatches(password, hash)).toBe(false);
  },
);

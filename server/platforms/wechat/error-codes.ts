/**
 * What WeChat's error codes mean to us (登录凭证校验 code2Session, 获取稳定版接口调用凭据: 返回码). A code of a
 * login is good once, for five minutes, and for the mini-program that got it.
 */
type ErrorMeaning =
  | 'busy'
  | 'codeInvalid'
  | 'blocked'
  /** Too many calls for now. */
  | 'limited'
  /** Our own settings, or rights at WeChat, are wrong: an operator must look, a user cannot help it. */
  | 'misconfigured'
  | 'unlisted';

const meanings: ReadonlyMap<number, ErrorMeaning> = new Map([
  [-1, 'busy'],
  [40029, 'codeInvalid'],
  // "code been used", which the page of code2Session does not list and WeChat answers all the same.
  [40163, 'codeInvalid'],
  [41008, 'codeInvalid'],
  [40226, 'blocked'],
  [45009, 'limited'],
  [45011, 'limited'],
  [40001, 'misconfigured'],
  [40013, 'misconfigured'],
  [40125, 'misconfigured'],
  [40164, 'misconfigured'],
  [40243, 'misconfigured'],
  [41002, 'misconfigured'],
  [41004, 'misconfigured'],
  [50004, 'misconfigured'],
  [50007, 'misconfigured'],
]);

export function meaningOf(errcode: number): ErrorMeaning {
  return meanings.get(errcode) ?? 'unlisted';
}

/**
 * What WeChat's error codes mean (登录凭证校验 code2Session, 获取稳定版接口调用凭据: 返回码). A login code is valid
 * once, for five minutes, and only for the mini-program it was issued to.
 */
type ErrorMeaning =
  | 'busy'
  | 'codeInvalid'
  | 'blocked'
  /** A rate limit was exceeded. */
  | 'limited'
  /** Our settings or our permissions at WeChat are wrong. Only an operator can fix this. */
  | 'misconfigured'
  | 'unlisted';

const meanings: ReadonlyMap<number, ErrorMeaning> = new Map([
  [-1, 'busy'],
  [40029, 'codeInvalid'],
  // "code been used": not listed on the page of code2Session, but WeChat does answer it.
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

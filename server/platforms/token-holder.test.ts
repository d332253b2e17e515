import { createTokenHolder } from './token-holder';
import type { IssuedToken } from './token-holder';

const HOUR = 3_600;

/** A token server that numbers its tokens, and a clock that the test advances. */
function createTestIssuer(expiresIn = 2 * HOUR) {
  const state = { now: 1_000_000, issued: 0, down: false };
  async function fetchToken(): Promise<IssuedToken> {
    await Promise.resolve();
    if (state.down) throw new Error('token server down');
    state.issued += 1;
    return { value: `token-${String(state.issued)}`, expiresIn };
  }
  const holder = createTokenHolder({ fetchToken, clock: () => state.now });
  const advanceClock = (seconds: number) => {
    state.now += seconds * 1000;
  };
  return { state, holder, pass: advanceClock };
}

describe('the current token', () => {
  it('is fetched on first use and cached', async () => {
    const { state, holder, pass } = createTestIssuer();
    const first = await holder.current();
    pass(HOUR);
    expect(await holder.current()).toBe(first);
    expect(first).toMatchObject({ value: 'token-1', expiresAt: 1_000_000 + 2 * HOUR * 1000 });
    expect(state.issued).toBe(1);
  });

  it.each([
    ['five minutes before the end of a long lifetime', 2 * HOUR, 2 * HOUR - 300],
    ['a tenth of its lifetime before the end of a short one', 600, 540],
  ])('is replaced %s', async (_name, life, replacedAt) => {
    const { holder, pass } = createTestIssuer(life);
    await holder.current();
    pass(replacedAt - 1);
    expect((await holder.current()).value).toBe('token-1');
    pass(1);
    expect((await holder.current()).value).toBe('token-2');
  });

  it('is used until it expires if its early renewal fails', async () => {
    const { state, holder, pass } = createTestIssuer();
    await holder.current();
    state.down = true;
    pass(2 * HOUR - 60);
    expect((await holder.current()).value).toBe('token-1');
    pass(60);
    await expect(holder.current()).rejects.toThrow('token server down');
  });

  it('is fetched once for many callers', async () => {
    const { state, holder } = createTestIssuer();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => holder.current()));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(state.issued).toBe(1);
  });

  it('is fetched again after a failure', async () => {
    const { state, holder } = createTestIssuer();
    state.down = true;
    await expect(holder.current()).rejects.toThrow('token server down');
    state.down = false;
    expect((await holder.current()).value).toBe('token-1');
  });
});

describe('a refused token', () => {
  it('is replaced once for all callers', async () => {
    const { state, holder } = createTestIssuer();
    const { value } = await holder.current();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => holder.refresh(value)));
    expect(new Set(tokens.map((token) => token.value))).toEqual(new Set(['token-2']));
    expect(state.issued).toBe(2);
  });

  it('is not replaced twice', async () => {
    const { state, holder } = createTestIssuer();
    const { value } = await holder.current();
    await holder.refresh(value);
    expect((await holder.refresh(value)).value).toBe('token-2');
    expect(state.issued).toBe(2);
  });

  it('is not used again, even if no new token can be fetched', async () => {
    const { state, holder } = createTestIssuer();
    const { value } = await holder.current();
    state.down = true;
    await expect(holder.refresh(value)).rejects.toThrow('token server down');
    await expect(holder.current()).rejects.toThrow('token server down');
  });
});

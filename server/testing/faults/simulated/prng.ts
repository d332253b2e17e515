/** A seeded pseudo-random number generator: the same seed gives the same draws on every machine. */
export interface Prng {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with the given probability, 0 to 1. */
  chance(share: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** One of the keys, drawn by weight. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key;
  /** An independent generator: its draws do not shift those of this one. */
  fork(): Prng;
}

/** splitmix32: expands one number into the state of the generator. */
function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** xoshiro128** (Blackman and Vigna, prng.di.unimi.it), seeded by a whole number below 2^53. */
export function createPrng(seed: number): Prng {
  const low = splitmix(seed % 2 ** 32);
  const high = splitmix(Math.floor(seed / 2 ** 32));
  let [a, b, c, d] = [low(), low() ^ high(), high(), low()];

  function draw(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  }

  const next = () => draw() / 2 ** 32;
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));

  function weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const keys = Object.keys(weights) as Key[];
    let left = next() * keys.reduce((sum, key) => sum + weights[key], 0);
    const chosen = keys.find((key) => (left -= weights[key]) < 0) ?? keys.at(-1);
    if (chosen === undefined) throw new RangeError('nothing to choose from');
    return chosen;
  }

  return {
    next,
    between,
    chance: (share) => next() < share,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    weighted,
    fork: () => createPrng(draw() * 2 ** 20 + (draw() >>> 12)),
  };
}

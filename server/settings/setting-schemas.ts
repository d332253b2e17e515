import { z } from 'zod';

/** What settings look like that several platforms have. */

function isOrigin(text: string): boolean {
  const { pathname, search, hash, username } = new URL(text);
  return pathname === '/' && [search, hash, username].every((part) => part === '');
}

export const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine(isOrigin, 'must be an origin without a path')
  // Paths are put right behind it, so a slash at its end must not stay.
  .transform((text) => new URL(text).origin);

export const secret = z.string().min(8, 'must have at least 8 characters');

/** A setting that is not there, and why it has to be. */
export interface MissingSetting {
  name: string;
  why: string;
}

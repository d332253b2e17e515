import { z } from 'zod';

const MAX_LIFETIME_S = 20 * 366 * 86_400;

/**
 * The lifetime of a token whose server states none (RFC 6749 section 5.1 only recommends it), in seconds: it is
 * used until a call is refused with 401.
 */
const UNKNOWN_LIFETIME_S = 366 * 86_400;

/** `expires_in` in seconds. Some servers send it as text. */
export const statedLifetime = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ])
  .pipe(z.number().positive().max(MAX_LIFETIME_S));

/** A token response (RFC 6749, section 5.1). The token must be valid in a header. */
export const bearerToken = z
  .object({
    access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
    expires_in: statedLifetime.nullish(),
    token_type: z.string().regex(/^bearer$/i),
  })
  .transform(({ access_token: value, expires_in: expiresIn }) => ({
    value,
    expiresIn: expiresIn ?? UNKNOWN_LIFETIME_S,
  }));

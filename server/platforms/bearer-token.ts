import { z } from 'zod';

/** A token response (RFC 6749, section 5.1). The token must be valid in a header. */
export const bearerToken = z
  .object({
    access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
    expires_in: z
      .number()
      .positive()
      .max(20 * 366 * 86_400),
    token_type: z.string().regex(/^bearer$/i),
  })
  .transform(({ access_token: value, expires_in: expiresIn }) => ({ value, expiresIn }));

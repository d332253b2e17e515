import { z } from 'zod';
import { instant } from './common';
import type { ContractDeclaration } from './route';

const params = z.strictObject({ platform: z.string().min(1).max(64) });

const errors = ['token.platform_unknown', 'platform.unavailable'] as const;

const accessToken = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresAt: instant,
  })
  .meta({ id: 'AccessToken' });

/** For the operator's other servers, so that only this server requests tokens from the platforms. */
export const internalRoutes = {
  'GET /internal/tokens/:platform': {
    audience: 'service',
    summary: "Read a platform's current access token",
    params,
    answers: { 200: accessToken },
    errors,
  },
  'POST /internal/tokens/:platform/refresh': {
    audience: 'service',
    summary: 'Replace an access token that the platform refused, and read the new one',
    params,
    body: z.strictObject({
      failedToken: z.string().regex(/^[\x21-\x7e]{1,8192}$/, 'must be an access token'),
    }),
    answers: { 200: accessToken },
    errors,
  },
} as const satisfies ContractDeclaration;

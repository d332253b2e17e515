import { z } from 'zod';
import { id, instant } from './common';
import type { ContractDeclaration } from './route';

export const sessionRoutes = {
  'POST /sessions': {
    audience: 'anyone',
    summary: 'Sign in with a login code from `wx.login`',
    body: z.strictObject({ code: z.string().min(1).max(256) }),
    answers: {
      201: z
        .object({ token: z.string(), expiresAt: instant, user: z.object({ id }) })
        .meta({ id: 'Session' }),
    },
    errors: ['login.code_invalid', 'login.refused', 'login.unavailable'],
  },
  'DELETE /sessions/current': {
    audience: 'user',
    summary: 'Sign out',
    answers: { 204: null },
    errors: [],
  },
  'GET /me': {
    audience: 'user',
    summary: 'Read the signed-in user',
    answers: { 200: z.object({ id, createdAt: instant }).meta({ id: 'Me' }) },
    errors: [],
  },
} as const satisfies ContractDeclaration;

import type { IdentityProvider } from '../ports';
import type { ShingsouClient } from './client';
import { operations } from './operations';
import { queryRefused } from './field-readers';

/**
 * Exchanges login codes through 旭宇, which holds the mini-program's secret. The session key of the answer
 * never leaves this function.
 */
export function createIdentity(options: {
  client: ShingsouClient;
  /** The mini-program. */
  appId: string;
}): IdentityProvider {
  const { client, appId } = options;
  return {
    appId,
    async exchangeCode(code) {
      const result = await client.query('code2session', { code });
      if (result.outcome === 'done') {
        const { openid, unionid } = result.data;
        return { outcome: 'done', openid, unionid: unionid ?? null };
      }
      if (result.name === 'INVALID_CODE') return { outcome: 'refused', reason: 'codeInvalid' };
      if (result.name === 'CODE_BLOCKED') return { outcome: 'refused', reason: 'blocked' };
      throw queryRefused(operations.code2session.id, result);
    },
  };
}

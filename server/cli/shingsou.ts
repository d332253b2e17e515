import { z } from 'zod';
import { createShingsouCaller, shingsouOperations } from '../platforms/shingsou/caller';
import { accountShape } from '../settings/accounts';
import { startCommandLine } from './operations/main';
import { readPlatformSettings } from './operations/read-settings';

const settings = z.object({
  SHINGSOU_IDS_URL: accountShape.SHINGSOU_IDS_URL,
  SHINGSOU_API_URL: accountShape.SHINGSOU_API_URL,
  SHINGSOU_CLIENT_ID: accountShape.SHINGSOU_CLIENT_ID.unwrap(),
  SHINGSOU_CLIENT_SECRET: accountShape.SHINGSOU_CLIENT_SECRET.unwrap(),
  SHINGSOU_SUBSCRIPTION_KEY: accountShape.SHINGSOU_SUBSCRIPTION_KEY.unwrap(),
  SHINGSOU_SCOPE: accountShape.SHINGSOU_SCOPE,
});

startCommandLine({
  command: 'shingsou',
  operations: shingsouOperations,
  connect() {
    const values = readPlatformSettings(settings, process.env);
    return createShingsouCaller({
      idsUrl: values.SHINGSOU_IDS_URL,
      apiUrl: values.SHINGSOU_API_URL,
      clientId: values.SHINGSOU_CLIENT_ID,
      clientSecret: values.SHINGSOU_CLIENT_SECRET,
      subscriptionKey: values.SHINGSOU_SUBSCRIPTION_KEY,
      scope: values.SHINGSOU_SCOPE,
      clock: Date.now,
      warn(message, details) {
        process.stderr.write(`${message}: ${JSON.stringify(details)}\n`);
      },
    });
  },
});

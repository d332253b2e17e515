import { z } from 'zod';
import { createDakashi, dakashiOperations, dialects } from '../platforms/dakashi';
import { startCommandLine } from './operations/main';
import { readPlatformSettings, settingForms } from './operations/read-settings';

const settings = z.object({
  DAKASHI_URL: settingForms.origin.default('http://api.qwtong.me'),
  DAKASHI_DIALECT: z.enum(dialects).default('seed'),
  DAKASHI_CLIENT_ID: z.string().min(1),
  DAKASHI_CLIENT_SECRET: settingForms.secret,
});

startCommandLine({
  command: 'dakashi',
  operations: dakashiOperations,
  connect() {
    const values = readPlatformSettings(settings, process.env);
    const { caller } = createDakashi({
      url: values.DAKASHI_URL,
      dialect: values.DAKASHI_DIALECT,
      clientId: values.DAKASHI_CLIENT_ID,
      clientSecret: values.DAKASHI_CLIENT_SECRET,
      clock: Date.now,
      warn(message, details) {
        process.stderr.write(`${message}: ${JSON.stringify(details)}\n`);
      },
    });
    return caller;
  },
});

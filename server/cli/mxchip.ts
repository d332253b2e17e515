import { z } from 'zod';
import { createMxchip, mxchipOperations } from '../platforms/mxchip';
import { startCommandLine } from './operations/main';
import { readPlatformSettings, settingForms } from './operations/read-settings';

const settings = z.object({
  MXCHIP_URL: settingForms.origin,
  MXCHIP_CLIENT_ID: z.string().min(1),
  MXCHIP_CLIENT_SECRET: settingForms.secret,
});

startCommandLine({
  command: 'mxchip',
  operations: mxchipOperations,
  connect() {
    const values = readPlatformSettings(settings, process.env);
    const { caller } = createMxchip({
      url: values.MXCHIP_URL,
      clientId: values.MXCHIP_CLIENT_ID,
      clientSecret: values.MXCHIP_CLIENT_SECRET,
      clock: Date.now,
      warn(message, details) {
        process.stderr.write(`${message}: ${JSON.stringify(details)}\n`);
      },
    });
    return caller;
  },
});

import { choiceOption, createProgram, startProgram } from '../../lib/command-line';
import { benchHttp } from './http';
import { benchNotifications } from './notifications';

/** `npm run bench`: measures the BFF. */

const benchmarks = { http: benchHttp, notifications: benchNotifications };
type Name = keyof typeof benchmarks;
const names = Object.keys(benchmarks) as Name[];

const program = createProgram({
  name: 'npm run bench --',
  summary:
    'Measures what the BFF costs beside a bare HTTP server, and how soon it answers WeChat Pay notifications. Prints ratios.',
  examples: ['npm run bench', 'npm run bench -- --only http'],
})
  .addOption(choiceOption('--only <name>', 'one benchmark instead of all', names))
  .action(async ({ only }: { only?: Name }) => {
    for (const name of only ? [only] : names) await benchmarks[name]();
  });

startProgram(program);

import type { Command } from 'commander';
import { choiceOption, createProgram } from '../../lib/command-line';
import type { Streams } from '../../lib/command-line';

const platformNames = ['shingsou', 'dakashi', 'wechatpay', 'mxchip'] as const;
export type PlatformName = (typeof platformNames)[number];

/** What was typed behind the command. */
export interface ConformanceArguments {
  platform: PlatformName;
  /** Numbers of one card, as typed. */
  card: readonly string[];
  order?: string;
  device?: string;
  openid?: string;
  /** Id of the package to order; the cheapest unless given. */
  package?: string;
  write: boolean;
  /** The confirmation that the command asks for. */
  agree?: string;
  json: boolean;
}

const defaults = { card: [], write: false, json: false };

const changeHelp = `
Checks with --write change data at the platform and may cost money. What they will do is printed first and
has to be confirmed, at the terminal or with --agree.`;

/** The command line of the conformance check. */
export function createConformanceProgram(
  streams: Streams,
  run: (args: ConformanceArguments) => Promise<void>,
): Command {
  const program = createProgram(
    {
      name: 'npm run conformance --',
      summary:
        'Compares what a real platform answers with what Liuka expects, field by field, as a report without any value.',
      examples: [
        'npm run conformance -- --platform dakashi',
        'npm run conformance -- --platform shingsou --card 89860012345678901234 > report.md',
      ],
      exits: [
        '0 everything matched',
        '1 something failed or is missing',
        '2 wrong usage or settings, or not confirmed: nothing was changed',
      ],
    },
    streams,
  );
  return program
    .addOption(choiceOption('--platform <name>', 'the platform to check; required', platformNames))
    .option(
      '--card <number>',
      'a card of yours; repeat it with other numbers of the card',
      append,
      [],
    )
    .option('--order <number>', 'the number of a paid order of yours')
    .option('--device <id>', 'a device of yours')
    .option('--write', 'run the checks that change something as well', false)
    .option('--package <id>', 'the package to order; the cheapest unless given')
    .option('--openid <openid>', 'who creates a payment order; it is not paid and then closed')
    .option('--agree <text>', 'the confirmation, where there is no terminal')
    .option('--json', 'print JSON instead of Markdown', false)
    .addHelpText('after', changeHelp)
    .action(async ({ platform, ...args }: Partial<ConformanceArguments>) => {
      // Commander's own check comes before its suggestions for misspelt options.
      if (platform === undefined) {
        return program.error("error: option '--platform <name>' is required");
      }
      await run({ ...defaults, ...args, platform });
    });
}

function append(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

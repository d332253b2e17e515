import { randomBytes } from 'node:crypto';
import { beijingDateTime } from '@shared/beijing-time';
import {
  cardSuite,
  createAnswerLog,
  deviceSuite,
  isConforming,
  markdown,
  paymentSuite,
  redactReport,
  redactor,
  runChecks,
} from '../../conformance';
import type { CheckReport } from '../../conformance';
import { PlatformUnavailable } from '../../platforms/ports';
import { SettingsError } from '../../settings';
import type { Environment } from '../../settings';
import { UsageError } from '../operations/usage-error';
import { readConformanceArguments, usage } from './arguments';
import type { ConformanceArguments } from './arguments';
import { makePlan } from './plan';
import type { Plan } from './plan';
import { connectTarget } from './targets';
import type { Target } from './targets';

/** What the command reads from and writes to. */
export interface ConformanceConsole {
  environment: Environment;
  out(text: string): void;
  err(text: string): void;
  /** What the person there types; undefined where nobody is. */
  prompt: ((question: string) => Promise<string>) | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
  wait(milliseconds: number): Promise<void>;
}

const exitCodes = { matched: 0, failed: 1, usage: 2 } as const;

/** @throws UsageError unless exactly what will be spent, or lost, was typed */
async function assertConfirmed(
  { changes, confirmation }: Plan,
  { agree }: ConformanceArguments,
  { prompt, err }: ConformanceConsole,
): Promise<void> {
  err(`将会 (this will):\n${changes.map((change) => `  - ${change}\n`).join('')}`);
  const question = `请输入 ${confirmation} 确认 (type ${confirmation} to go on): `;
  const typed = agree ?? (await prompt?.(question));
  if (typed?.trim() === confirmation) return;
  throw new UsageError(
    `未确认，什么也没有改动；确认写 --agree ${confirmation} (not agreed to, nothing was changed; --agree ${confirmation} agrees)`,
  );
}

async function runSuites(target: Target, plan: Plan, writes: boolean): Promise<CheckReport[]> {
  const { cards, payments, devices } = target;
  return [
    ...(payments
      ? await runChecks(paymentSuite, { subject: payments, facts: plan.payments, writes })
      : []),
    ...(cards ? await runChecks(cardSuite, { subject: cards, facts: plan.cards, writes }) : []),
    ...(devices
      ? await runChecks(deviceSuite, { subject: devices, facts: plan.devices, writes })
      : []),
  ];
}

function newNumber(): string {
  return `LKCF${randomBytes(8).toString('hex').toUpperCase()}`;
}

/** What was given to find things by: none of it may be in the report. */
function sensitiveTexts(
  { cards, order, device, openid }: ConformanceArguments,
  plan: Plan,
): string[] {
  const numbers = plan.cards.numbers.map(({ value }) => value);
  return [...cards, ...numbers, order, device, openid].filter((text) => text !== undefined);
}

async function runChecksOf(
  args: ConformanceArguments,
  console: ConformanceConsole,
): Promise<number> {
  const { environment, clock, wait, err, out } = console;
  const log = createAnswerLog();
  const warn = (message: string, details: object) => {
    err(`${message}: ${JSON.stringify(details)}\n`);
  };
  const { platform, write: writes } = args;
  const target = connectTarget(platform, { environment, clock, warn, onAnswer: log.observe });
  try {
    const plan = await makePlan(target, args, { clock, newNumber, wait });
    if (writes) await assertConfirmed(plan, args, console);
    const checks = await runSuites(target, plan, writes);
    const at = beijingDateTime(clock());
    const whole = { platform, at, writes, checks, answers: log.reports() };
    const report = redactReport(whole, redactor(sensitiveTexts(args, plan)));
    out(args.json ? `${JSON.stringify(report, null, 2)}\n` : markdown(report));
    return isConforming(report) ? exitCodes.matched : exitCodes.failed;
  } finally {
    await target.close();
  }
}

/** Runs the suites of one platform by what was typed, and answers the exit code. */
export async function runConformance(
  argv: readonly string[],
  console: ConformanceConsole,
): Promise<number> {
  try {
    const args = readConformanceArguments(argv);
    if (args) return await runChecksOf(args, console);
    console.out(usage);
    return exitCodes.matched;
  } catch (error) {
    if (error instanceof UsageError || error instanceof SettingsError) {
      console.err(`${error.message}\n`);
      return exitCodes.usage;
    }
    // Before the checks began, for a check keeps what it throws.
    if (error instanceof PlatformUnavailable) {
      console.err(`没有可用的应答 (no usable answer): ${error.message}\n`);
      return exitCodes.failed;
    }
    throw error;
  }
}

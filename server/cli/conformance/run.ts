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
import { createSay, exitCodes, runProgram } from '../../lib/command-line';
import type { Environment } from '../../settings';
import { UsageError } from '../../lib/usage-error';
import { createConformanceProgram } from './arguments';
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
  /** Asks at the terminal; undefined where there is none. */
  prompt: ((question: string) => Promise<string>) | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
  wait(milliseconds: number): Promise<void>;
}

/** @throws UsageError unless exactly what will be spent, or lost, was typed */
async function assertConfirmed(
  { changes, confirmation }: Plan,
  { agree }: ConformanceArguments,
  { prompt, err, environment }: ConformanceConsole,
): Promise<void> {
  const say = createSay(environment);
  const title = say({ 'zh-CN': '将会', en: 'This will' });
  err(`${title}:\n${changes.map((change) => `  - ${say(change)}\n`).join('')}`);
  const question = {
    'zh-CN': `请输入 ${confirmation} 确认：`,
    en: `Type ${confirmation} to confirm: `,
  };
  const typed = agree ?? (await prompt?.(say(question)));
  if (typed?.trim() === confirmation) return;
  const unconfirmed = {
    'zh-CN': `未确认，没有改动任何数据；确认写 --agree ${confirmation}`,
    en: `Not confirmed, nothing was changed; --agree ${confirmation} confirms`,
  };
  throw new UsageError(say(unconfirmed));
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

/** The numbers that were typed: none of them may be in the report. */
function sensitiveTexts(
  { card, order, device, openid }: ConformanceArguments,
  plan: Plan,
): string[] {
  const numbers = plan.cards.numbers.map(({ value }) => value);
  return [...card, ...numbers, order, device, openid].filter((text) => text !== undefined);
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
    const say = createSay(environment);
    const plan = await makePlan(target, args, { clock, newNumber, wait, say });
    if (writes) await assertConfirmed(plan, args, console);
    const checks = await runSuites(target, plan, writes);
    const at = beijingDateTime(clock());
    const whole = { platform, at, writes, checks, answers: log.reports() };
    const report = redactReport(whole, redactor(sensitiveTexts(args, plan)));
    out(args.json ? `${JSON.stringify(report, null, 2)}\n` : markdown(report));
    return isConforming(report) ? exitCodes.done : exitCodes.failed;
  } finally {
    await target.close();
  }
}

/**
 * Runs the suites of one platform by what was typed.
 * @returns the exit code
 */
export async function runConformance(
  argv: readonly string[],
  console: ConformanceConsole,
): Promise<number> {
  const { out, err, environment } = console;
  const streams = { out, err };
  let code: number = exitCodes.done;
  const program = createConformanceProgram(streams, async (args) => {
    code = await runChecksOf(args, console);
  });
  return (await runProgram(program, { argv, environment, streams })) || code;
}

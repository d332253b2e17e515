import { dialects } from '../platforms/dakashi';
import { cardSuite, deviceSuite, isConforming, markdown, paymentSuite, runChecks } from './index';
import type { CheckReport, ConformanceReport } from './index';
import {
  startDakashiFixture,
  startMxchipFixture,
  startShingsouFixture,
  startWechatPayFixture,
} from './testing/adapter-fixtures';
import type { AdapterFixture } from './testing/adapter-fixtures';

/** Runs the same suite against every adapter, connected to its simulated platform over HTTP. */

const at = '2026-05-12 11:00:00';

async function runSuites({ cards, payments, devices }: AdapterFixture): Promise<CheckReport[]> {
  return [
    ...(payments ? await runChecks(paymentSuite, { ...payments, writes: true }) : []),
    ...(cards ? await runChecks(cardSuite, { ...cards, writes: true }) : []),
    ...(devices ? await runChecks(deviceSuite, { ...devices, writes: true }) : []),
  ];
}

/** The reasons for which a check may be skipped here. */
const NO_NUMBERS = 'the platform cannot be queried by our order numbers';
const NO_SNAPSHOT = 'the platform is queried by order numbers';
const NO_BALANCE = 'the platform has no balance';

const adapters: [name: string, open: () => Promise<AdapterFixture>, skippedReasons: string[]][] = [
  ['shingsou', startShingsouFixture, [NO_SNAPSHOT, NO_BALANCE]],
  ...dialects.map((dialect): (typeof adapters)[number] => [
    `dakashi (${dialect})`,
    () => startDakashiFixture(dialect),
    [NO_NUMBERS],
  ]),
  ['wechatpay', startWechatPayFixture, []],
  ['mxchip', startMxchipFixture, []],
];

test.each(adapters)(
  '%s conforms to its ports',
  async (platform, open, skippedReasons) => {
    const subject = await open();
    try {
      const checks = await runSuites(subject);
      const answers = subject.log.reports();
      const report: ConformanceReport = { platform, at, writes: true, checks, answers };
      const shown = markdown(report);
      expect([isConforming(report), shown]).toEqual([true, shown]);
      const skipped = checks.filter(({ verdict }) => verdict === 'skipped');
      expect(skipped.map(({ reason }) => reason)).toEqual(skippedReasons);
      // Answers were compared, and those of the simulated platforms have all fields.
      expect(answers.flatMap((answer) => answer.missing)).toEqual([]);
      expect(answers.length).toBeGreaterThan(0);
    } finally {
      await subject.close();
    }
  },
  60_000,
);

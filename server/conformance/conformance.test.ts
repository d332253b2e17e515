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

/** Every adapter through the same suite, against its simulated platform over real HTTP. */

const at = '2026-05-12 11:00:00';

async function runSuites({ cards, payments, devices }: AdapterFixture): Promise<CheckReport[]> {
  return [
    ...(payments ? await runChecks(paymentSuite, { ...payments, writes: true }) : []),
    ...(cards ? await runChecks(cardSuite, { ...cards, writes: true }) : []),
    ...(devices ? await runChecks(deviceSuite, { ...devices, writes: true }) : []),
  ];
}

/** What is behind each reason for which a check may be left out here. */
const NO_NUMBERS = 'the platform cannot be asked by our order numbers';
const NO_SNAPSHOT = 'the platform is asked by order numbers';
const NO_BALANCE = 'the platform tells none';

const adapters: [name: string, open: () => Promise<AdapterFixture>, leftOut: string[]][] = [
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
  '%s does all that its ports promise',
  async (platform, open, leftOut) => {
    const subject = await open();
    try {
      const checks = await runSuites(subject);
      const answers = subject.log.reports();
      const report: ConformanceReport = { platform, at, writes: true, checks, answers };
      const shown = markdown(report);
      expect([isConforming(report), shown]).toEqual([true, shown]);
      const skipped = checks.filter(({ verdict }) => verdict === 'skipped');
      expect(skipped.map(({ reason }) => reason)).toEqual(leftOut);
      // Nothing of the simulated platforms is new to us, and every operation that was asked was compared.
      expect(answers.flatMap((answer) => answer.missing)).toEqual([]);
      expect(answers.length).toBeGreaterThan(0);
    } finally {
      await subject.close();
    }
  },
  60_000,
);

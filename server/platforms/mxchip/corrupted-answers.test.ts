import {
  allowingFields,
  allowingItems,
  anyDeviation,
  corruptions,
  expectHonestResults,
  isNull,
  isPassedThrough,
  knownResult,
  noDeviation,
} from '../testing/corrupted-answers';
import type { AllowedDeviation, CorruptionCase } from '../testing/corrupted-answers';
import {
  DEVICE_ID,
  respondJson,
  respondSuccess,
  sampleAnswers,
  startScriptedMxchip,
  respondText,
} from './testing/scripted-mxchip';
import type { Handler, Path, ScriptedMxchip } from './testing/scripted-mxchip';

/**
 * Corrupts every field of every answer in every way. Each port method must return the original result or report
 * that it does not know, but never another device, person or number of people.
 */

/** A missing name or address is reported as missing; a text among the corruptions is passed on. */
const isOmitted: AllowedDeviation = (actual) => actual === null || isPassedThrough(actual);

const cases: readonly CorruptionCase<ScriptedMxchip, Path>[] = [
  {
    method: 'find',
    answers: ['/outer/device/info/'],
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    allowed: allowingFields({
      device: allowingFields({
        mac: isOmitted,
        // `true` is among the corruptions.
        online: (actual) => actual === true,
        product: allowingFields({ id: isPassedThrough, name: isPassedThrough }),
        activatedAt: isNull,
      }),
    }),
  },
  {
    method: 'holders',
    answers: ['/outer/device/endusers/'],
    perform: ({ mxchip }) => mxchip.devices.holders(DEVICE_ID),
    // The platform could mean a list without the corrupted row.
    allowed: allowingItems(
      allowingFields({
        id: isPassedThrough,
        phone: isOmitted,
        email: isOmitted,
        role: (role) => role === 'unknown',
      }),
    ),
  },
  {
    method: 'unbind',
    answers: ['/outer/device/unbind/'],
    perform: ({ mxchip }) => mxchip.devices.unbind(DEVICE_ID),
    allowed: noDeviation,
  },
  {
    method: 'the token',
    answers: ['/outer/token/'],
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    allowed: anyDeviation,
  },
];

let platform: ScriptedMxchip;
beforeEach(async () => {
  platform = await startScriptedMxchip();
});
afterEach(() => platform.close());

describe.each(cases.map((each) => [each.method, each] as const))('%s', (_method, each) => {
  it.each(corruptions)('returns no false value if a field is %s', async (_name, by) => {
    const perform = () => each.perform(platform);
    const expected = await knownResult(perform);
    expect(expected).toBeDefined();
    for (const path of each.answers) {
      const respond = (answer: unknown) => {
        platform.resetHandlers();
        platform.handlers[path] = respondSuccess(answer);
      };
      const answer = sampleAnswers[path];
      await expectHonestResults({ answer, respond, perform, expected, allowed: each.allowed }, by);
    }
  });

  it.each<[string, Handler]>([
    ['a web page', respondText('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', respondText('<html></html>', 500)],
    ['an empty body', respondText('')],
    ['truncated JSON', respondText('{"meta":{"message":"","code":0},"data":{')],
    [
      'a body over the size limit',
      respondText(`{"meta":{"code":0},"data":"${'x'.repeat(2 * 1024 * 1024)}"}`),
    ],
    ['success without data', respondJson({ meta: { message: '', code: 0 } })],
    ['a code as text', respondJson({ meta: { message: '', code: '0' }, data: {} })],
    ['no code', respondJson({ meta: { message: 'ok' }, data: {} })],
    ['no meta', respondJson({ data: {} })],
    ['an unlisted code', respondJson({ meta: { message: '', code: 29999 }, data: {} })],
    ['text as data', respondSuccess('ok')],
  ])('returns no result after %s', async (_name, answer) => {
    for (const path of each.answers) {
      platform.handlers[path] = answer;
      expect(await knownResult(() => each.perform(platform))).toBeUndefined();
    }
  });
});

import {
  REMOVED,
  anyDeviation,
  corruptField,
  corruptions,
  allowingFields,
  isPassedThrough,
  itemsOf,
  noDeviation,
  pathsOf,
  isSameJson,
} from '../dakashi/testing/corruption';
import type { AllowedDeviation } from '../dakashi/testing/corruption';
import { PlatformUnavailable } from '../ports';
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
 * Damages every field of every answer in every way of a table, and holds each port method to its promise: the
 * truth, or an honest "not known", never another device, person or number of people.
 */

/** A name or address that is missing may be said to be missing; one of the table is passed on as it is. */
const isOmitted: AllowedDeviation = (actual) => actual === null || isPassedThrough(actual);

interface Case {
  method: string;
  path: Path;
  perform: (vendor: ScriptedMxchip) => Promise<unknown>;
  allowed: AllowedDeviation;
}

const cases: Case[] = [
  {
    method: 'find',
    path: '/outer/device/info/',
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    allowed: allowingFields({
      device: allowingFields({
        mac: isOmitted,
        // Whether it is online has two values, and the table holds one of them.
        online: (actual) => actual === true,
        product: allowingFields({ id: isPassedThrough, name: isPassedThrough }),
        activatedAt: (actual) => actual === null,
      }),
    }),
  },
  {
    method: 'holders',
    path: '/outer/device/endusers/',
    perform: ({ mxchip }) => mxchip.devices.holders(DEVICE_ID),
    allowed: (actual, expected) => {
      const [found, real] = [itemsOf(actual), itemsOf(expected)];
      // A list that lost a row is a list the platform could mean.
      return found.every((holder) =>
        real.some((one) =>
          allowingFields({
            id: isPassedThrough,
            phone: isOmitted,
            email: isOmitted,
            role: (role) => role === 'unknown',
          })(holder, one),
        ),
      );
    },
  },
  {
    method: 'unbind',
    path: '/outer/device/unbind/',
    perform: ({ mxchip }) => mxchip.devices.unbind(DEVICE_ID),
    allowed: noDeviation,
  },
  {
    method: 'the token',
    path: '/outer/token/',
    // A connection of its own has no token yet.
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    allowed: anyDeviation,
  },
];

let platform: ScriptedMxchip;
beforeEach(async () => {
  platform = await startScriptedMxchip();
});
afterEach(() => platform.close());

/** The result, or undefined where the method says that it does not know. */
async function resultOf({ perform }: Case): Promise<unknown> {
  try {
    const result = await perform(platform);
    const isUnknown =
      typeof result === 'object' &&
      result !== null &&
      'outcome' in result &&
      result.outcome === 'unknown';
    return isUnknown ? undefined : result;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return undefined;
    throw error;
  }
}

describe.each(cases.map((each) => [each.method, each] as const))('%s', (_method, each) => {
  it.each(corruptions)('says nothing that is not so where a field is %s', async (_name, by) => {
    const expected = await resultOf(each);
    expect(expected).toBeDefined();
    for (const path of [[], ...pathsOf(sampleAnswers[each.path])]) {
      platform.resetHandlers();
      const damaged = corruptField(sampleAnswers[each.path], path, by);
      platform.handlers[each.path] = respondSuccess(damaged === REMOVED ? undefined : damaged);
      const actual = await resultOf(each);
      const isHonest =
        actual === undefined || isSameJson(actual, expected) || each.allowed(actual, expected);
      expect([path.join('.'), isHonest ? 'honest' : actual]).toEqual([path.join('.'), 'honest']);
    }
  });

  it.each<[string, Handler]>([
    ['a web page', respondText('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', respondText('<html></html>', 500)],
    ['nothing at all', respondText('')],
    ['half of JSON', respondText('{"meta":{"message":"","code":0},"data":{')],
    [
      'more than is read',
      respondText(`{"meta":{"code":0},"data":"${'x'.repeat(2 * 1024 * 1024)}"}`),
    ],
    ['success without data', respondJson({ meta: { message: '', code: 0 } })],
    ['a code in words', respondJson({ meta: { message: '', code: '0' }, data: {} })],
    ['no code', respondJson({ meta: { message: 'ok' }, data: {} })],
    ['no meta', respondJson({ data: {} })],
    ['a code nobody knows', respondJson({ meta: { message: '', code: 29999 }, data: {} })],
    ['a text for data', respondSuccess('ok')],
  ])('does not know where it is answered with %s', async (_name, answer) => {
    platform.handlers[each.path] = answer;
    expect(await resultOf(each)).toBeUndefined();
  });
});

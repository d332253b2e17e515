import {
  REMOVED,
  anything,
  damage,
  damages,
  fieldwise,
  isAsGiven,
  itemsOf,
  never,
  pathsOf,
  same,
} from '../dakashi/testing/damage';
import type { Honest } from '../dakashi/testing/damage';
import { PlatformUnavailable } from '../ports';
import { DEVICE_ID, body, done, specimens, startVendor, text } from './testing/vendor';
import type { Answer, Path, Vendor } from './testing/vendor';

/**
 * Damages every field of every answer in every way of a table, and holds each port method to its promise: the
 * truth, or an honest "not known", never another device, person or number of people.
 */

/** A name or address that is missing may be said to be missing; one of the table is passed on as it is. */
const isLeftOut: Honest = (said) => said === null || isAsGiven(said);

interface Case {
  method: string;
  path: Path;
  perform: (vendor: Vendor) => Promise<unknown>;
  honest: Honest;
}

const cases: Case[] = [
  {
    method: 'find',
    path: '/outer/device/info/',
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    honest: fieldwise({
      device: fieldwise({
        mac: isLeftOut,
        // Whether it is online has two values, and the table holds one of them.
        online: (said) => said === true,
        product: fieldwise({ id: isAsGiven, name: isAsGiven }),
        activatedAt: (said) => said === null,
      }),
    }),
  },
  {
    method: 'holders',
    path: '/outer/device/endusers/',
    perform: ({ mxchip }) => mxchip.devices.holders(DEVICE_ID),
    honest: (said, truth) => {
      const [found, real] = [itemsOf(said), itemsOf(truth)];
      // A list that lost a row is a list the platform could mean.
      return found.every((holder) =>
        real.some((one) =>
          fieldwise({
            id: isAsGiven,
            phone: isLeftOut,
            email: isLeftOut,
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
    honest: never,
  },
  {
    method: 'the token',
    path: '/outer/token/',
    // A connection of its own has no token yet.
    perform: ({ mxchip }) => mxchip.devices.find(DEVICE_ID),
    honest: anything,
  },
];

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(() => vendor.close());

/** The result, or undefined where the method says that it does not know. */
async function say({ perform }: Case): Promise<unknown> {
  try {
    const result = await perform(vendor);
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
  it.each(damages)('says nothing that is not so where a field is %s', async (_name, by) => {
    const truth = await say(each);
    expect(truth).toBeDefined();
    for (const path of [[], ...pathsOf(specimens[each.path])]) {
      vendor.answerWhole();
      const damaged = damage(specimens[each.path], path, by);
      vendor.answers[each.path] = done(damaged === REMOVED ? undefined : damaged);
      const said = await say(each);
      const isHonest = said === undefined || same(said, truth) || each.honest(said, truth);
      expect([path.join('.'), isHonest ? 'honest' : said]).toEqual([path.join('.'), 'honest']);
    }
  });

  it.each<[string, Answer]>([
    ['a web page', text('<html><body>502 Bad Gateway</body></html>')],
    ['a web page with an error', text('<html></html>', 500)],
    ['nothing at all', text('')],
    ['half of JSON', text('{"meta":{"message":"","code":0},"data":{')],
    ['more than is read', text(`{"meta":{"code":0},"data":"${'x'.repeat(2 * 1024 * 1024)}"}`)],
    ['success without data', body({ meta: { message: '', code: 0 } })],
    ['a code in words', body({ meta: { message: '', code: '0' }, data: {} })],
    ['no code', body({ meta: { message: 'ok' }, data: {} })],
    ['no meta', body({ data: {} })],
    ['a code nobody knows', body({ meta: { message: '', code: 29999 }, data: {} })],
    ['a text for data', done('ok')],
  ])('does not know where it is answered with %s', async (_name, answer) => {
    vendor.answers[each.path] = answer;
    expect(await say(each)).toBeUndefined();
  });
});

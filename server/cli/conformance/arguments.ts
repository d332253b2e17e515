import { parseArgs } from 'node:util';
import { UsageError } from '../operations/usage-error';

const platformNames = ['shingsou', 'dakashi', 'wechatpay', 'mxchip'] as const;
export type PlatformName = (typeof platformNames)[number];

/** What was typed behind the command. */
export interface ConformanceArguments {
  platform: PlatformName;
  /** Numbers of one card, as typed. */
  cards: readonly string[];
  order: string | undefined;
  device: string | undefined;
  openid: string | undefined;
  /** The package to be ordered; else the cheapest. */
  packageId: string | undefined;
  write: boolean;
  /** What was agreed to, in the words the command asks for. */
  agree: string | undefined;
  json: boolean;
}

export const usage = `用法 (Usage): npm run conformance -- --platform <${platformNames.join(' | ')}> [选项 (options)]

  --card <number>    一张自己的卡；可重复，写同一张卡的其他号码
                     a card of yours; may be repeated with other numbers of the same card
  --order <number>   一个已支付的订单号 (the number of an order of yours that was paid)
  --device <id>      一台自己的设备 (a device of yours)
  --json             输出 JSON (prints JSON)

以下会改动平台上的数据，可能花钱；执行前会说明并要求确认
(these change something at the platform and may cost money; it is said before, and asked):
  --write            也执行有改动的检查 (runs the checks that change something as well)
  --package <id>     要订购的套餐，默认最便宜的 (the package to order; the cheapest unless given)
  --openid <openid>  谁来下支付单；没人付款，随后关单 (who makes the payment order; nobody pays, it is closed)
  --agree <text>     不在终端上时的确认 (agrees where there is no terminal)

退出码 (exit codes): 0 全部相符 (all matched)  1 有不符或缺少 (something failed or is missing)
  2 用法、设置不对或未确认，什么也没有改动 (wrong usage or settings, or not agreed to: nothing was changed)
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        ...{ platform: text, order: text, device: text, openid: text, package: text, agree: text },
        ...{ write: flag, json: flag, help: { ...flag, short: 'h' } },
        card: { ...text, multiple: true, default: [] },
      },
    }).values;
  } catch {
    throw new UsageError(usage);
  }
}

/** Undefined where help was asked for. @throws UsageError */
export function readConformanceArguments(
  argv: readonly string[],
): ConformanceArguments | undefined {
  const { help, platform: typed, card: cards, package: packageId, ...rest } = parse(argv);
  if (help) return undefined;
  const platform = platformNames.find((name) => name === typed);
  if (platform === undefined) throw new UsageError(usage);
  const { order, device, openid, agree, write, json } = rest;
  return { platform, cards, packageId, order, device, openid, agree, write, json };
}

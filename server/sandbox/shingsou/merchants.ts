import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { shingsouNumber } from '../ids';
import type { Simulator } from '../simulator';
import type { GatewayMerchant, PaymentChannel } from './back-office-state';
import { defineOperation, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';

const shared = { name: z.string().min(1).max(200) };
/** The fields of a merchant by channel. Keys are accepted and not stored. */
const accounts = {
  alipay: {
    ...shared,
    appId: z.string().regex(/^\d{16}$/),
    privateKey: z.string().min(1).max(8192),
  },
  wechatpay: {
    ...shared,
    appId: z.string().regex(/^wx[0-9a-f]{16}$/),
    mchId: z.string().regex(/^\d{8,10}$/),
    apiKey: z.string().regex(/^[0-9A-Za-z]{32}$/),
  },
} as const;

interface Changes {
  name?: string | undefined;
  appId?: string | undefined;
  mchId?: string | undefined;
}

function describeMerchant({ channel, ...merchant }: GatewayMerchant) {
  const { id, name, appId, mchId, certName } = merchant;
  const common = { id, name, appId, createdAt: beijingDateTime(merchant.createdAt) };
  return channel === 'alipay' ? common : { ...common, mchId, certName };
}

export function findMerchant(simulator: Simulator, channel: PaymentChannel, id: string) {
  return simulator.state.shingsou.merchants.find((one) => one.channel === channel && one.id === id);
}

function add(simulator: Simulator, channel: PaymentChannel, request: Changes): Reply {
  const { merchants } = simulator.state.shingsou;
  const { name = '', appId = '', mchId = null } = request;
  if (merchants.some((one) => one.channel === channel && one.appId === appId)) {
    return errorReply('UnprocessableEntity', '该应用已有商户');
  }
  const createdAt = simulator.now();
  const id = shingsouNumber('SH', createdAt);
  const merchant = { channel, id, name, appId, mchId, certName: null, createdAt };
  merchants.push(merchant);
  return { data: describeMerchant(merchant) };
}

function update(merchant: GatewayMerchant, { name, appId, mchId }: Changes): Reply {
  merchant.name = name ?? merchant.name;
  merchant.appId = appId ?? merchant.appId;
  merchant.mchId = mchId ?? merchant.mchId;
  return { data: describeMerchant(merchant) };
}

function remove(simulator: Simulator, merchant: GatewayMerchant): Reply {
  const { shingsou } = simulator.state;
  shingsou.merchants = shingsou.merchants.filter((one) => one !== merchant);
  return { data: { id: merchant.id } };
}

const areas = { alipay: 'Alipay', wechatpay: 'WechatPay' } as const;

/** 商户列表, 更新商户, 添加商户 and 删除商户, the same for both channels except for the merchant's fields. */
export function merchantOperations(
  simulator: Simulator,
  channel: PaymentChannel,
): GatewayOperation[] {
  const path = `/payment/v2/${areas[channel]}/Merchant`;
  const permission = `iot.payment.${channel}`;
  const id = z.string().min(1).max(64);
  const account: z.ZodObject = z.object(accounts[channel]);
  const changes = z.object({ name: z.string(), appId: z.string(), mchId: z.string() }).partial();
  const withMerchant = (number: string, handler: (merchant: GatewayMerchant) => Reply): Reply => {
    const merchant = findMerchant(simulator, channel, number);
    return merchant ? handler(merchant) : errorReply('NotFound', '商户不存在');
  };
  return [
    defineOperation({
      method: 'get',
      path: `${path}s`,
      permission: `${permission}.merchants`,
      request: {},
      handler: () => ({
        data: simulator.state.shingsou.merchants
          .filter((one) => one.channel === channel)
          .map(describeMerchant),
      }),
    }),
    defineOperation({
      method: 'post',
      path,
      permission: `${permission}.postmerchant`,
      request: account.shape,
      handler: (request) => add(simulator, channel, changes.parse(request)),
    }),
    defineOperation({
      method: 'put',
      path,
      permission: `${permission}.putmerchant`,
      request: { ...account.partial().shape, id },
      handler: (request) => withMerchant(request.id, (one) => update(one, changes.parse(request))),
    }),
    defineOperation({
      method: 'delete',
      path,
      permission: `${permission}.deletemerchant`,
      request: { id },
      handler: (request) => withMerchant(request.id, (one) => remove(simulator, one)),
    }),
  ];
}

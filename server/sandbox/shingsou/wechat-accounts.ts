import { constants, privateDecrypt } from 'node:crypto';
import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { derive, type Simulator } from '../simulator';
import { yuan } from './fields';
import { findMerchant, merchantOperations } from './merchants';
import type { Payout } from './back-office-state';
import { defineOperation, type GatewayOperation } from './operation';
import { arrivedAt, findPayout, makePayout } from './payouts';
import { errorReply, type Reply } from './reply';

const yuanOf = (amountFen: number) => formatYuan(fen(amountFen));

/** 企业付款到零钱: at least 0.30 yuan. */
const MIN_PAYOUT_FEN = 30;
/** The fee of 企业付款到银行卡: 0.1 %, at least 1 yuan and at most 25. */
const feeOf = (amountFen: number) => Math.min(Math.max(Math.round(amountFen / 1000), 100), 2500);

const number = z.string().regex(/^[0-9A-Za-z]{1,32}$/);
const merchantId = z.string().optional();
const balanceRequest = {
  merchantId,
  partnerTradeNo: number,
  openId: z.string().min(1),
  amount: yuan,
  checkName: z.enum(['NO_CHECK', 'FORCE_CHECK']),
  reUserName: z.string().max(64).optional(),
  desc: z.string().min(1).max(200),
};
const bankRequest = {
  merchantId,
  partnerTradeNo: number,
  encBankNo: z.base64().max(1024),
  encTrueName: z.base64().max(1024),
  bankCode: z.string().regex(/^\d{4}$/),
  amount: yuan,
  desc: z.string().max(200).optional(),
};

const numberAlreadyUsed = errorReply('PARAM_ERROR', '商户付款单号重复：内容不一致');
const payoutNotFound = errorReply('NOT_FOUND', '指定单号数据不存在');

function payIntoBalance(
  simulator: Simulator,
  request: z.output<z.ZodObject<typeof balanceRequest>>,
): Reply {
  const { openId, amount: amountFen, partnerTradeNo } = request;
  if (amountFen < MIN_PAYOUT_FEN) return errorReply('AMOUNT_LIMIT', '付款金额不能小于 0.3 元');
  if (!simulator.peopleByOpenId.find(openId)) return errorReply('PARAM_ERROR', 'openid 不正确');
  if (request.checkName === 'FORCE_CHECK' && !request.reUserName) {
    return errorReply('PARAM_ERROR', 'FORCE_CHECK 需要 reUserName');
  }
  const payout = makePayout(simulator, {
    kind: 'balance',
    number: partnerTradeNo,
    amountFen,
    openId,
    content: openId,
  });
  if (payout === 'changed') return numberAlreadyUsed;
  const { paymentNo, createdAt } = payout;
  return { data: { partnerTradeNo, paymentNo, paymentTime: beijingDateTime(createdAt) } };
}

/** Decrypts a text (RSA with OAEP); undefined if it was not encrypted with the public key. */
function decrypt(simulator: Simulator, text: string): string | undefined {
  const key = simulator.payKeys().platformKey;
  try {
    const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING };
    return privateDecrypt(options, Buffer.from(text, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
}

function payIntoBank(
  simulator: Simulator,
  request: z.output<z.ZodObject<typeof bankRequest>>,
): Reply {
  const bankNo = decrypt(simulator, request.encBankNo);
  if (bankNo === undefined || !decrypt(simulator, request.encTrueName)) {
    return errorReply('PARAM_ERROR', '密文无法解密：请用最新的 RSA 公钥加密');
  }
  if (!/^\d{12,19}$/.test(bankNo)) return errorReply('PARAM_ERROR', '银行卡号不正确');
  const payout = makePayout(simulator, {
    kind: 'bank',
    number: request.partnerTradeNo,
    amountFen: request.amount,
    openId: null,
    content: derive(simulator.state.seed, `bank ${bankNo} ${request.bankCode}`),
  });
  if (payout === 'changed') return numberAlreadyUsed;
  const { number: partnerTradeNo, paymentNo, amountFen } = payout;
  const [amount, feeAmount] = [yuanOf(amountFen), yuanOf(feeOf(amountFen))];
  return { data: { partnerTradeNo, paymentNo, amount, feeAmount } };
}

function payoutFields(payout: Payout) {
  const { number: partnerTradeNo, paymentNo, amountFen } = payout;
  return { partnerTradeNo, paymentNo, amount: yuanOf(amountFen), reason: null };
}

const describeBalancePayout = (payout: Payout) => ({
  ...payoutFields(payout),
  status: 'SUCCESS',
  openId: payout.openId,
  transferTime: beijingDateTime(payout.createdAt),
});

function describeBankPayout(simulator: Simulator, payout: Payout) {
  const at = arrivedAt(simulator, payout);
  return {
    ...payoutFields(payout),
    status: at === null ? 'PROCESSING' : 'SUCCESS',
    createTime: beijingDateTime(payout.createdAt),
    paySuccTime: at === null ? null : beijingDateTime(at),
  };
}

const certificate = z.object({ name: z.string(), mimetype: z.string(), size: z.number().min(1) });

function saveCertificate(
  simulator: Simulator,
  id: string,
  { mimetype, name }: z.output<typeof certificate>,
): Reply {
  const merchant = findMerchant(simulator, 'wechatpay', id);
  if (!merchant) return errorReply('NotFound', '商户不存在');
  if (mimetype !== 'application/x-pkcs12') {
    return errorReply('UnprocessableEntity', '证书类型必须是x-pkcs12');
  }
  merchant.certName = name;
  return { data: { certName: name } };
}

/** 支付网关v2: payouts, bills and merchant accounts of WeChat Pay. */
export function wechatAccounts(simulator: Simulator): GatewayOperation[] {
  const at = (name: string) => ({
    path: `/payment/v2/WechatPay/${name}`,
    permission: `iot.payment.wechatpay.${name.toLowerCase()}`,
  });
  return [
    ...merchantOperations(simulator, 'wechatpay'),
    defineOperation({
      ...at('Transfer'),
      method: 'post',
      request: balanceRequest,
      handler: (request) => payIntoBalance(simulator, request),
    }),
    defineOperation({
      ...at('TransferQuery'),
      method: 'get',
      request: { merchantId, partnerTradeNo: number },
      handler: ({ partnerTradeNo }) => {
        const payout = findPayout(simulator, 'balance', partnerTradeNo);
        return payout ? { data: describeBalancePayout(payout) } : payoutNotFound;
      },
    }),
    defineOperation({
      ...at('PublicKey'),
      method: 'get',
      request: { merchantId },
      handler: () => ({ data: { pubKey: simulator.payKeys().platformPublicKeyPem } }),
    }),
    defineOperation({
      ...at('TransferToBank'),
      method: 'post',
      request: bankRequest,
      handler: (request) => payIntoBank(simulator, request),
    }),
    defineOperation({
      ...at('TransferToBankQuery'),
      method: 'get',
      request: { merchantId, partnerTradeNo: number },
      handler: ({ partnerTradeNo }) => {
        const payout = findPayout(simulator, 'bank', partnerTradeNo);
        return payout ? { data: describeBankPayout(simulator, payout) } : payoutNotFound;
      },
    }),
    defineOperation({
      ...at('UploadCert'),
      method: 'post',
      takesFile: true,
      request: { merchantId: z.string().min(1), certificate },
      handler: (request) => saveCertificate(simulator, request.merchantId, request.certificate),
    }),
  ];
}

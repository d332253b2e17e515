import { z } from 'zod';
import { localTime, merchantId, openId, reference, shortText, yuan } from './fields';
import { readOperation, certainty, writeOperation, idempotentWrite } from './operation';
import type { Operation } from './operation';

/** A merchant's WeChat Pay account at the gateway. Keys are write-only. */
const account = {
  name: shortText,
  appId: z
    .string()
    .regex(/^wx[0-9a-f]{16}$/)
    .describe('wx and 16 hexadecimal digits'),
  mchId: z
    .string()
    .regex(/^\d{8,10}$/)
    .describe("The merchant's number with WeChat Pay"),
  apiKey: z
    .string()
    .regex(/^[0-9A-Za-z]{32}$/)
    .describe('The API key: 32 characters')
    .meta({ sensitive: true }),
};
const registeredAccount = z.object({
  id: reference,
  name: shortText,
  appId: reference,
  mchId: reference,
  certName: shortText.nullable().describe('The uploaded certificate'),
  createdAt: localTime,
});

const partnerTradeNo = reference.describe('Our transfer number');
/** Encrypted by RSA-OAEP with the key of wechatpay-publickey, in base64 (企业付款到银行卡). */
const encrypted = z.base64().min(1).max(1024);

const status = z.enum(['PROCESSING', 'SUCCESS', 'FAILED', 'BANK_FAIL']);

/**
 * Service 4, 支付网关v2: a merchant's transfers and accounts with WeChat Pay. The fields are those of the API v2
 * pages (企业付款), ASSUMED to be in the gateway's camelCase with amounts in yuan.
 */
export const wechatPayAccounts = {
  transfer: {
    // Idempotent by partnerTradeNo (企业付款到零钱).
    ...idempotentWrite,
    id: 'wechatpay-transfer',
    title: '微支付 - 企业付款到零钱',
    permission: 'iot.payment.wechatpay.transfer',
    path: '/payment/v2/WechatPay/Transfer',
    request: z.object({
      merchantId,
      partnerTradeNo,
      openId,
      amount: yuan.describe('Yuan, at least 0.30'),
      checkName: z.enum(['NO_CHECK', 'FORCE_CHECK']),
      reUserName: shortText.optional().meta({ sensitive: true }),
      desc: shortText,
    }),
    answer: z.object({ partnerTradeNo, paymentNo: reference, paymentTime: localTime }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  queryTransfer: {
    ...readOperation,
    id: 'wechatpay-transferquery',
    title: '微支付 - 查询企业付款零钱',
    permission: 'iot.payment.wechatpay.transferquery',
    path: '/payment/v2/WechatPay/TransferQuery',
    request: z.object({ merchantId, partnerTradeNo }),
    answer: z.object({
      partnerTradeNo,
      paymentNo: reference,
      status,
      amount: yuan,
      openId,
      transferTime: localTime,
      reason: shortText.nullable(),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  publicKey: {
    ...readOperation,
    id: 'wechatpay-publickey',
    title: '微支付 - 获取RSA公钥',
    permission: 'iot.payment.wechatpay.publickey',
    path: '/payment/v2/WechatPay/PublicKey',
    request: z.object({ merchantId }),
    answer: z.object({
      pubKey: z.string().regex(/^-----BEGIN (?:RSA )?PUBLIC KEY-----\n[\w+/=\n]{1,4096}-----END/),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  transferToBank: {
    ...idempotentWrite,
    id: 'wechatpay-transfertobank',
    title: '微支付 - 企业付款到银行卡',
    permission: 'iot.payment.wechatpay.transfertobank',
    path: '/payment/v2/WechatPay/TransferToBank',
    request: z.object({
      merchantId,
      partnerTradeNo,
      encBankNo: encrypted.describe(
        'Card number, encrypted with the key of wechatpay-publickey, base64',
      ),
      encTrueName: encrypted.describe("Holder's name, by the key of wechatpay-publickey, base64"),
      bankCode: z.string().regex(/^\d{4}$/),
      amount: yuan,
      desc: shortText.optional(),
    }),
    answer: z.object({ partnerTradeNo, paymentNo: reference, amount: yuan, feeAmount: yuan }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  queryTransferToBank: {
    ...readOperation,
    id: 'wechatpay-transfertobankquery',
    title: '微支付 - 查询企业付款银行卡',
    permission: 'iot.payment.wechatpay.transfertobankquery',
    path: '/payment/v2/WechatPay/TransferToBankQuery',
    request: z.object({ merchantId, partnerTradeNo }),
    answer: z.object({
      partnerTradeNo,
      paymentNo: reference,
      status,
      amount: yuan,
      createTime: localTime,
      paySuccTime: localTime.nullable(),
      reason: shortText.nullable(),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  merchants: {
    ...readOperation,
    id: 'wechatpay-merchants',
    title: '微支付 - 商户列表',
    permission: 'iot.payment.wechatpay.merchants',
    path: '/payment/v2/WechatPay/Merchants',
    request: z.object({}),
    answer: z.array(registeredAccount),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  updateMerchant: {
    ...idempotentWrite,
    method: 'PUT',
    id: 'wechatpay-putmerchant',
    title: '微支付 - 更新商户',
    permission: 'iot.payment.wechatpay.putmerchant',
    path: '/payment/v2/WechatPay/Merchant',
    request: z.object({ id: reference, ...z.object(account).partial().shape }),
    answer: registeredAccount,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  addMerchant: {
    ...writeOperation,
    id: 'wechatpay-postmerchant',
    title: '微支付 - 添加商户',
    permission: 'iot.payment.wechatpay.postmerchant',
    path: '/payment/v2/WechatPay/Merchant',
    request: z.object(account),
    answer: registeredAccount,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  uploadCertificate: {
    ...idempotentWrite,
    multipart: true,
    id: 'wechatpay-uploadcert',
    title: '微支付 - 上传支付证书',
    permission: 'iot.payment.wechatpay.uploadcert',
    path: '/payment/v2/WechatPay/UploadCert',
    request: z.object({
      merchantId: reference,
      // 证书类型必须是x-pkcs12,上传成功后返回证书名称 (FOUND, on the page of the operation).
      certificate: z
        .file()
        .mime('application/x-pkcs12')
        .max(64 * 1024)
        .describe('The .p12 file of WeChat Pay'),
    }),
    answer: z.object({ certName: shortText }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  deleteMerchant: {
    ...writeOperation,
    method: 'DELETE',
    id: 'wechatpay-deletemerchant',
    title: '微支付 - 删除商户',
    permission: 'iot.payment.wechatpay.deletemerchant',
    path: '/payment/v2/WechatPay/Merchant',
    request: z.object({ id: reference }),
    answer: z.object({ id: reference }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
} as const satisfies Record<string, Operation>;

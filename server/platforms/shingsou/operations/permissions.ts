/**
 * The permissions an access token can carry, with the vendor's names (access document, 权限码表). The pages of
 * single operations sometimes print another permission: nearly every page of 流量卡 shows
 * `iot.cardservice.flowcard.get`, copied from the first one. This table is right.
 * @internal Exported for tests.
 */
export const permissions = {
  'iot.cardservice.all': '物联卡 - 所有权限',
  'iot.cardservice.datacard.all': '充值卡 - 所有权限',
  'iot.cardservice.datacard.generate': '充值卡 - 制卡',
  'iot.cardservice.datacard.transfer': '充值卡 - 批量划卡',
  'iot.cardservice.datacard.history': '充值卡 - 充值记录',
  'iot.cardservice.datacard.get': '充值卡 - 列表',
  'iot.cardservice.flowcard.all': '流量卡 - 所有权限',
  'iot.cardservice.flowcard.tags': '流量卡 - 标签',
  'iot.cardservice.flowcard.categories': '流量卡 - 分类',
  'iot.cardservice.flowcard.types': '流量卡 - 类目',
  'iot.cardservice.flowcard.reality': '流量卡 - 实名认证',
  'iot.cardservice.flowcard.importhistory': '流量卡 - 导卡记录',
  'iot.cardservice.flowcard.import': '流量卡 - 导卡',
  'iot.cardservice.flowcard.network': '流量卡 - 停复机',
  'iot.cardservice.flowcard.transfer': '流量卡 - 划卡',
  'iot.cardservice.flowcard.data': '流量卡 - 查流量',
  'iot.cardservice.flowcard.patch': '流量卡 - 批量更新',
  'iot.cardservice.flowcard.put': '流量卡 - 更新',
  'iot.cardservice.flowcard.detail': '流量卡 - 详情',
  'iot.cardservice.flowcard.get': '流量卡 - 列表',
  'iot.cardservice.flowcard.transferhistory': '流量卡 - 划卡记录',
  'iot.cardservice.flowcard.status': '流量卡 - 查状态',
  // Not in the table, but on the page of its operation (物联卡, 定位).
  'iot.cardservice.flowcard.location': '流量卡 - 定位',
  'iot.paymentservice.all': '支付网关 - 所有权限',
  'iot.paymentservice.order.all': '订单 - 所有权限',
  'iot.paymentservice.order.get': '订单 - 列表',
  'iot.paymentservice.order.statistic': '订单 - 统计',
} as const;

/** 支付网关v2 has no table of permissions. The page of each operation names one. */
type PaymentPermission = `iot.payment.${'alipay' | 'wechatpay'}.${string}`;

export type Permission = keyof typeof permissions | PaymentPermission;

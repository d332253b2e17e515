import { randomInt } from 'node:crypto';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { queueCallback } from './callbacks';
import { cardOperation, cardNumbers, textOf, type Operation } from './card-operations';
import { withFractions } from './odd-values';
import { findProduct } from './products';
import { describeOrder, queueRecharge } from './recharges';
import { errorReply, successReply } from './reply';

/** How long a message is queued before it is sent, and how long the device takes to answer. */
const MESSAGE_MS = 1_000;

const recharge = cardOperation((dakashi, card, { fields }) => {
  const product = findProduct(fields.product_no);
  if (!product) return errorReply(55009);
  const effective = textOf(fields.effective);
  if (effective !== '0' && effective !== '1') return errorReply(55010);
  const request = { card, product, effective: effective === '0' ? 0 : 1 } as const;
  const order = queueRecharge(dakashi, request, dakashi.simulator.now());
  // The document has no error code for it.
  return order ? successReply({ order_no: order.orderNo }) : errorReply(50000, '账户余额不足');
});

const orderInfo: Operation = ({ findOrder }, { fields }) => {
  const order = findOrder(textOf(fields.order_no));
  return order ? successReply({ data: describeOrder(order) }) : errorReply(55011);
};

const userInfo: Operation = ({ state, simulator }) => {
  const balance = formatYuan(fen(Math.max(0, state.balanceFen)));
  return successReply({
    data: {
      name: 'liuka',
      truename: '流卡演示',
      rank: '1',
      balance: simulator.state.faults.dakashiOddBalance ? withFractions(balance) : balance,
    },
  });
};

const prepaidCard: Operation = ({ state }, { fields }) => {
  const number = textOf(fields.serial_no);
  const card = state.prepaidCards.find((one) => one.number === number);
  const product = card && findProduct(card.productNo);
  if (!card || !product) return errorReply(55008);
  return successReply({
    data: {
      serial_no: card.number,
      password: card.password,
      data_value: String(product.dataMb),
      name: `${product.name} 卡密`,
      fee: formatYuan(fen(product.feeFen)),
      state: card.state,
    },
  });
};

function newTransactionNumber(at: number): string {
  return `${beijingDateTime(at).replace(/\D/g, '')}${String(randomInt(1e9, 1e10))}`;
}

const sendMessage = cardOperation((dakashi, card, { fields }) => {
  if (textOf(fields.content) === '') return errorReply(55015);
  const now = dakashi.simulator.now();
  const transaction_id = newTransactionNumber(now);
  queueCallback(dakashi, now + MESSAGE_MS, {
    action: 'submit_resp',
    data: { transaction_id, status: 3, errmsg: '' },
  });
  queueCallback(dakashi, now + 2 * MESSAGE_MS, {
    action: 'deliver_resp',
    data: { transaction_id, ...cardNumbers(card), msg_content: '收到' },
  });
  return successReply({ data: { transaction_id, ...cardNumbers(card) } });
});

export const accountOperations: Readonly<Record<string, Operation>> = {
  recharge,
  'order/info': orderInfo,
  'user/info': userInfo,
  'prepaid/card/info': prepaidCard,
  'send/message': sendMessage,
};

import { callbackAnswer } from './index';
import { readCallback } from './callbacks';

const read = (body: unknown) =>
  readCallback(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('a callback', () => {
  it.each([
    [
      'of a recharge',
      { action_type: 1, order_no: '201702281435579209569730', serial_no: '86000000', status: '3' },
      { kind: 'order', reference: '201702281435579209569730' },
    ],
    [
      'of a card powered on or off',
      {
        action_type: '2',
        serial_no: '86000000',
        operate_value: '1',
        status: '2',
        errmsg: '卡已过期',
      },
      { kind: 'card', ref: '86000000' },
    ],
    [
      'of a sent message',
      { action: 'submit_resp', data: { transaction_id: '201705081115233958611336', status: 2 } },
      { kind: 'message' },
    ],
    [
      'of a received message',
      { action: 'deliver_resp', data: { transaction_id: '2017', msg_content: '消息测试' } },
      { kind: 'message' },
    ],
  ])('%s only names what to query', (_name, body, hint) => {
    expect(read(body)).toEqual({ outcome: 'taken', hint });
  });

  it.each([
    '',
    'null',
    '[]',
    '{"action_type":1}',
    '{"action_type":3,"order_no":"1"}',
    '{"action_type":1,"order_no":{}}',
    '{"action_type":1,"order_no":"1\' or 1"}',
    '{"action_type":1,"order_no":201702281435579209569730}',
    '{"action_type":1,"order_no":"1","order_no":"2"}',
    '{"action":"submit_resp"}',
    '<xml/>',
  ])('is refused if its body is %s', (body) => {
    expect(read(body)).toMatchObject({ outcome: 'refused', reason: 'notification.invalid' });
  });

  it('is acknowledged as the document requires', () => {
    expect(JSON.stringify(callbackAnswer)).toBe('{"errcode":0,"errmsg":"success"}');
  });
});

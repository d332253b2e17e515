/** Complete, valid `data` of answers, with the mixed types the document shows. All identifiers are made up. */

export const ICCID = '89860412340000000017';
export const SUFFIX = '0000000017';
export const SERIAL = '87000017';
export const CUSTOM = '600017';
export const ORDER_NO = '202611221435579209569730';
export const PRODUCT = '110100_1024';
export const PREPAID = '170222734322000000';
export const PASSWORD = '88888888';

export const names = { serial_no: SERIAL, custom_no: CUSTOM, iccid_suffix: SUFFIX };

export const info = {
  ...names,
  gprs_status: '1',
  sim_status: '1',
  resources_count: '2048',
  ieavings_count: '1024.5',
  used_res_count: 1023.5,
};

const sold = {
  origin_price: '2.00',
  fee: '1.00',
  data_value: '1024',
  month: '1',
  level: '1',
  eft_type: '0',
};

export const held = {
  ...sold,
  product_no: PRODUCT,
  name: '物联卡 1GB',
  start_time: '2026-11-01',
  end_time: '2026-11-30',
  state: '1',
};

export const heldProducts = {
  ...names,
  packages: [
    held,
    {
      ...held,
      product_no: '110100_2048',
      start_time: '2026-10-01',
      end_time: '2026-10-31',
      state: '2',
    },
  ],
};

export const products = {
  ...names,
  packages: [
    { ...sold, product_no: PRODUCT, name: '物联卡 1GB' },
    {
      ...sold,
      product_no: '110300_6144',
      name: '跨月包 6GB',
      fee: '18.00',
      data_value: '6144',
      month: '3',
      level: '3',
      eft_type: '1',
    },
  ],
};

export const recharged = { errcode: 0, errmsg: 'success', order_no: ORDER_NO };

export const order = {
  order_no: ORDER_NO,
  serial_no: SERIAL,
  product_no: PRODUCT,
  eft_month: '0',
  status: '3',
  fee: '1.00',
};

export const user = { name: '张三', truename: '李四', rank: '1', balance: '10000.00' };

export const prepaid = {
  serial_no: PREPAID,
  password: PASSWORD,
  data_value: '1024',
  name: '1G 卡密',
  fee: '2.00',
  state: '0',
};

import { describeSettings } from './describe-settings';

test('every setting is described, with its default and whether it is a secret', () => {
  const settings = describeSettings();
  expect(settings.every(({ description }) => description.length > 0)).toBe(true);
  const find = (name: string) => settings.find((setting) => setting.name === name);
  expect(find('PORT')).toMatchObject({ default: '3000', secret: false, group: 'listen' });
  expect(find('CARDS')).toMatchObject({ default: 'shingsou' });
  expect(find('PAYMENT')).toMatchObject({ choices: ['shingsou', 'wechatpay'] });
  expect(find('WECHATPAY_PRIVATE_KEY')).toMatchObject({ default: undefined, secret: true });
});

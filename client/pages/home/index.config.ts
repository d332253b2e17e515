export default definePageConfig({ navigationBarTitleText: '流卡' });

export default definePageConfig({ navigationBarTitleText: '关联设备' });

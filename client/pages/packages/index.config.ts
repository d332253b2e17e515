export default definePageConfig({ navigationBarTitleText: '选择套餐' });

/** In WeChat the colours come from theme.json, which has a light and a dark variant; in browsers from CSS. */
const themed = process.env.TARO_ENV === 'weapp';

export default defineAppConfig({
  pages: [
    'pages/home/index',
    'pages/orders/index',
    'pages/me/index',
    'pages/card/index',
    'pages/packages/index',
    'pages/result/index',
    'pages/order/index',
  ],
  subPackages: [
    { root: 'support', pages: ['pages/desk/index'] },
    { root: 'device', pages: ['pages/device/index'] },
  ],
  window: {
    navigationStyle: 'default',
    navigationBarTitleText: '流卡',
    navigationBarBackgroundColor: themed ? '@bar' : '#ffffff',
    navigationBarTextStyle: themed ? '@barText' : 'black',
    backgroundColor: themed ? '@background' : '#f4f7f6',
    backgroundTextStyle: 'dark',
  },
  tabBar: {
    color: themed ? '@tab' : '#5b6866',
    selectedColor: themed ? '@tabSelected' : '#08786b',
    backgroundColor: themed ? '@bar' : '#ffffff',
    borderStyle: (themed ? '@tabBorder' : 'black') as 'black',
    list: [
      {
        pagePath: 'pages/home/index',
        text: '首页',
        iconPath: 'assets/tab/home.png',
        selectedIconPath: 'assets/tab/home-selected.png',
      },
      {
        pagePath: 'pages/orders/index',
        text: '订单',
        iconPath: 'assets/tab/orders.png',
        selectedIconPath: 'assets/tab/orders-selected.png',
      },
      {
        pagePath: 'pages/me/index',
        text: '我的',
        iconPath: 'assets/tab/me.png',
        selectedIconPath: 'assets/tab/me-selected.png',
      },
    ],
  },
  animation: false,
  darkmode: true,
  themeLocation: 'theme.json',
  lazyCodeLoading: 'requiredComponents',
});

import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Price } from '@client/components/figures';
import { Fact, Panel } from '@client/components/section';
import { lastFour, packageVolumeText, validityText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';

/** Package, card, start and amount of the purchase. */
export function OrderSummary({ order }: { order: Order }) {
  const texts = useTexts();
  return (
    <Panel>
      <Fact name={texts.packages.item}>
        <View>{order.package.name}</View>
        <View className="fact-note">{packageVolumeText(order.package.dataMb, texts)}</View>
      </Fact>
      <Fact name={texts.packages.card}>{texts.card.lastFour(lastFour(order.card.number))}</Fact>
      <Fact name={texts.packages.effective}>
        <View>{texts.packages[order.effective]}</View>
        <View className="fact-note">{validityText(order, texts)}</View>
      </Fact>
      <Fact name={texts.order.amount}>
        <Price amountFen={order.amountFen} />
      </Fact>
    </Panel>
  );
}

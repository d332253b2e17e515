import { View } from '@tarojs/components';
import type { Card, Package } from '@shared/contract';
import { fen, formatYuan } from '@shared/money';
import { useErrorText } from '@client/components/error-notice';
import { ActionButton } from '@client/components/action-button';
import { Fact } from '@client/components/section';
import { liveRegionProps } from '@client/components/accessibility';
import { Sheet } from '@client/components/sheet';
import { cardName, dateOf, lastFour, packageVolumeText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { isOutcomeUnknown } from '@client/purchase/use-purchase';
import type { Effective } from './choice';

interface ConfirmOrderProps {
  card: Card;
  pack: Package;
  effective: Effective;
  open: boolean;
  busy: boolean;
  error: Error | null;
  onClose(): void;
  onPay(): void;
}

function ErrorMessage({ error }: { error: Error }) {
  const { packages, common } = useTexts();
  const { title, detail } = useErrorText()(error);
  return (
    <View className="confirm-error" {...liveRegionProps()}>
      {common.sentences(title, isOutcomeUnknown(error) ? packages.notSent : detail)}
    </View>
  );
}

function useCardText(card: Card): string {
  const texts = useTexts();
  const name = cardName(card, texts);
  const digits = texts.card.lastFour(lastFour(card.number));
  return name === digits ? digits : `${name} · ${digits}`;
}

/** A summary of the order before the payment sheet opens. */
export function ConfirmOrder(props: ConfirmOrderProps) {
  const { card, pack, effective, open, busy, error, onClose, onPay } = props;
  const texts = useTexts();
  const { packages } = texts;
  const cardText = useCardText(card);
  return (
    <Sheet title={packages.confirmTitle} open={open} onClose={onClose}>
      <View className="confirm-facts">
        <Fact name={packages.card}>{cardText}</Fact>
        <Fact
          name={packages.item}
        >{`${pack.name} · ${packageVolumeText(pack.dataMb, texts)}`}</Fact>
        <Fact name={packages.effective}>
          <View>{packages[effective.when]}</View>
          <View className="fact-note">
            {packages.from(dateOf(effective.from), dateOf(effective.until))}
          </View>
        </Fact>
      </View>
      {effective.warning !== null && <View className="confirm-warning">{effective.warning}</View>}
      {error && !busy && <ErrorMessage error={error} />}
      <ActionButton id="confirm-pay" kind="pay" busy={busy} onPress={onPay}>
        {busy ? packages.paying : packages.confirmPay(formatYuan(fen(pack.priceFen)))}
      </ActionButton>
    </Sheet>
  );
}

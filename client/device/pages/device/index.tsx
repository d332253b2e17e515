import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { Notice } from '@client/components/notice';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { SkeletonBlock, SkeletonList } from '@client/components/skeleton';
import { useSnackbar } from '@client/components/snackbar';
import { usePageParams } from '@client/hooks/use-page-params';
import { useDeviceTexts } from '@client/device/texts';
import { cardName } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { useCard } from '@client/state/cards';
import { BindForm } from './bind-form';
import { BoundDevice } from './bound-device';
import './index.scss';

function Skeleton() {
  return (
    <View className="device-skeleton">
      <SkeletonBlock width="160px" height="32px" />
      <SkeletonList rows={3} height="72px" />
    </View>
  );
}

function CardName({ card }: { card: Card }) {
  const texts = useTexts();
  const { forCard } = useDeviceTexts();
  return <View className="device-card">{forCard(cardName(card, texts))}</View>;
}

/** For a card without a device: the form that binds one, or the reason why none can be bound. */
function NoDevice({ card, showMessage }: { card: Card; showMessage(text: string): void }) {
  const texts = useDeviceTexts();
  if (card.canTieDevice)
    return <BindForm cardId={card.id} onBound={() => showMessage(texts.bound)} />;
  return <Notice kind="empty" title={card.inWallet ? texts.noDevices : texts.notMine} />;
}

/** The device of a card: its state, its users, releasing and unbinding it. */
function DevicePage() {
  const texts = useDeviceTexts();
  const { cardId = '' } = usePageParams();
  const query = useCard(cardId);
  const { snackbar, showMessage } = useSnackbar();
  const showText = (text: string): void => showMessage({ text });
  return (
    <Page title={texts.title}>
      <QueryView query={query} skeleton={<Skeleton />}>
        {(card) => (
          <>
            <CardName card={card} />
            {card.deviceId === null ? (
              <NoDevice card={card} showMessage={showText} />
            ) : (
              <BoundDevice card={card} deviceId={card.deviceId} showMessage={showText} />
            )}
          </>
        )}
      </QueryView>
      {snackbar}
    </Page>
  );
}

export default guardedPage(DevicePage);

import { useState } from 'react';
import { View } from '@tarojs/components';
import type { Card, Package } from '@shared/contract';
import { ApiError } from '@client/api/api-error';
import { Price } from '@client/components/figures';
import { ActionButton } from '@client/components/action-button';
import { useTexts } from '@client/i18n/language';
import { redirectToResult } from '@client/lib/navigation';
import { usePurchase } from '@client/purchase/use-purchase';
import type { Effective } from './choice';
import { ConfirmOrder } from './confirm-order';
import { OpenOrderSheet } from './open-order-sheet';

interface CheckoutProps {
  card: Card;
  pack: Package | undefined;
  effective: Effective | undefined;
}

function Total({ pack }: { pack: Package | undefined }) {
  const { packages } = useTexts();
  if (!pack) return <View className="total-empty">{packages.choose}</View>;
  return (
    <View className="total">
      <View className="total-label">{packages.total}</View>
      <Price amountFen={pack.priceFen} size="large" />
    </View>
  );
}

/** The order of an error that is resolved by continuing with that order; otherwise undefined. */
function orderToContinue(error: Error | null): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const canContinue = error.code === 'order.already_open' || error.code === 'payment.unavailable';
  return canContinue ? error.orderId : undefined;
}

/** The order of an error that says it is already paid; otherwise undefined. */
function paidOrder(error: Error): string | undefined {
  const isPaid = error instanceof ApiError && error.code === 'order.already_paid';
  return isPaid ? error.orderId : undefined;
}

/** The bar with the total and the pay button, and the sheets that it opens. */
export function Checkout({ card, pack, effective }: CheckoutProps) {
  const { packages } = useTexts();
  const [confirming, setConfirming] = useState(false);
  const purchase = usePurchase();
  const openOrder = orderToContinue(purchase.error);

  const pay = (chosen: Package, start: Effective): void =>
    purchase.mutate(
      {
        cardId: card.id,
        packageId: chosen.id,
        effective: start.when,
        effectiveFrom: start.from,
      },
      {
        onSuccess: ({ orderId, outcome }) => redirectToResult(orderId, outcome),
        onError: (error) => {
          const paid = paidOrder(error);
          if (paid !== undefined) redirectToResult(paid, 'unknown');
        },
      },
    );
  const close = (): void => {
    // What is being ordered can no longer be left: its payment sheet opens next.
    if (purchase.isPending) return;
    setConfirming(false);
    purchase.reset();
  };

  return (
    <>
      <View className="page-bar">
        <View className="page-bar-content">
          <Total pack={pack} />
          <ActionButton
            id="pay-button"
            kind="pay"
            disabled={!pack?.canBuy}
            onPress={() => setConfirming(true)}
          >
            {packages.pay}
          </ActionButton>
        </View>
      </View>
      {pack && effective && (
        <ConfirmOrder
          card={card}
          pack={pack}
          effective={effective}
          open={confirming && openOrder === undefined}
          busy={purchase.isPending}
          error={purchase.error}
          onClose={close}
          onPay={() => pay(pack, effective)}
        />
      )}
      <OpenOrderSheet orderId={openOrder} error={purchase.error} onClose={close} />
    </>
  );
}

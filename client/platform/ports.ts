import type { PaymentParameters } from '@shared/contract';

/**
 * What differs between WeChat and a browser. Each function lives in a file of its own: `login.ts` is
 * WeChat's, `login.h5.ts` takes its place in the browser build (Taro resolves by that suffix).
 */

/** Gets a login code that the BFF can exchange for who this is. */
export type GetLoginCode = () => Promise<string>;

/** Whether anyone can be signed in here at all. */
export type CanSignIn = () => boolean;

/**
 * What the payment sheet said. None of it is proof of anything: only the BFF knows whether an order is
 * paid.
 */
export type PaymentOutcome = 'done' | 'cancelled' | 'failed';

/** Shows the payment sheet and waits until it is gone. */
export type ShowPaymentSheet = (payment: PaymentParameters) => Promise<PaymentOutcome>;

/** Reads a card's number from its code; undefined if the person changed their mind. */
export type ScanNumber = (texts: ScanTexts) => Promise<string | undefined>;

/** What the sheet that stands for a camera says. */
export interface ScanTexts {
  title: string;
  cancel: string;
  failed: string;
}

/** Things a platform wants done once, when the app starts. */
export type PreparePlatform = () => void;

/** Attributes for a dialog's element, so that the focus moves into it and back out of it. */
export type UseDialogFocus = (open: boolean, onClose: () => void) => object;

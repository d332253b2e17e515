import type { PaymentParameters } from '@shared/contract';

/**
 * What differs between WeChat and browsers. Each function has two files: `login.ts` is for WeChat, and
 * `login.h5.ts` replaces it in the browser build, because Taro resolves that suffix first.
 */

/** Gets a login code, which the BFF exchanges for the user's identity. */
export type GetLoginCode = () => Promise<string>;

/** Whether signing in is possible here. */
export type CanSignIn = () => boolean;

/**
 * What the payment sheet reported. It is no proof of payment: only the BFF knows whether an order is paid.
 */
export type PaymentOutcome = 'done' | 'cancelled' | 'failed';

/** Shows the payment sheet and waits until it closes. */
export type ShowPaymentSheet = (payment: PaymentParameters) => Promise<PaymentOutcome>;

/** Scans the code of a card; resolves to undefined if the user cancels. */
export type ScanNumber = (texts: ScanTexts) => Promise<string | undefined>;

/** The texts of the sheet that simulates a camera. */
export interface ScanTexts {
  title: string;
  cancel: string;
  failed: string;
}

/** Copies a text. Rejects if the user or the browser refuses. */
export type CopyText = (text: string) => Promise<void>;

/** Prepares the platform when the app starts. */
export type PreparePlatform = () => void;

/** Returns the attributes that a dialog's element needs for the focus to move into it and back. */
export type UseDialogFocus = (open: boolean, onClose: () => void) => object;

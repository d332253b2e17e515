import type { CardPart } from '@shared/card-parts';
import type { CardNumberProblem } from '@shared/card-number';
import type { ClientErrorCode } from '@client/api/api-error';

interface TitleAndDetail {
  title: string;
  detail: string;
}

/** Every text of the customers' pages, except those that the BFF sends. */
export interface Dictionary {
  appName: string;
  language: { name: string; current: string; switchTo: string };
  tabs: { home: string; orders: string; me: string };
  titles: Record<'home' | 'orders' | 'me' | 'card' | 'packages' | 'result' | 'order', string>;
  common: {
    retry: string;
    cancel: string;
    save: string;
    undo: string;
    copy: string;
    copied: string;
    loading: string;
    refresh: string;
    more: string;
    back: string;
    home: string;
    signIn: string;
    waitSeconds(seconds: number): string;
    copyRefused: string;
    notOpened: string;
    storageFailing: string;
    pageFailed: { title: string; detail: string };
    offlineData(time: string): string;
    staleData(time: string): string;
    requestId(id: string): string;
    /** A title and its detail as running text. */
    sentences(title: string, detail: string): string;
  };
  errors: Record<ClientErrorCode, TitleAndDetail>;
  demo: string;
  home: {
    title: string;
    placeholder: string;
    inputLabel: string;
    lookUp: string;
    lookingUp: string;
    scan: string;
    scanTitle: string;
    scanFailed: string;
    scanRefused: string;
    numberProblems: Record<CardNumberProblem, string>;
    myCards: string;
    recent: string;
    clearRecent: string;
    chooseTitle: string;
    firstVisit: string;
    howTo: readonly [string, string, string];
    picture: string;
  };
  card: {
    remaining: string;
    used(used: string, total: string): string;
    noUsage: string;
    /** In the place of a value that cannot be read now. */
    unread: string;
    parts: Record<CardPart, string>;
    listSeparator: string;
    /** `parts` cannot be read, and no older value is known. */
    unreadParts(parts: string): string;
    /** `parts` cannot be read, and older values are shown. */
    oldParts(parts: string): string;
    /** Nothing can be read. */
    unreadCard: string;
    /** The whole card is shown as it was at `time`. */
    oldCard(time: string): string;
    volumeUnstated: string;
    updatedAt(time: string): string;
    status: string;
    carrierSays(code: string, texts: string): string;
    carrierUnlisted(code: string): string;
    realName: string;
    realNames: Record<'verified' | 'unverified' | 'unknown', string>;
    expires: string;
    noExpiry: string;
    current: string;
    noCurrent: string;
    blocked(status: string): string;
    queued(count: number): string;
    queuedName: string;
    until(date: string): string;
    untilUnstated: string;
    iccid: string;
    accessNumber: string;
    accessNumberHelp: string;
    carrier: string;
    topUp: string;
    add: string;
    added: string;
    rename: string;
    renameTitle: string;
    renamePlaceholder: string;
    remove: string;
    removeTitle: string;
    removeText: string;
    removed: string;
    orders: string;
    lastFour(digits: string): string;
    device: string;
    noDevice: string;
  };
  packages: {
    forCard(name: string): string;
    now: string;
    nextMonth: string;
    from(from: string, until: string): string;
    effectiveTitle: string;
    none: string;
    noneHint: string;
    choose: string;
    total: string;
    pay: string;
    confirmTitle: string;
    confirmPay(amount: string): string;
    paying: string;
    item: string;
    card: string;
    effective: string;
    openTitle: string;
    continuePay: string;
    viewOrder: string;
    notSent: string;
    cannotBuy: string;
  };
  result: {
    steps: readonly [string, string, string];
    confirming: string;
    confirmingAdvice: string;
    confirmingLong: string;
    paymentFailed: string;
    continuePay: string;
    cancelOrder: string;
    cancelTitle: string;
    cancelText: string;
    keep: string;
    done: string;
    again: string;
    viewOrder: string;
    longer: string;
    payBefore(time: string): string;
    cardNow: string;
  };
  orders: {
    empty: string;
    emptyHint: string;
    toHome: string;
    pay: string;
    again: string;
    month(year: number, month: number): string;
  };
  order: {
    number: string;
    transaction: string;
    package: string;
    card: string;
    effective: string;
    amount: string;
    createdAt: string;
    paidAt: string;
    deliveredAt: string;
    /** The platforms do not answer now; the state is of an earlier time. */
    asOf(time: string): string;
    timeline: string;
    missing: TitleAndDetail;
    pay: string;
    again: string;
  };
  me: {
    cards: string;
    orders: string;
    appearance: string;
    appearanceSystem: string;
    about: string;
    version(version: string): string;
    signOut: string;
    signOutTitle: string;
    signOutText: string;
    signedOut: string;
    signIn: string;
    staff: string;
    greeting: string;
    signedInAs: string;
  };
}

import type { KeyObject } from 'node:crypto';
import type { PlatformCertificate } from './certificates';

type FindKey = (serial: string) => KeyObject | undefined;

export interface PlatformKeysOptions {
  /** The 微信支付公钥 and its id, where the merchant was given one. */
  publicKey?: { id: string; key: KeyObject } | undefined;
  /**
   * Downloads the platform certificates that hold now; undefined where that fails. The answer may be
   * signed under a serial that is in hand, and must not be looked for here: that would wait for itself.
   */
  download: (findCached: FindKey) => Promise<PlatformCertificate[] | undefined>;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface PlatformKeys {
  /**
   * The key WeChat Pay signs with under a serial; undefined where there is none. May download the
   * certificates: where the serial is unknown, and where those in hand are half a day old.
   */
  find(serial: string): Promise<KeyObject | undefined>;
}

const MINUTE_MS = 60 * 1000;
const RENEW_AFTER_MS = 12 * 60 * MINUTE_MS;
/** What the ids of public keys begin with: no certificate has such a serial. */
const PUBLIC_KEY_ID_PREFIX = 'PUB_KEY_ID_';

/**
 * The keys of WeChat Pay. While a merchant moves from certificates to the public key, and while certificates
 * are exchanged for newer ones, both sign, so all that hold are kept at once and the serial chooses
 * (微信支付公钥, 平台证书切换). Anybody can name a serial: unknown ones cause one download a minute at most.
 */
export function createPlatformKeys(options: PlatformKeysOptions): PlatformKeys {
  const { publicKey, download, clock } = options;
  let certificates: PlatformCertificate[] = [];
  let lastAttemptAt = -Infinity;
  let pendingDownload: Promise<void> | undefined;

  function findCached(serial: string): KeyObject | undefined {
    if (serial === publicKey?.id) return publicKey.key;
    const normalizedSerial = serial.toUpperCase();
    const now = clock();
    return certificates.find((each) => each.serial === normalizedSerial && now < each.validUntil)
      ?.key;
  }

  async function fetchCertificates(): Promise<void> {
    lastAttemptAt = clock();
    const downloaded = await download(findCached);
    if (downloaded === undefined) return;
    const serials = downloaded.map(({ serial }) => serial);
    certificates = [
      ...downloaded,
      ...certificates.filter(({ serial }) => !serials.includes(serial)),
    ];
  }

  function renew(): Promise<void> {
    pendingDownload ??= fetchCertificates().finally(() => {
      pendingDownload = undefined;
    });
    return pendingDownload;
  }

  function isDue(age: number): boolean {
    return Math.abs(clock() - lastAttemptAt) >= age;
  }

  return {
    async find(serial) {
      const key = findCached(serial);
      if (serial.startsWith(PUBLIC_KEY_ID_PREFIX)) return key;
      if (key === undefined) {
        if (pendingDownload !== undefined || isDue(MINUTE_MS)) await renew();
        return findCached(serial);
      }
      // What is in hand is good; newer ones may come while it is used.
      if (isDue(RENEW_AFTER_MS)) void renew();
      return key;
    },
  };
}

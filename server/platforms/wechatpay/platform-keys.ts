import type { KeyObject } from 'node:crypto';
import { isYounger } from '../../lib/age';
import { createSingleFlight } from '../../lib/single-flight';
import type { PlatformCertificate } from './certificates';

type FindKey = (serial: string) => KeyObject | undefined;

export interface PlatformKeysOptions {
  /** The 微信支付公钥 and its id, if the merchant has one. */
  publicKey?: { id: string; key: KeyObject } | undefined;
  /**
   * Downloads the valid platform certificates; undefined if that fails. To verify the answer it must use
   * `findCached` and not `find`, which would wait for this same download.
   */
  download: (findCached: FindKey) => Promise<PlatformCertificate[] | undefined>;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface PlatformKeys {
  /**
   * The key WeChat Pay signs with under a serial; undefined if there is none. Downloads the certificates
   * if the serial is unknown, or in the background if the cached ones are half a day old.
   */
  find(serial: string): Promise<KeyObject | undefined>;
  /**
   * The key to encrypt with for WeChat Pay: its public key, else the certificate that is valid longest.
   * Undefined if there is none and none can be downloaded.
   */
  encryptionKey(): Promise<{ serial: string; key: KeyObject } | undefined>;
}

const MINUTE_MS = 60 * 1000;
const RENEW_AFTER_MS = 12 * 60 * MINUTE_MS;
/** The prefix of public key ids. No certificate has such a serial. */
const PUBLIC_KEY_ID_PREFIX = 'PUB_KEY_ID_';

/**
 * Finds and caches the keys of WeChat Pay. While a merchant migrates from certificates to the public key, or
 * certificates are renewed, WeChat Pay signs with either, so all valid keys are kept and the serial selects
 * one (微信支付公钥, 平台证书切换). Anybody can send an unknown serial, so it causes at most one download a minute.
 */
export function createPlatformKeys(options: PlatformKeysOptions): PlatformKeys {
  const { publicKey, download, clock } = options;
  const renewOnce = createSingleFlight<PlatformCertificate[]>();
  let certificates: PlatformCertificate[] = [];
  let lastAttemptAt: number | undefined;
  let latestRenewal: Promise<unknown> = Promise.resolve();

  function findCached(serial: string): KeyObject | undefined {
    if (serial === publicKey?.id) return publicKey.key;
    const normalizedSerial = serial.toUpperCase();
    const now = clock();
    return certificates.find((each) => each.serial === normalizedSerial && now < each.validUntil)
      ?.key;
  }

  async function renew(): Promise<PlatformCertificate[]> {
    lastAttemptAt = clock();
    const downloaded = (await download(findCached)) ?? [];
    const serials = downloaded.map(({ serial }) => serial);
    const others = certificates.filter(({ serial }) => !serials.includes(serial));
    certificates = [...downloaded, ...others];
    return certificates;
  }

  /** Renews the certificates unless the last attempt is younger. Waits for a renewal in flight. */
  function renewIfOlderThan(ageMs: number): Promise<unknown> {
    if (!isYounger(lastAttemptAt, ageMs, clock())) {
      latestRenewal = renewOnce('certificates', renew);
    }
    return latestRenewal;
  }

  function newestCertificate(): PlatformCertificate | undefined {
    const now = clock();
    return certificates
      .filter(({ validUntil }) => now < validUntil)
      .sort((a, b) => b.validUntil - a.validUntil)[0];
  }

  return {
    async encryptionKey() {
      if (publicKey) return { serial: publicKey.id, key: publicKey.key };
      if (!newestCertificate()) await renewIfOlderThan(MINUTE_MS);
      return newestCertificate();
    },
    async find(serial) {
      const key = findCached(serial);
      if (serial.startsWith(PUBLIC_KEY_ID_PREFIX)) return key;
      if (key === undefined) {
        await renewIfOlderThan(MINUTE_MS);
        return findCached(serial);
      }
      // The cached key is still valid, so the renewal can run in the background.
      void renewIfOlderThan(RENEW_AFTER_MS);
      return key;
    },
  };
}

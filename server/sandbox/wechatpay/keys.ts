import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { StoredPayKeys } from '../state';
import { makeCertificate } from './certificate';

const CERTIFICATE_LIFETIME_MS = 5 * 365 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** The parsed keys of both sides. */
export interface PayKeys {
  /** The merchant's private key in PEM (PKCS #8), for the settings. */
  merchantKeyPem: string;
  merchantKey: KeyObject;
  /** Verifies the merchant's signatures. */
  merchantPublicKey: KeyObject;
  /** WeChat Pay's public key in PEM, for the settings, and its private key. */
  platformPublicKeyPem: string;
  platformKey: KeyObject;
  /** WeChat Pay's platform certificate and its private key. */
  certificate: X509Certificate;
  certificatePem: string;
  certificateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

async function makeKey(): Promise<KeyObject> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  return privateKey;
}

interface KeySet {
  merchant: KeyObject;
  platform: KeyObject;
  certificate: KeyObject;
}

async function makeKeySet(): Promise<KeySet> {
  const [merchant, platform, certificate] = await Promise.all([makeKey(), makeKey(), makeKey()]);
  return { merchant, platform, certificate };
}

/** Generating keys is slow, so all sandboxes of a process share them. */
let shared: Promise<KeySet> | undefined;

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Generates the keys to store; all sandboxes of a process get the same. */
export async function makePayKeys(serial: string, now: number): Promise<StoredPayKeys> {
  const { merchant, platform, certificate } = await (shared ??= makeKeySet());
  const from = Math.floor((now - DAY_MS) / 1000) * 1000;
  return {
    merchant: pem(merchant),
    platform: pem(platform),
    certificateKey: pem(certificate),
    certificate: makeCertificate({
      commonName: 'WeChat Pay (sandbox)',
      serial,
      from,
      until: from + CERTIFICATE_LIFETIME_MS,
      privateKey: certificate,
      publicKey: createPublicKey(certificate),
    }),
  };
}

/** @throws Error if the stored texts are no keys */
export function readPayKeys(stored: StoredPayKeys): PayKeys {
  const platformKey = createPrivateKey(stored.platform);
  const merchantKey = createPrivateKey(stored.merchant);
  return {
    merchantKeyPem: stored.merchant,
    merchantKey,
    merchantPublicKey: createPublicKey(merchantKey),
    platformPublicKeyPem: createPublicKey(platformKey)
      .export({ type: 'spki', format: 'pem' })
      .toString(),
    platformKey,
    certificate: new X509Certificate(stored.certificate),
    certificatePem: stored.certificate,
    certificateKey: createPrivateKey(stored.certificateKey),
  };
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether one of the secrets signed these bytes by HMAC-SHA256, compared in constant time. `claimed` is the signature as the vendor wrote it. During a change of secrets any of those given
 * may have signed.
 */
export function signedWithHmac(given: {
  readonly rawBody: Uint8Array;
  readonly secrets: readonly string[];
  readonly claimed: string;
  readonly encoding: 'base64' | 'hex';
}): boolean {
  const claimed = Buffer.from(given.claimed, given.encoding);
  return given.secrets.some((secret) => {
    const digest = createHmac('sha256', secret).update(given.rawBody).digest();
    return digest.length === claimed.length && timingSafeEqual(digest, claimed);
  });
}

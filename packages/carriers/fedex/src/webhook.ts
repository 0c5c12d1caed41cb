import { fingerprint, signedWithHmac } from '@quartermaster/connector-kit';
import type { CarrierWebhookVerdict } from '@quartermaster/domain';
import { answerOf } from './tracking.ts';
import { wirePushedSchema } from './wire.ts';

/**
 * Checks what Advanced Integrated Visibility sends: `fdx-signature` is the HMAC-SHA256 of the raw body, keyed by the security token of the webhook's project. FedEx's text calls it base64 in one
 * sentence and hexadecimal in the next, so both are taken. A delivery has no id: the same body is the same delivery. Header names are in lower case. During a change of tokens any of those given
 * may have signed.
 */
export async function verifyFedexWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  securityTokens: readonly string[],
): Promise<CarrierWebhookVerdict> {
  const claimed = headers['fdx-signature']?.trim() ?? '';
  const secrets = securityTokens.filter((token) => token !== '');
  if (claimed === '') return rejected('it carries no signature');
  const encoding = /^[0-9a-f]{64}$/i.test(claimed) ? 'hex' : 'base64';
  if (!signedWithHmac({ rawBody, secrets, claimed, encoding })) return rejected('its signature is not ours');
  const text = Buffer.from(rawBody).toString('utf8');
  const pushed = wirePushedSchema.safeParse(parsed(text)).data ?? [];
  const numbers = [...new Set(pushed.map(({ trackingNumber }) => trackingNumber).filter((number) => typeof number === 'string'))];
  if (numbers.length === 0) return { kind: 'ping' };
  return { kind: 'genuine', deliveryId: fingerprint(text), tracking: numbers.map((number) => answerOf(number, pushed)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejected(reason: string): CarrierWebhookVerdict {
  return { kind: 'rejected', reason };
}

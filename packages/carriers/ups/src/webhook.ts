import { fingerprint } from '@quartermaster/connector-kit';
import type { CarrierWebhookVerdict } from '@quartermaster/domain';
import { createHash, timingSafeEqual } from 'node:crypto';
import { answerOfEvent } from './tracking.ts';
import { wireEventSchema } from './wire.ts';

/**
 * Checks what Track Alert sends. UPS signs nothing: it sends the credential that was given to it in its portal, as `Authorization: Bearer …` or in a header `credential`. So whoever has read one
 * webhook can make another; keep the address secret as well. Header names are in lower case. During a change of credentials any of those given counts.
 */
export async function verifyUpsWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  credentials: readonly string[],
): Promise<CarrierWebhookVerdict> {
  const claimed = [headers['authorization'], headers['credential']].flatMap((value) =>
    value === undefined ? [] : [value.replace(/^Bearer\s+/i, '')],
  );
  if (claimed.length === 0) return rejected('it carries no credential');
  if (!claimed.some((one) => credentials.some((credential) => credential !== '' && sameText(one, credential))))
    return rejected('its credential is not ours');
  const text = Buffer.from(rawBody).toString('utf8');
  const event = wireEventSchema.safeParse(parsed(text));
  if (!event.success) return rejected('it is no event of Track Alert');
  return { kind: 'genuine', deliveryId: fingerprint(text), tracking: [answerOfEvent(event.data)] };
}

/** In a time that does not tell how much of it is right, nor how long the right one is. */
function sameText(given: string, expected: string): boolean {
  const [left, right] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
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

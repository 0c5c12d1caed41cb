import { createHmac } from 'node:crypto';
import { localText, scanWords } from './replies.ts';
import type { Scan, StoredLabel } from './state.ts';

/** What a subscription sends of a scan: an envelope whose payload is a text of its own, signed together with the timestamp. */
export function pushedWebhook(
  { body, trackingNumber }: StoredLabel,
  given: { readonly what: Scan; readonly at: string; readonly secret: string; readonly zone: string },
): { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } {
  const { city, state, ZIPCode } = body.toAddress;
  const payload = JSON.stringify({
    trackingNumber,
    ...scanWords[given.what],
    eventTimestamp: `${localText(given.at, given.zone)}Z`,
    GMTTimestamp: given.at,
    eventCity: city.toUpperCase(),
    eventState: state,
    eventZIP: ZIPCode,
    eventCountry: null,
  });
  const signature = createHmac('sha256', given.secret).update(`${given.at}${payload}`).digest('base64');
  const envelope = { subscriptionId: '019db15c-05e8-7432-95dc-8c511d2f9a1b', subscriptionType: 'TRACKING', timestamp: given.at, payload };
  return { headers: { 'content-type': 'application/json', 'x-hmac': signature }, body: Buffer.from(JSON.stringify(envelope)) };
}

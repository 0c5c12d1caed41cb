import { fingerprint, signedWithHmac } from '@quartermaster/connector-kit';
import { instantOf, type CarrierWebhookVerdict, type TrackingEvent } from '@quartermaster/domain';
import { meaningOf, statusNameOf } from './status-table.ts';
import { wireWebhookSchema, type WireWebhook } from './wire.ts';

/**
 * Checks a webhook of Sendcloud's: `Sendcloud-Signature` is HMAC-SHA256 over the raw body in hexadecimal, by the secret key of the integration or by its Webhook Signature Key, depending on its kind
 * (Sendcloud's page "Webhooks overview", v3). Header names are in lower case. Only `parcel_status_changed` matters to us. A webhook has no id; the copies of one (up to ten, with growing waits) have
 * the same body, so that is what a delivery is known by.
 */
export async function verifySendcloudWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<CarrierWebhookVerdict> {
  const claimed = headers['sendcloud-signature'];
  if (claimed === undefined || claimed === '') return rejected('it carries no signature of Sendcloud');
  const usable = secrets.filter((secret) => secret !== '');
  if (!/^[0-9a-f]{64}$/i.test(claimed) || !signedWithHmac({ rawBody, secrets: usable, claimed, encoding: 'hex' }))
    return rejected('its signature does not fit its body');
  const text = Buffer.from(rawBody).toString('utf8');
  const webhook = wireWebhookSchema.safeParse(parsed(text));
  if (!webhook.success) return rejected('it is signed, but it is no webhook of Sendcloud');
  const { action, parcel } = webhook.data;
  // A parcel that has no number yet is none that anybody waits for.
  if (action !== 'parcel_status_changed' || !parcel?.tracking_number) return { kind: 'ping' };
  const event = eventOf(webhook.data);
  return {
    kind: 'genuine',
    deliveryId: fingerprint(text),
    tracking: [{ trackingNumber: parcel.tracking_number, events: event === null ? [] : [event], dueOn: null, problem: null }],
  };
}

/** The carrier's own time where there is one: webhooks come late and in any order. */
function eventOf({ carrier_status_change_timestamp: atCarrier, timestamp, parcel }: WireWebhook): TrackingEvent | null {
  const at = momentOf(atCarrier) ?? momentOf(timestamp);
  if (at === null || !parcel) return null;
  const told = meaningOf(parcel.status.id).state === 'unknown' && parcel.status.message ? parcel.status.message : parcel.status.id;
  return {
    at,
    isZoneKnown: true,
    ...meaningOf(told),
    vendorCode: meaningOf(told).state === 'unknown' ? parcel.status.id : statusNameOf(told),
    text: parcel.status.message ?? '',
    place: null,
  };
}

/** Milliseconds since 1970, or seconds: of the two, that which is no time of the last century. */
function momentOf(timestamp: number | null | undefined): string | null {
  if (timestamp === null || timestamp === undefined || !(timestamp > 0)) return null;
  const ms = timestamp < 100_000_000_000 ? timestamp * 1_000 : timestamp;
  return ms > 8_640_000_000_000 ? null : instantOf(ms);
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

import { fingerprint, signedWithHmac } from '@quartermaster/connector-kit';
import type { CarrierWebhookVerdict } from '@quartermaster/domain';
import { answerOf } from './tracking.ts';
import { wirePushedSchema, wireWebhookSchema, type WirePushed } from './wire.ts';

/**
 * Checks what a subscription of USPS's (Subscriptions – Tracking) sends: an envelope with a timestamp and, as text, a payload; `X-HMAC` is the base64 of HMAC-SHA256 over the two put together. What is
 * around them in the body is not signed. Header names are in lower case; during a change of secrets any of those given counts.
 *
 * USPS's own paper on it was not at hand: this is how two integrators do it who do not know of each other (RoomPackages in Elixir, a validator in C#; read 2026-11). A call that is signed and tells of
 * no parcel is a ping.
 */
export async function verifyUspsWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<CarrierWebhookVerdict> {
  const claimed = headers['x-hmac'];
  if (!claimed) return rejected('it carries no signature of USPS');
  const envelope = wireWebhookSchema.safeParse(parsed(Buffer.from(rawBody).toString('utf8')));
  if (!envelope.success) return rejected('it is no notification of USPS');
  const { payload, timestamp } = envelope.data;
  const given = secrets.filter((secret) => secret !== '');
  if (!signedWithHmac({ rawBody: Buffer.from(`${timestamp}${payload}`), secrets: given, claimed, encoding: 'base64' }))
    return rejected('its signature does not fit');
  const pushed = wirePushedSchema.safeParse(parsed(payload));
  if (!pushed.success) return { kind: 'ping' };
  const { trackingNumber } = pushed.data;
  return { kind: 'genuine', deliveryId: fingerprint(timestamp, payload), tracking: [answerOf(trackingNumber, trackedOf(pushed.data))] };
}

/** The events of a parcel, or the one event that it is about. */
function trackedOf(pushed: WirePushed): WirePushed {
  if ((pushed.trackingEvents ?? []).length > 0) return pushed;
  const { eventDescription, eventLocation, eventType } = pushed;
  return {
    ...pushed,
    trackingEvents: [
      {
        ...pushed,
        eventType: eventDescription ?? eventType?.replaceAll('_', ' '),
        eventCity: pushed.eventCity ?? eventLocation?.city,
        eventState: pushed.eventState ?? eventLocation?.state,
        eventCountry: pushed.eventCountry ?? eventLocation?.country,
      },
    ],
  };
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

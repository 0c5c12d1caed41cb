import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Carrier, type ConnectionId, type LabelRequest } from '@quartermaster/domain';
import { checkAddress } from './address-check.ts';
import type { Price } from './charges.ts';
import { readReply, upsClient } from './client.ts';
import { notDone, type Redact } from './faults.ts';
import { lookUp } from './label-lookup.ts';
import { labelPurchase } from './label-purchase.ts';
import { upsBaseUrl, upsBuckets, upsTestUrl, versions } from './limits.ts';
import { pickupOf } from './pickup.ts';
import { rateDraftOf } from './shipment-draft.ts';
import { trackAlert } from './track-alert.ts';
import { trackingReading } from './tracking.ts';
import { ratesOf } from './translate.ts';
import { voidLabel } from './void-label.ts';
import { verifyUpsWebhook } from './webhook.ts';
import { wireRatesSchema } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type UpsOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Of an app in UPS's developer portal. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The account that pays: six letters and digits. */
  readonly accountNumber: string;
  /** Without a path; default UPS's production, {@link upsTestUrl} is its test environment. */
  readonly baseUrl?: string;
  /** Currency of the account, such as `USD`. */
  readonly currency: string;
  /** IANA zone of the nodes: in it the day of a shipment and the hours of a pickup are told. */
  readonly zone: string;
  /** Our name of a service to UPS's code of two characters: `{ ground: '03' }`. Services outside the map go by UPS's codes. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** The credential that UPS's portal was given for Track Alert; during a change the old one as well. Without one no webhook is believed. */
  readonly webhookCredentials?: readonly string[];
};

/** UPS as a carrier, with an account of one's own; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for an account number that is none. */
export function upsCarrier(options: UpsOptions): Carrier {
  const { accountNumber, clientId, clientSecret, currency, zone } = options;
  if (!/^[A-Za-z0-9]{6}$/.test(accountNumber)) throw new RangeError('a UPS account number is six letters and digits');
  const surroundings = surroundingsOf(options, upsBuckets(options.connection));
  const { clock } = surroundings;
  const names = serviceNames(options.serviceMap ?? {});
  const origin = (options.baseUrl ?? upsBaseUrl).replace(/\/+$/, '').replace(/\/api$/, '');
  const credentials = options.webhookCredentials ?? [];
  const client = upsClient({
    ...surroundings,
    connection: options.connection,
    credentials: { clientId, clientSecret },
    accountNumber,
    origin,
  });
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([clientId, clientSecret, ...credentials], addresses);
  const draftGiven = { accountNumber, zone };

  /** Asks for the price of one service, by the same words as the label is bought. */
  async function quote(request: LabelRequest, redact: Redact): Promise<Price> {
    const service = names.toTheirs(request.service);
    const operation = 'rate.quote';
    const reply = await client.call({
      operation,
      method: 'POST',
      path: `/rating/${versions.rating}/Rate`,
      body: rateDraftOf(request, service, draftGiven),
      kind: 'read',
      redact,
    });
    const rated = readReply(wireRatesSchema, reply, operation).RateResponse.RatedShipment;
    const { rates, problems } = ratesOf(rated, { parcel: request.parcel, currency }, names);
    const rate = rates.find((each) => names.toTheirs(each.service) === service);
    if (rate === undefined)
      throw notDone(
        'refused',
        operation,
        `UPS offers no ${request.service} for this parcel`,
        problems[0] ?? 'Ask for rates to see what it offers.',
      );
    return { total: rate.total, charges: rate.charges, isNegotiated: rate.isNegotiated === true };
  }

  return {
    connection: options.connection,
    safety: { buy: 'read-back', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-scan', labelFormats: ['zpl', 'pdf'], returnLabels: true, customs: true, voidDays: null },
    ...labelPurchase({ client, clock, currency, names, redactorFor, quote, ...draftGiven }),
    labelsSince: null,
    addressCheck: (address) => checkAddress(client, address, redactorFor(address)),
    tracking: trackingReading(client, redactorFor()),
    trackingPush: trackAlert(client, clock, redactorFor()),
    verifyWebhook: credentials.length === 0 ? null : (rawBody, headers) => verifyUpsWebhook(rawBody, headers, credentials),
    pickup: pickupOf({ client, clock, accountNumber, zone, redactorFor }),
    manifest: null,

    async probe() {
      await client.renewToken();
      return {
        account: `UPS ${accountNumber}`,
        problems: origin === upsTestUrl ? ['This is the test environment of UPS: labels are samples and move nothing.'] : [],
      };
    },

    async rates(request, signal) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const operation = 'rate.shop';
      try {
        const reply = await client.call({
          operation,
          method: 'POST',
          path: `/rating/${versions.rating}/Shoptimeintransit`,
          body: rateDraftOf(request, null, draftGiven),
          kind: 'read',
          redact,
          ...(signal === undefined ? {} : { signal }),
        });
        return ratesOf(readReply(wireRatesSchema, reply, operation).RateResponse.RatedShipment, request, names);
      } catch (error) {
        // UPS refuses a parcel that no service takes as it refuses a request that is wrong: both are told in its words.
        if (!isFault(error) || error.facts.status !== 400 || error.facts.vendorCode === undefined) throw error;
        return { rates: [], problems: [`UPS: ${error.facts.message} (${error.facts.vendorCode})`] };
      }
    },

    voidLabel: (label) => voidLabel(client, label, redactorFor()),

    async documents(label, format) {
      const operation = 'label.recover';
      if (format === 'png') throw notDone('unsupported', operation, 'UPS gives no label as PNG', 'Ask for ZPL or PDF.');
      const seen = await lookUp(client, { trackingNumber: label.trackingNumber }, { format, accountNumber, redact: redactorFor() });
      if (seen.kind === 'found') return seen.document;
      throw notDone(
        'not-found',
        operation,
        seen.kind === 'withheld' ? seen.reason : `UPS has no label of ${label.trackingNumber} (${seen.kind})`,
      );
    },
  };
}

import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Carrier, type ConnectionId, type LabelRequest } from '@quartermaster/domain';
import { checkAddress } from './address-check.ts';
import { quotedPrice, type Price } from './charges.ts';
import { fedexClient, readReply } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { groundClose } from './ground-close.ts';
import { labelPurchase } from './label-purchase.ts';
import { fedexBaseUrl, fedexBuckets, fedexTestUrl } from './limits.ts';
import { pickupOf } from './pickup.ts';
import { rateDraftOf } from './shipment-draft.ts';
import { trackingReading } from './tracking.ts';
import { ratesOf } from './translate.ts';
import { voidLabel } from './void-label.ts';
import { verifyFedexWebhook } from './webhook.ts';
import { wireRatesSchema } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type FedexOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** API key of a project in FedEx's developer portal. */
  readonly clientId: string;
  /** Its secret key. */
  readonly clientSecret: string;
  /** The account that pays: nine digits. */
  readonly accountNumber: string;
  /** Without a path; default FedEx's production, {@link fedexTestUrl} is its test environment. */
  readonly baseUrl?: string;
  /** Currency of the account, such as `USD`. */
  readonly currency: string;
  /** IANA zone of the nodes: in it the day of a shipment and the hours of a pickup are told. */
  readonly zone: string;
  /** Our name of a service to FedEx's: `{ ground: 'FEDEX_GROUND' }`. Services outside the map go by FedEx's names. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** The security token of the webhook's project in FedEx's portal; during a change the old one as well. Without one no webhook is believed. */
  readonly webhookTokens?: readonly string[];
};

/** FedEx as a carrier, with an account of one's own; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for an account number that is none. */
export function fedexCarrier(options: FedexOptions): Carrier {
  const { accountNumber, clientId, clientSecret, currency, zone } = options;
  if (!/^\d{9}$/.test(accountNumber)) throw new RangeError('a FedEx account number is nine digits');
  const surroundings = surroundingsOf(options, fedexBuckets(options.connection));
  const { clock } = surroundings;
  const names = serviceNames(options.serviceMap ?? {});
  const origin = (options.baseUrl ?? fedexBaseUrl).replace(/\/+$/, '');
  const tokens = options.webhookTokens ?? [];
  const client = fedexClient({ ...surroundings, connection: options.connection, credentials: { clientId, clientSecret }, origin });
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([clientId, clientSecret, ...tokens], addresses);
  const given = { accountNumber, zone };

  /** Asks for the price of one service, by the same words as the label is bought. */
  async function quote(request: LabelRequest, redact: Redact): Promise<Price> {
    const serviceType = names.toTheirs(request.service);
    const operation = 'rate.quote';
    const reply = await client.call({
      operation,
      method: 'POST',
      path: '/rate/v1/rates/quotes',
      body: rateDraftOf(request, serviceType, given),
      kind: 'read',
      redact,
    });
    const replies = readReply(wireRatesSchema, reply, operation).output.rateReplyDetails ?? [];
    const price = quotedPrice(replies.find((each) => each.serviceType === serviceType)?.ratedShipmentDetails ?? []);
    if (price === null)
      throw notDone(
        'refused',
        operation,
        `FedEx names no price of ${request.service} for this parcel`,
        'Ask for rates to see what it offers.',
      );
    if (price.total.currency !== currency)
      throw notDone(
        'refused',
        operation,
        `FedEx ${request.service} is priced in ${price.total.currency}, not in ${currency}`,
        'Set the currency of the account.',
      );
    const { total, charges, isNegotiated } = price;
    return { total, charges, isNegotiated };
  }

  return {
    connection: options.connection,
    safety: { buy: 'claim', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-scan', labelFormats: ['zpl', 'pdf', 'png'], returnLabels: true, customs: true, voidDays: null },
    ...labelPurchase({ client, clock, names, redactorFor, quote, ...given }),
    labelsSince: null,
    documents: null,
    addressCheck: (address) => checkAddress(client, address, redactorFor(address)),
    tracking: trackingReading(client, redactorFor()),
    trackingPush: null,
    verifyWebhook: tokens.length === 0 ? null : (rawBody, headers) => verifyFedexWebhook(rawBody, headers, tokens),
    pickup: pickupOf({ client, redactorFor, ...given }),
    manifest: groundClose({ client, accountNumber, redact: redactorFor() }),
    voidLabel: (label) => voidLabel(client, label, { accountNumber, redact: redactorFor() }),

    async probe() {
      await client.renewToken();
      return {
        account: `FedEx ${accountNumber}`,
        problems: origin === fedexTestUrl ? ['This is the test environment of FedEx: labels are samples and move nothing.'] : [],
      };
    },

    async rates(request, signal) {
      const operation = 'rate.shop';
      try {
        const reply = await client.call({
          operation,
          method: 'POST',
          path: '/rate/v1/rates/quotes',
          body: rateDraftOf(request, null, given),
          kind: 'read',
          redact: redactorFor(request.shipFrom, request.shipTo),
          ...(signal === undefined ? {} : { signal }),
        });
        const replies = readReply(wireRatesSchema, reply, operation).output.rateReplyDetails ?? [];
        if (replies.length === 0) return { rates: [], problems: ['FedEx offers no service for this parcel.'] };
        return ratesOf(replies, request, names);
      } catch (error) {
        // FedEx refuses a parcel that no service takes as it refuses a request that is wrong: both are told in its words.
        if (!isFault(error) || !isRefusal(error)) throw error;
        return { rates: [], problems: [`FedEx: ${error.facts.message} (${error.facts.vendorCode ?? 'no code'})`] };
      }
    },
  };
}

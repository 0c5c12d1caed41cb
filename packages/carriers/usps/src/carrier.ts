import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Carrier, type ConnectionId, type LabelRequest, type Rate, type RateRequest } from '@quartermaster/domain';
import { checkAddress } from './address-check.ts';
import { readReply, uspsClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { obstacleOf } from './label-draft.ts';
import { labelPurchase } from './label-purchase.ts';
import { uspsBaseUrl, uspsBuckets, uspsTestUrl } from './limits.ts';
import { scanForms } from './manifest.ts';
import { offersOf, optionsDraftOf, type Offer } from './options.ts';
import { pickupOf } from './pickup.ts';
import { reprint } from './reprint.ts';
import { serviceOf, wordOf } from './services.ts';
import type { PostageAccount } from './tokens.ts';
import { trackingReading } from './tracking.ts';
import { voidLabel } from './void-label.ts';
import { verifyUspsWebhook } from './webhook.ts';
import { wireOptionsSchema } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type UspsOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Of an app in USPS's developer portal. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who pays for labels and whose numbers they have. */
  readonly account: PostageAccount;
  /** Without a path; default USPS's production, {@link uspsTestUrl} is its test environment. */
  readonly baseUrl?: string;
  /** IANA zone of the nodes: in it the day of mailing is told. */
  readonly zone: string;
  /** Our name of a service to USPS's word: `{ ground: 'USPS_GROUND_ADVANTAGE' }`. Services outside the map go by USPS's words. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** The secret that a subscription to the tracking of the mailer id was made with; during a change the old one as well. Without one no webhook is believed. */
  readonly webhookSecrets?: readonly string[];
  /** The app's quota, default 60. Only for the limiter in memory: who gives a `limiter` has given it with that. */
  readonly callsPerHour?: number;
};

/** USPS as a carrier, with an account of one's own; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for an account whose numbers cannot be such. */
export function uspsCarrier(options: UspsOptions): Carrier {
  const { account, clientId, clientSecret, zone } = options;
  if (![account.mid, account.manifestMid].every((mid) => /^(\d{6}|\d{9})$/.test(mid)))
    throw new RangeError('a mailer id of USPS has six or nine digits');
  if (!/^\d{2,18}$/.test(account.crid)) throw new RangeError('a customer registration of USPS has 2 to 18 digits');
  const { callsPerHour } = options;
  const surroundings = surroundingsOf(options, uspsBuckets(options.connection, callsPerHour === undefined ? {} : { callsPerHour }));
  const { clock } = surroundings;
  const secrets = options.webhookSecrets ?? [];
  const names = serviceNames(options.serviceMap ?? {});
  const origin = (options.baseUrl ?? uspsBaseUrl).replace(/\/+$/, '');
  const client = uspsClient({
    ...surroundings,
    connection: options.connection,
    credentials: { clientId, clientSecret },
    account,
    origin,
  });
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([clientId, clientSecret, ...secrets], addresses);

  async function offers(
    request: Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>,
    given: { readonly mailClass: string | null; readonly redact: Redact; readonly signal?: AbortSignal | undefined },
  ): Promise<Offer[]> {
    const operation = given.mailClass === null ? 'rate.shop' : 'rate.quote';
    const reply = await client.call({
      operation,
      method: 'POST',
      path: '/shipments/v3/options/search',
      body: optionsDraftOf(request, given.mailClass, { account, zone, now: clock.now() }),
      kind: 'read',
      redact: given.redact,
      ...(given.signal === undefined ? {} : { signal: given.signal }),
    });
    return offersOf(readReply(wireOptionsSchema, reply, operation), request.delivery, { everything: given.mailClass !== null });
  }

  /** Asks for the price of one service, by the same words as the label is bought. */
  async function quote(request: LabelRequest, redact: Redact): Promise<Offer> {
    const word = names.toTheirs(request.service);
    const service = serviceOf(word);
    const found = service === null ? [] : await offers(request, { mailClass: service.mailClass, redact });
    const offer = found.find((each) => wordOf(each.service) === word);
    if (offer === undefined)
      throw notDone('refused', 'rate.quote', `USPS offers no ${request.service} for this parcel`, 'Ask for rates to see what it offers.');
    return offer;
  }

  return {
    connection: options.connection,
    safety: { buy: 'key', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-creation', labelFormats: ['pdf', 'zpl', 'png'], returnLabels: true, customs: false, voidDays: null },
    ...labelPurchase({ client, clock, zone, redactorFor, quote }),
    labelsSince: null,
    addressCheck: (address) => checkAddress(client, address, redactorFor(address)),
    tracking: trackingReading(client, redactorFor()),
    trackingPush: null,
    verifyWebhook: secrets.length === 0 ? null : (rawBody, headers) => verifyUspsWebhook(rawBody, headers, secrets),
    pickup: pickupOf({ client, clock, zone, redactorFor }),
    manifest: scanForms(client, clock, redactorFor),

    async probe() {
      await client.renewTokens();
      return {
        account: `USPS ${account.crid}`,
        problems: origin === uspsTestUrl ? ['This is the test environment of USPS: labels are samples and move nothing.'] : [],
      };
    },

    async rates(request, signal) {
      signal?.throwIfAborted();
      const obstacle = request.currency === 'USD' ? obstacleOf(request) : `USPS prices in US dollars, not in ${request.currency}`;
      if (obstacle !== null) return { rates: [], problems: [`${obstacle}.`] };
      try {
        const found = await offers(request, { mailClass: null, redact: redactorFor(request.shipFrom, request.shipTo), signal });
        return {
          rates: found.map((offer) => rateOf(offer, names.toOurs(wordOf(offer.service)))),
          problems: found.length === 0 ? ['USPS offers nothing for this parcel.'] : [],
        };
      } catch (error) {
        // USPS refuses a parcel that no service takes as it refuses a request that is wrong: both are told in its words.
        if (!isFault(error) || !isRefusal(error)) throw error;
        return { rates: [], problems: [`USPS: ${error.facts.message} (${error.facts.vendorCode ?? 'no code'})`] };
      }
    },

    voidLabel: (label) => voidLabel(client, label, redactorFor()),

    async documents(label, format) {
      const seen = await reprint(client, { trackingNumber: label.trackingNumber }, { format, redact: redactorFor() });
      if (seen.kind === 'found') return seen.document;
      throw notDone(
        'not-found',
        'label.reprint',
        seen.kind === 'withheld' ? seen.reason : `USPS prints no label ${label.trackingNumber} (${seen.kind})`,
        'USPS prints a label three times more, and up to its day of mailing: take the document that was kept when it was bought.',
      );
    },
  };
}

/** USPS names no end of a price: it holds for the day of mailing that it was asked for. */
function rateOf(offer: Offer, service: string): Rate {
  const { arrival, billable, isNegotiated, price, zone } = offer;
  return { service, total: price.total, charges: price.charges, billable, zone, arrival, expiresAt: null, isNegotiated };
}

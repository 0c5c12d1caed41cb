import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, localDate, type Carrier, type ConnectionId, type LabelRequest } from '@quartermaster/domain';
import { checkAddress } from './address-check.ts';
import { dhlClient, readReply } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { waybillOf } from './label-lookup.ts';
import { labelPurchase, type Quote } from './label-purchase.ts';
import { dhlExpressBaseUrl, dhlExpressBuckets, dhlExpressTestUrl } from './limits.ts';
import { plannedAt } from './moments.ts';
import { pickupOf } from './pickup.ts';
import { rateDraftOf, type Route } from './rate-draft.ts';
import { trackingReading } from './tracking.ts';
import { ratesOf } from './translate.ts';
import { productPrice } from './charges.ts';
import { wirePlacesSchema, wireRatesSchema, type WireProduct } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type DhlExpressOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Of MyDHL API, as DHL's portal gives them; not those of MyDHL+. */
  readonly username: string;
  readonly password: string;
  /** The account that pays: digits, at most twelve. */
  readonly accountNumber: string;
  /** With its path; default {@link dhlExpressBaseUrl}. */
  readonly baseUrl?: string;
  /** Currency that the account is billed in, such as `EUR`. */
  readonly currency: string;
  /** IANA zone of the nodes: in it the time of handing over, the cutoff and the hours of a pickup are told. */
  readonly zone: string;
  /** Our name of a service to DHL's global product code: `{ express: 'P' }`. Services outside the map go by DHL's codes. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** Send invoices to the customs ahead, instead of paper with the parcel; the account must be set up for it. Default false. */
  readonly paperlessTrade?: boolean;
};

/** DHL Express as a carrier, with an account of one's own; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for an account number that is none. */
export function dhlExpressCarrier(options: DhlExpressOptions): Carrier {
  const { accountNumber, connection, currency, password, username, zone } = options;
  if (!/^\d{1,12}$/.test(accountNumber)) throw new RangeError('a DHL Express account number is at most twelve digits');
  const surroundings = surroundingsOf(options, dhlExpressBuckets(connection));
  const { clock } = surroundings;
  const names = serviceNames(options.serviceMap ?? {});
  const baseUrl = (options.baseUrl ?? dhlExpressBaseUrl).replace(/\/+$/, '');
  const isTest = baseUrl === dhlExpressTestUrl;
  const client = dhlClient({ ...surroundings, connection, credentials: { username, password }, baseUrl });
  const given = { accountNumber, zone, paperlessTrade: options.paperlessTrade ?? false };
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([username, password], addresses);

  /** Products with their prices, and DHL's warnings; one product where it is named. */
  async function ask(
    request: Route & Pick<LabelRequest, 'shipAt'>,
    product: string | null,
    redact: Redact,
    signal?: AbortSignal,
  ): Promise<{ readonly products: readonly WireProduct[]; readonly warnings: readonly string[] }> {
    const operation = product === null ? 'rate.shop' : 'rate.quote';
    const reply = await client({
      operation,
      method: 'POST',
      path: '/rates',
      body: rateDraftOf(request, plannedAt(request.shipAt, clock.now()), product, given),
      kind: 'read',
      redact,
      ...(signal === undefined ? {} : { signal }),
    });
    const { products, warnings } = readReply(wireRatesSchema, reply, operation);
    return { products, warnings: (warnings ?? []).map(redact) };
  }

  async function quote(request: LabelRequest, redact: Redact): Promise<Quote> {
    const code = names.toTheirs(request.service);
    const { products, warnings } = await ask(request, code, redact);
    const product = products.find(({ productCode }) => productCode === code);
    const price = product === undefined ? null : productPrice(product);
    if (product === undefined || price === null)
      throw notDone(
        'refused',
        'rate.quote',
        `DHL Express offers no ${request.service} for this parcel`,
        warnings.join(' ') || 'Ask for rates to see what it offers.',
      );
    if (price.total.currency !== currency)
      throw notDone(
        'refused',
        'rate.quote',
        `DHL Express bills this account in ${price.total.currency}, and the connection has ${currency}`,
        'Set the currency of the connection to that of the account.',
      );
    return { price, localCode: product.localProductCode || null };
  }

  return {
    connection,
    safety: { buy: 'read-back', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-scan', labelFormats: ['pdf', 'zpl'], returnLabels: true, customs: true, voidDays: null },
    ...labelPurchase({ ...given, client, clock, names, redactorFor, quote, canBeFound: !isTest }),
    labelsSince: null,
    addressCheck: (address) => checkAddress(client, address, redactorFor(address)),
    tracking: trackingReading(client, redactorFor()),
    trackingPush: null,
    verifyWebhook: null,
    pickup: pickupOf({ client, clock, accountNumber, zone, redactorFor }),
    manifest: null,

    /** MyDHL has nothing that only looks at the keys; a town of DHL's own is the smallest question, and whatever it says of it, it took the keys. It does not look at the account number. */
    async probe() {
      const operation = 'probe';
      try {
        const reply = await client({
          operation,
          method: 'GET',
          path: '/address-validate',
          query: { type: 'pickup', countryCode: 'DE', postalCode: '53113', cityName: 'Bonn', strictValidation: 'false' },
          kind: 'read',
          redact: redactorFor(),
        });
        readReply(wirePlacesSchema, reply, operation);
      } catch (error) {
        if (!isFault(error) || !isRefusal(error)) throw error;
      }
      return {
        account: `DHL Express ${accountNumber}`,
        problems: isTest ? ['This is the test environment of DHL Express: labels are samples and move nothing.'] : [],
      };
    },

    async rates(request, signal) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      try {
        const { products, warnings } = await ask(request, null, redact, signal);
        const { rates, problems } = ratesOf(products, { currency: request.currency, zone }, names);
        const silent = products.length === 0 && warnings.length === 0 ? ['DHL Express offers nothing for this parcel.'] : [];
        return { rates, problems: [...problems, ...warnings, ...silent] };
      } catch (error) {
        // DHL refuses a parcel that no product takes as it refuses a request that is wrong: both are told in its words.
        if (!isFault(error) || !isRefusal(error)) throw error;
        return { rates: [], problems: [`DHL Express: ${error.facts.message}`] };
      }
    },

    voidLabel: () =>
      Promise.resolve({ kind: 'refused', reason: 'DHL Express takes no label back: destroy it. What is not collected is not billed.' }),

    async documents(label, format) {
      const operation = 'label.get-image';
      if (format !== 'pdf')
        throw notDone('unsupported', operation, `DHL Express gives no bought label again as ${format.toUpperCase()}`, 'Ask for PDF.');
      const day = localDate(clock.now(), zone);
      const waybill = await waybillOf(client, label.trackingNumber, { accountNumber, day, redact: redactorFor() });
      if (waybill !== null) return waybill.document;
      throw notDone('not-found', operation, `DHL Express keeps no waybill of ${label.trackingNumber}`, 'Print it from MyDHL+.');
    },
  };
}

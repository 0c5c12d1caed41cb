import { systemClock } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  InvariantError,
  chargeSchema,
  destinationOf,
  formatMoney,
  instantSchema,
  localDate,
  moneySchema,
  type Carrier,
  type Charge,
  type Clock,
  type ConnectionId,
  type EffectRefs,
  type Instant,
  type Label,
  type LabelRequest,
  type Money,
  type RateRequest,
} from '@quartermaster/domain';
import { priceParcel, serviceOf, tariffOn, type NotServedReason, type Tariff, type TariffCharge } from '@quartermaster/parcels';
import { z } from 'zod';
import { trackingNumberOf } from './tracking-number.ts';
import { zplLabel } from './zpl-label.ts';

export type RateTableOptions = {
  readonly connection: ConnectionId;
  /** Tariffs of one carrier; the one that holds on the day of shipping is used. */
  readonly tariffs: readonly Tariff[];
  /** Default the machine's own. */
  readonly clock?: Clock;
  /** IANA zone whose calendar says which day a parcel leaves; default UTC. */
  readonly zone?: string;
  /** Begins every tracking number; capital letters and digits, default `QM`. */
  readonly labelPrefix?: string;
};

/**
 * A carrier without an API: prices come from tariffs, labels are made here. Buying is safe by nature, because a label follows from the intent's key: the same key gives the same
 * label. Throws a `RangeError` when there is no tariff, tariffs of two carriers, or a prefix that cannot stand in a bar code.
 */
export function rateTableCarrier(options: RateTableOptions): Carrier {
  const { connection, tariffs } = options;
  const clock = options.clock ?? systemClock;
  const zone = options.zone ?? 'UTC';
  const prefix = options.labelPrefix ?? 'QM';
  const carrier = carrierOf(tariffs);
  if (!/^[A-Z0-9]{1,6}$/.test(prefix)) throw new RangeError(`not a label prefix of up to six capital letters and digits: ${prefix}`);

  function tariffAt(instant: Instant): Tariff | null {
    return tariffOn(tariffs, localDate(instant, zone));
  }

  /** What a label costs, or a fault that nothing was bought. */
  function sell(request: LabelRequest): Sale {
    const tariff =
      tariffAt(request.shipAt) ??
      refuse(`no tariff of ${carrier} holds on ${localDate(request.shipAt, zone)}`, 'Add the tariff of that day.');
    const service =
      serviceOf(tariff, request.service) ??
      tariff.services.find(({ carrierService }) => carrierService === request.service) ??
      refuse(`tariff ${tariff.id} has no service ${request.service}`, 'Choose one of its services.');
    const price = priceParcel(tariff, service.id, question(request, localDate(request.shipAt, zone)));
    if (price.kind === 'not-served') return refuse(sentence(service.name, price.reason), 'Choose another service, or divide the parcel.');
    const problem = aboveLimit(price.total, request.priceLimit);
    if (problem !== null) return refuse(problem, 'Raise the limit, or choose another service.');
    return {
      service: service.id,
      serviceName: service.name,
      price: price.total,
      charges: price.charges.map(chargeOf),
      boughtAt: clock.now(),
    };
  }

  function labelOf(request: LabelRequest, key: string, sale: Sale): Label {
    const trackingNumber = trackingNumberOf(prefix, key);
    const zpl = zplLabel(request, { carrier, service: sale.serviceName, trackingNumber, zone });
    return {
      ref: trackingNumber,
      carrier,
      service: sale.service,
      trackingNumber,
      trackingUrl: null,
      price: sale.price,
      charges: sale.charges,
      boughtAt: sale.boughtAt,
      document: { format: 'zpl', base64: Buffer.from(zpl, 'utf8').toString('base64'), url: null },
    };
  }

  return {
    connection,
    safety: { buy: 'natural', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-invoice', labelFormats: ['zpl'], returnLabels: true, customs: false, voidDays: null },

    probe() {
      const today = localDate(clock.now(), zone);
      const problems = tariffOn(tariffs, today) === null ? [`No tariff of ${carrier} holds today (${today}): add one.`] : [];
      return Promise.resolve({ account: carrier, problems });
    },

    rates(request) {
      const tariff = tariffAt(request.shipAt);
      if (tariff === null)
        return Promise.resolve({ rates: [], problems: [`No tariff of ${carrier} holds on ${localDate(request.shipAt, zone)}.`] });
      if (tariff.currency !== request.currency)
        return Promise.resolve({ rates: [], problems: [`Tariff ${tariff.id} is in ${tariff.currency}, not in ${request.currency}.`] });
      const prices = tariff.services.map((service) => ({
        service,
        price: priceParcel(tariff, service.id, question(request, localDate(request.shipAt, zone))),
      }));
      return Promise.resolve({
        rates: prices.flatMap(({ service, price }) =>
          price.kind === 'not-served'
            ? []
            : [
                {
                  service: service.id,
                  total: price.total,
                  charges: price.charges.map(chargeOf),
                  billable: { grams: price.billableGrams, because: 'unknown' },
                  zone: price.zone,
                  arrival: { day: null, transitDays: price.transitDays, percentiles: null, isGuaranteed: false },
                  expiresAt: null,
                  isNegotiated: true,
                },
              ],
        ),
        problems: prices.flatMap(({ service, price }) => (price.kind === 'not-served' ? [`${sentence(service.name, price.reason)}.`] : [])),
      });
    },

    async buy(request, memo) {
      const saved = savedSale(memo.refs);
      if (saved !== null) return labelOf(request, memo.key, saved);
      const sale = sell(request);
      await memo.saveRefs({ [saleRef]: JSON.stringify(sale) });
      return labelOf(request, memo.key, sale);
    },

    reconcile(request, refs, memo) {
      const saved = savedSale(refs);
      return Promise.resolve(saved === null ? { kind: 'absent' } : { kind: 'found', result: labelOf(request, memo.key, saved) });
    },

    voidLabel: () => Promise.resolve({ kind: 'voided' }),
    labelsSince: null,
    documents: null,
    addressCheck: null,
    tracking: null,
    trackingPush: null,
    verifyWebhook: null,
    pickup: null,
    manifest: null,
  };
}

/** A charge of the tariff in the words that every carrier's charges have. */
function chargeOf({ code, amount }: TariffCharge): Charge {
  return { type: code === 'freight' ? 'shipping' : code === 'fuel' ? 'fuel-charge' : 'additional-fees', amount, vendorCode: code };
}

function carrierOf(tariffs: readonly Tariff[]): string {
  const [first, ...others] = new Set(tariffs.map((tariff) => tariff.carrier));
  if (first === undefined || others.length > 0) throw new RangeError('a rate table has tariffs of one carrier');
  return first;
}

function question({ shipFrom, shipTo, parcel }: Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel'>, date: string) {
  return { from: destinationOf(shipFrom), to: destinationOf(shipTo), parcel, date };
}

function aboveLimit(price: Money, limit: Money | null): string | null {
  if (limit === null) return null;
  if (limit.currency !== price.currency) return `the price is in ${price.currency} and its limit in ${limit.currency}`;
  return price.minor > limit.minor ? `the label costs ${formatMoney(price)}, more than its limit of ${formatMoney(limit)}` : null;
}

/** What was agreed on the first attempt; kept, so that a later attempt gives the same label even when the tariff or the hour is another. */
const saleSchema = z.object({
  service: z.string(),
  serviceName: z.string(),
  price: moneySchema,
  charges: z.array(chargeSchema).default([]),
  boughtAt: instantSchema,
});
type Sale = z.infer<typeof saleSchema>;

const saleRef = 'sale';

function savedSale(refs: EffectRefs): Sale | null {
  const saved = refs[saleRef];
  if (saved === undefined) return null;
  const sale = saleSchema.safeParse(JSON.parse(saved));
  if (!sale.success) throw new InvariantError(`the saved sale of a label is damaged: ${sale.error.issues[0]?.message ?? 'unknown'}`);
  return sale.data;
}

function sentence(service: string, reason: NotServedReason): string {
  return `${service} ${notServed[reason]}`;
}

const notServed: Readonly<Record<NotServedReason, string>> = {
  'no-such-service': 'is not in the tariff',
  'not-in-effect': 'has no price on that day',
  'too-heavy': 'does not take a parcel of that weight',
  'no-zone': 'does not go there',
  'above-last-band': 'has no price for that billable weight',
};

function refuse(message: string, advice: string): never {
  throw new ConnectorFault('refused', {
    connector: 'rate-table',
    operation: 'label.buy',
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message,
    advice,
  });
}

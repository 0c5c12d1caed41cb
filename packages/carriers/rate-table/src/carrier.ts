import { notDoneBy, systemClock } from '@quartermaster/connector-kit';
import {
  InvariantError,
  chargeSchema,
  instantSchema,
  localDate,
  moneySchema,
  type Carrier,
  type Clock,
  type ConnectionId,
  type EffectRefs,
  type Label,
  type LabelRequest,
} from '@quartermaster/domain';
import { carrierOfTariffs, tariffOn, tariffRates, tariffSale, type Tariff } from '@quartermaster/parcels';
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
  const carrier = carrierOfTariffs(tariffs);
  if (!/^[A-Z0-9]{1,6}$/.test(prefix)) throw new RangeError(`not a label prefix of up to six capital letters and digits: ${prefix}`);

  /** What a label costs, or a fault that nothing was bought. */
  function sell(request: LabelRequest): Sale {
    const sale = tariffSale(tariffs, request, zone);
    if (sale.kind === 'refused') throw notDone('refused', 'label.buy', sale.message, sale.advice);
    const { service, price, charges } = sale;
    return { service: service.id, serviceName: service.name, price, charges: [...charges], boughtAt: clock.now() };
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

    async rates(request, signal) {
      signal?.throwIfAborted();
      return tariffRates(tariffs, request, zone);
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

const notDone = notDoneBy('rate-table');

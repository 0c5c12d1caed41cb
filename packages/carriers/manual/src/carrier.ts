import { systemClock } from '@quartermaster/connector-kit';
import {
  chargeSchema,
  ConnectorFault,
  formatMoney,
  InvariantError,
  localDate,
  moneySchema,
  typedLabelIn,
  type Carrier,
  type Clock,
  type ConnectionId,
  type EffectRefs,
  type Label,
  type LabelRequest,
  type TypedLabel,
} from '@quartermaster/domain';
import { carrierOfTariffs, tariffOn, tariffRates, tariffSale, type Tariff } from '@quartermaster/parcels';
import { z } from 'zod';

export type ManualOptions = {
  readonly connection: ConnectionId;
  /** Tariffs of one carrier: what a label is expected to cost. The one that holds on the day of shipping is used. */
  readonly tariffs: readonly Tariff[];
  /** Default the machine's own. */
  readonly clock?: Clock;
  /** IANA zone whose calendar says which day a parcel leaves; default UTC. */
  readonly zone?: string;
};

/** The vendor's code of the fault that says that a person has to buy the label and type its number in. */
export const numberWanted = 'NUMBER_WANTED';

/**
 * A carrier of whose labels no program knows: a person buys each where they are sold, and types its number in. `buy` refuses with the code {@link numberWanted} until the intent's refs have
 * what was typed (`typedLabelRefs` of the domain); from then on the same key gives the same label. Nothing happens by itself, so nothing can be in doubt. Throws a `RangeError` when there is
 * no tariff, or tariffs of two carriers.
 */
export function manualCarrier(options: ManualOptions): Carrier {
  const { connection, tariffs } = options;
  const clock = options.clock ?? systemClock;
  const zone = options.zone ?? 'UTC';
  const carrier = carrierOfTariffs(tariffs);

  /** What the person is to pay, as it was agreed on the first attempt. */
  function sell(request: LabelRequest): Sale {
    const sale = tariffSale(tariffs, request, zone);
    if (sale.kind === 'refused') throw notBought(sale);
    return { service: sale.service.id, price: sale.price, charges: [...sale.charges] };
  }

  /** What was paid is paid: a price that a person typed counts, whatever was expected. */
  function labelOf(request: LabelRequest, typed: TypedLabel, expected: Sale | null): Label {
    const sale =
      typed.price === null
        ? (expected ?? sell(request))
        : { service: expected?.service ?? request.service, price: typed.price, charges: [] };
    return {
      ref: typed.trackingNumber,
      carrier,
      service: sale.service,
      trackingNumber: typed.trackingNumber,
      trackingUrl: typed.trackingUrl,
      price: sale.price,
      charges: sale.charges,
      boughtAt: typed.typedAt,
      document: { format: 'none', base64: null, url: null },
    };
  }

  return {
    connection,
    safety: { buy: 'natural', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-creation', labelFormats: [], returnLabels: true, customs: false, voidDays: null },

    probe() {
      const today = localDate(clock.now(), zone);
      const problems = tariffOn(tariffs, today) === null ? [`No tariff of ${carrier} holds today (${today}): add one.`] : [];
      return Promise.resolve({ account: `${carrier}, by hand`, problems });
    },

    async rates(request, signal) {
      signal?.throwIfAborted();
      return tariffRates(tariffs, request, zone);
    },

    async buy(request, memo) {
      const typed = typedLabelIn(memo.refs);
      const saved = savedSale(memo.refs);
      if (typed !== null) return labelOf(request, typed, saved);
      const sale = saved ?? sell(request);
      if (saved === null) await memo.saveRefs({ [saleRef]: JSON.stringify(sale) });
      throw notBought({
        message: `a person buys this label: ${sale.service} of ${carrier}, about ${formatMoney(sale.price)}`,
        advice: 'Buy it where the carrier sells it, then type its tracking number in.',
        vendorCode: numberWanted,
      });
    },

    async reconcile(request, refs) {
      const typed = typedLabelIn(refs);
      return typed === null ? { kind: 'absent' } : { kind: 'found', result: labelOf(request, typed, savedSale(refs)) };
    },

    voidLabel: () => Promise.resolve({ kind: 'refused', reason: 'A person bought this label: give it back where it was bought.' }),
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

const saleSchema = z.object({ service: z.string(), price: moneySchema, charges: z.array(chargeSchema) });
type Sale = z.infer<typeof saleSchema>;

const saleRef = 'sale';

function savedSale(refs: EffectRefs): Sale | null {
  const saved = refs[saleRef];
  if (saved === undefined) return null;
  const sale = saleSchema.safeParse(JSON.parse(saved));
  if (!sale.success) throw new InvariantError(`the saved sale of a label is damaged: ${sale.error.issues[0]?.message ?? 'unknown'}`);
  return sale.data;
}

function notBought(facts: { readonly message: string; readonly advice: string; readonly vendorCode?: string }): ConnectorFault {
  return new ConnectorFault('refused', {
    connector: 'manual',
    operation: 'label.buy',
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message: facts.message,
    advice: facts.advice,
    ...(facts.vendorCode === undefined ? {} : { vendorCode: facts.vendorCode }),
  });
}

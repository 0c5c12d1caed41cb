import type { CarrierSubject, DeskLabel } from '@quartermaster/connector-kit/conformance';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import {
  isFault,
  plainDelivery,
  typedLabelRefs,
  typedLabelSchema,
  type Address,
  type Carrier,
  type EffectMemo,
  type LabelRequest,
} from '@quartermaster/domain';
import { tariffSchema, type Tariff } from '@quartermaster/parcels';
import { manualCarrier, numberWanted } from '../carrier.ts';

/** A carrier by hand with a person who buys each label when he is asked to, and types its number in at once. */
export const manualSubject: CarrierSubject = {
  name: 'Manual',
  lacks: {
    pdf: 'the person has the label',
    zpl: 'the person has the label',
    png: 'the person has the label',
    documents: 'the person has the label',
    'found-labels': 'nobody lists what people bought',
    'address-check': 'nobody is asked',
    customs: 'the person declares it',
    tracking: 'nobody is asked',
    'tracking-push': 'nobody is asked',
    webhooks: 'nobody calls',
    'signed-webhooks': 'nobody calls',
    pickup: 'the person sees to it',
    manifest: 'the person sees to it',
    'partial-answers': 'nobody is asked',
    'failures-as-success': 'nobody is asked',
    voids: 'the person gives it back where it was bought',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const person = personAtTheDesk();
    let baseMinor = 600;
    const carrier = (): Carrier => manualCarrier({ connection: 'desk', tariffs: [tariff(baseMinor)], clock });
    return {
      carrier: {
        ...carrier(),
        rates: (request, signal) => carrier().rates(request, signal),
        async buy(request, memo) {
          try {
            return await carrier().buy(request, memo);
          } catch (error) {
            if (!isFault(error) || error.facts.vendorCode !== numberWanted) throw error;
            await person.typeIn(memo, baseMinor, clock.now());
            return carrier().buy(request, memo);
          }
        },
      },
      clock,
      exchanges: [],
      secrets: [],
      currency: 'EUR',
      request: { ...request, shipAt: clock.now() },
      desk: {
        labels: () => person.labels(),
        raisePrices(byMinor) {
          baseMinor += byMinor;
        },
        trouble() {
          // The person's label is refused to be given back anyway.
        },
      },
    };
  },
};

/** Buys one label per key, and types the same number in whenever he is asked for it again. */
function personAtTheDesk() {
  const bought = new Map<string, DeskLabel>();
  return {
    labels: () => [...bought.values()],
    async typeIn(memo: EffectMemo, priceMinor: number, now: string) {
      const label = bought.get(memo.key) ?? { trackingNumber: `RR${100_000_000 + bought.size}DE`, priceMinor, isGivenBack: false };
      bought.set(memo.key, label);
      const typed = typedLabelSchema.parse({ trackingNumber: label.trackingNumber, trackingUrl: null, price: null, typedAt: now });
      await memo.saveRefs(typedLabelRefs(typed));
    },
  };
}

export function tariff(baseMinor: number): Tariff {
  return tariffSchema.parse({
    id: 'desk-2026',
    carrier: 'Post',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'parcel',
        name: 'Parcel',
        carrierService: '10',
        maxGrams: 31_500,
        zones: [{ id: 'inland', from: '*', to: { country: 'DE' } }],
        prices: [{ zone: 'inland', transitDays: 2, baseMinor, perKgMinor: 0 }],
      },
    ],
  });
}

function address(name: string, line: string): Address {
  return {
    name,
    company: null,
    lines: [line],
    postalCode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: '0301234567',
    email: null,
  };
}

export const request: LabelRequest = {
  shipFrom: address('Quartermaster Berth 7', 'Hafenstraße 1'),
  shipTo: address('Ada Lovelace', 'Kaiserdamm 12'),
  parcel: { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
  service: 'parcel',
  format: 'pdf',
  shipAt: '2026-11-21T09:00:00.000Z',
  delivery: plainDelivery,
  reference: 'S00042 1/1',
  priceLimit: null,
};

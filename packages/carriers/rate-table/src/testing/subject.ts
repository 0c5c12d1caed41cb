import type { CarrierSubject, DeskLabel } from '@quartermaster/connector-kit/conformance';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type Carrier, type Label } from '@quartermaster/domain';
import { tariffSchema, type Tariff } from '@quartermaster/parcels';
import { rateTableCarrier } from '../carrier.ts';

/** A rate table with one tariff. There is no vendor: a label is at the carrier once it is handed out. */
export const rateTableSubject: CarrierSubject = {
  name: 'Rate table',
  lacks: {
    pdf: 'labels are made here, as ZPL',
    png: 'labels are made here, as ZPL',
    documents: 'a label is made of its request, which the carrier does not keep',
    'found-labels': 'a label follows from its key',
    'address-check': 'nobody is asked',
    customs: 'a tariff has no place for a declaration',
    tracking: 'nobody is asked',
    'tracking-push': 'nobody is asked',
    webhooks: 'nobody calls',
    'signed-webhooks': 'nobody calls',
    pickup: 'nobody is asked',
    manifest: 'nobody is told',
    'partial-answers': 'nobody is asked',
    'failures-as-success': 'nobody is asked',
    'refused-voids': 'a label that is not used costs nothing',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const handedOut = new Map<string, DeskLabel>();
    let baseMinor = 600;
    const carrier = (): Carrier => rateTableCarrier({ connection: 'table', tariffs: [tariff(baseMinor)], clock });
    const noted = (label: Label): Label => {
      const { trackingNumber, price } = label;
      if (!handedOut.has(trackingNumber)) handedOut.set(trackingNumber, { trackingNumber, priceMinor: price.minor, isGivenBack: false });
      return label;
    };
    return {
      carrier: {
        ...carrier(),
        rates: (request, signal) => carrier().rates(request, signal),
        buy: async (request, memo) => noted(await carrier().buy(request, memo)),
        async reconcile(request, refs, memo) {
          const seen = await carrier().reconcile(request, refs, memo);
          if (seen.kind === 'found') noted(seen.result);
          return seen;
        },
        async voidLabel(label, memo) {
          const outcome = await carrier().voidLabel(label, memo);
          const known = handedOut.get(label.trackingNumber);
          if (known !== undefined && outcome.kind === 'voided') handedOut.set(label.trackingNumber, { ...known, isGivenBack: true });
          return outcome;
        },
      },
      clock,
      exchanges: [],
      secrets: [],
      currency: 'EUR',
      request: {
        shipFrom: address('Quartermaster Berth 7', 'Hafenstraße 1'),
        shipTo: address('Ada Lovelace', 'Kaiserdamm 12'),
        parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
        service: 'parcel',
        format: 'zpl',
        shipAt: clock.now(),
        delivery: plainDelivery,
        reference: 'S00042 1/1',
        priceLimit: null,
      },
      desk: {
        labels: () => [...handedOut.values()],
        raisePrices(byMinor) {
          baseMinor += byMinor;
        },
        trouble(kind) {
          throw new RangeError(`a rate table has no ${kind}`);
        },
      },
    };
  },
};

function tariff(baseMinor: number): Tariff {
  return tariffSchema.parse({
    id: 'post-2026',
    carrier: 'Post',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'parcel',
        name: 'Parcel',
        carrierService: '10',
        maxGrams: 31_500,
        fuelPercent: '10',
        zones: [{ id: 'inland', from: '*', to: { country: 'DE' } }],
        prices: [{ zone: 'inland', transitDays: 2, baseMinor, perKgMinor: 50 }],
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

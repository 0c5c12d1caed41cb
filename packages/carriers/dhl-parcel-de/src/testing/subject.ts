import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address } from '@quartermaster/domain';
import { dhlParcelDeCarrier } from '../carrier.ts';
import { createDhlParcelDeSandbox } from '../sandbox/index.ts';
import { billingNumbers, keys, origin, pickupBillingNumber, returnReceivers, tariff } from './account.ts';

/** DHL Parcel DE with a contract of ours, as the suite holds it to the carrier port. */
export const dhlParcelDeSubject: CarrierSubject = {
  name: 'DHL Parcel DE',
  lacks: {
    png: 'DHL makes PDF and ZPL',
    'found-labels': 'DHL lists no shipments, and finds none by its reference',
    'tracking-push': 'not written yet: DHL pushes for Unified Tracking by an API of its own',
    webhooks: 'not written yet: DHL pushes for Unified Tracking by an API of its own',
    'signed-webhooks': 'not written yet: DHL pushes for Unified Tracking by an API of its own',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-23T09:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    const bought: { baseMinor: number } = { baseMinor: 410 };
    const tariffs = [tariff(bought.baseMinor)];
    const sandbox = createDhlParcelDeSandbox({
      ...keys,
      clock,
      billingNumbers: [...Object.values(billingNumbers), pickupBillingNumber],
      returnReceivers: Object.values(returnReceivers),
    });
    return {
      carrier: dhlParcelDeCarrier({
        connection: 'dhl',
        ...keys,
        baseUrl: origin,
        billingNumbers,
        pickupBillingNumber,
        returnReceivers,
        tariffs,
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [keys.password, keys.apiKey, keys.apiSecret, 'sandbox-token-1'],
      currency: 'EUR',
      request: {
        shipFrom: address('Quartermaster Berth 7', 'Hafenstraße 1'),
        shipTo: address('Ada Lovelace', 'Kaiserdamm 12'),
        parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
        service: 'paket',
        format: 'pdf',
        shipAt: clock.now(),
        delivery: plainDelivery,
        reference: 'S00042 1/1',
        priceLimit: null,
      },
      desk: {
        // DHL says no price with a label: it is the tariff's.
        labels: () =>
          sandbox
            .snapshot()
            .labels.map(({ number, isDeleted }) => ({ trackingNumber: number, priceMinor: bought.baseMinor, isGivenBack: isDeleted })),
        raisePrices(byMinor) {
          bought.baseMinor += byMinor;
          tariffs[0] = tariff(bought.baseMinor);
        },
        trouble(kind) {
          switch (kind) {
            case 'partial-answer':
              return sandbox.nextOrder('refused-in-207');
            case 'failure-as-success':
              return sandbox.nextOrder('refused-in-200');
            case 'refused-void':
              return sandbox.closeDay();
          }
        },
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
      },
    };
  },
};

function address(name: string, line: string): Address {
  return {
    name,
    company: null,
    lines: [line],
    postalCode: '14057',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: '+49 30 5550132',
    email: null,
  };
}

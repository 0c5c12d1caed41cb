import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address } from '@quartermaster/domain';
import { easypostCarrier } from '../carrier.ts';
import { createEasyPostSandbox, type PurchaseTrouble, type SandboxTariff } from '../sandbox/index.ts';

const origin = 'https://easypost.test';
const apiKey = 'EZTK-sandbox-key';
const currency = 'USD';

/** EasyPost with one USPS account, as the suite holds it to the carrier port. */
export const easypostSubject: CarrierSubject = {
  name: 'EasyPost',
  lacks: {
    charges: 'a rate is one sum',
    documents: 'not written yet',
    'address-check': 'not written yet',
    'return-labels': 'not written yet',
    customs: 'not written yet',
    tracking: 'not written yet',
    'tracking-push': 'every bought parcel is tracked without asking',
    webhooks: 'not written yet',
    'signed-webhooks': 'not written yet',
    pickup: 'not written yet',
    manifest: 'not written yet',
    'partial-answers': 'every call is about one thing',
    'failures-as-success': 'failures have a status of failure',
    'refused-voids': 'not written yet',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let trouble: PurchaseTrouble | null = null;
    let baseMinor = 600;
    const sandbox = createEasyPostSandbox({
      apiKey,
      clock,
      currency,
      tariffs: [ground(baseMinor)],
      trouble: () => {
        const now = trouble;
        trouble = null;
        return now;
      },
    });
    return {
      carrier: easypostCarrier({
        connection: 'post',
        apiKey,
        baseUrl: origin,
        currency,
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [apiKey],
      currency,
      request: {
        shipFrom: address('Quartermaster Berth 7', '1 Dock Road'),
        shipTo: address('Ada Lovelace', '12 Harbor Drive'),
        parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
        service: 'USPS/Ground',
        format: 'pdf',
        shipAt: clock.now(),
        delivery: plainDelivery,
        reference: 'S00042 1/1',
        priceLimit: null,
      },
      desk: {
        labels: () =>
          sandbox.snapshot().labels.map(({ trackingCode, priceMinor, refundStatus }) => ({
            trackingNumber: trackingCode,
            priceMinor,
            isGivenBack: refundStatus !== null && refundStatus !== 'rejected',
          })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setTariffs([ground(baseMinor)]);
        },
        trouble(kind) {
          throw new RangeError(`EasyPost has no ${kind}`);
        },
      },
    };
  },
};

function ground(baseMinor: number): SandboxTariff {
  return { carrier: 'USPS', service: 'Ground', maxGrams: 31_000, lanes: [{ from: 'US', to: 'US', baseMinor, perKgMinor: 0, days: 3 }] };
}

function address(name: string, line: string): Address {
  return {
    name,
    company: null,
    lines: [line],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country: 'US',
    phone: '4155550132',
    email: null,
  };
}

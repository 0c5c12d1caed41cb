import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject, DeskTrouble } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address } from '@quartermaster/domain';
import { sendcloudCarrier } from '../carrier.ts';
import { createSendcloudSandbox, type SandboxOption, type SandboxTrouble } from '../sandbox/index.ts';

const origin = 'https://sendcloud.test';
const keys = { publicKey: 'public-key-of-the-sandbox', secretKey: 'secret-key-of-the-sandbox' };
const currency = 'EUR';

/** Sendcloud with an integration of ours, as the suite holds it to the carrier port. */
export const sendcloudSubject = subjectOf({ takesReferencesOnce: true });

/** The same for a Sendcloud that does not keep to what its specification says of references, which nobody has tried. */
export const laxSubject = subjectOf({ takesReferencesOnce: false });

function subjectOf(kind: { readonly takesReferencesOnce: boolean }): CarrierSubject {
  return {
    name: 'Sendcloud',
    lacks: {
      'address-check': 'Sendcloud checks addresses only while it announces a shipment',
      'tracking-push': 'webhooks are set up once for an integration, not parcel by parcel',
      pickup: 'its API books pickups and cannot call one off',
      manifest: 'its API has none',
      'partial-answers': 'a purchase is about one parcel',
    },
    open(given = {}) {
      const clock = virtualClock(given.start ?? '2026-11-23T09:00:00.000Z');
      const exchanges: HttpEvent[] = [];
      let baseMinor = 600;
      const sandbox = createSendcloudSandbox({ ...keys, ...kind, clock, currency, options: optionsAt(baseMinor) });
      return {
        carrier: sendcloudCarrier({
          connection: 'cloud',
          ...keys,
          baseUrl: origin,
          currency,
          clock,
          random: () => 0.5,
          fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
          onEvent: (event) => exchanges.push(event),
        }),
        clock,
        exchanges,
        secrets: [keys.secretKey, Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')],
        currency,
        request: {
          shipFrom: address('Quartermaster Berth 7', 'Stadhuisplein 10', 'dock@quartermaster.example'),
          shipTo: address('Ada Lovelace', 'Insulindelaan 115', 'ada@customer.example'),
          parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
          service: 'postnl:standard',
          format: 'pdf',
          shipAt: clock.now(),
          delivery: plainDelivery,
          reference: 'S00042 1/1',
          priceLimit: null,
        },
        returnService: 'postnl:standard/return',
        desk: {
          labels: () =>
            sandbox
              .snapshot()
              .labels.map(({ trackingNumber, priceMinor, isCancelled }) => ({ trackingNumber, priceMinor, isGivenBack: isCancelled })),
          raisePrices(byMinor) {
            baseMinor += byMinor;
            sandbox.setOptions(optionsAt(baseMinor));
          },
          trouble(kind) {
            const trouble = troubles[kind];
            if (trouble === null) throw new RangeError(`Sendcloud has no ${kind}`);
            sandbox.trouble(trouble);
          },
          scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
          takeWebhooks: () => sandbox.takeWebhooks(),
        },
      };
    },
  };
}

const troubles: Readonly<Record<DeskTrouble, SandboxTrouble | null>> = {
  'partial-answer': null,
  'failure-as-success': 'failed-label',
  'refused-void': 'cancel-refused',
};

function optionsAt(baseMinor: number): SandboxOption[] {
  const lane = { from: 'NL', to: 'NL', perKgMinor: 0, leadHours: 24 } as const;
  return [
    { code: 'postnl:standard', contractId: 517, maxGrams: 23_000, fuelPercent: 5, lanes: [{ ...lane, baseMinor }] },
    {
      code: 'postnl:standard/signature',
      contractId: 517,
      maxGrams: 23_000,
      signature: true,
      lanes: [{ ...lane, baseMinor: baseMinor + 100 }],
    },
    { code: 'postnl:standard/return', contractId: 517, maxGrams: 23_000, returns: true, lanes: [{ ...lane, baseMinor }] },
  ];
}

export function address(name: string, line: string, email: string | null): Address {
  return {
    name,
    company: null,
    lines: [line],
    postalCode: '5611 EM',
    city: 'Eindhoven',
    region: null,
    country: 'NL',
    phone: '+31612345678',
    email,
  };
}

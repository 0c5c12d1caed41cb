import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type Carrier, type LabelRequest } from '@quartermaster/domain';
import { tariffSchema, type Tariff } from '@quartermaster/parcels';
import { dhlParcelDeCarrier, type DhlParcelDeOptions } from '../carrier.ts';
import { createDhlParcelDeSandbox, type DhlParcelDeSandbox, type DhlParcelDeSandboxOptions } from '../sandbox/index.ts';

export const origin = 'https://dhl.test';
export const keys = {
  user: 'user-of-the-sandbox',
  password: 'SandboxPasswort2026!',
  apiKey: 'key-of-the-sandbox',
  apiSecret: 'secret-of-the-sandbox',
};
export const billingNumbers = { V01PAK: '33333333330101', V53WPAK: '33333333335301', V54EPAK: '33333333335401' };
export const pickupBillingNumber = '33333333330801';
export const returnReceivers = { DE: 'deu', CH: 'che' };

export type Account = {
  readonly carrier: Carrier;
  readonly sandbox: DhlParcelDeSandbox;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Method, path and query of every call so far. */
  readonly calls: string[];
  /** Bodies of the calls, as they were sent. */
  readonly bodies: string[];
};

/** Prices of three products: a parcel within Germany costs 4.10 EUR and a tenth of it for fuel. */
export function tariff(baseMinor = 410): Tariff {
  const service = (id: string, carrierService: string, to: '*' | { readonly country: string }, minor: number) => ({
    id,
    name: `DHL ${id}`,
    carrierService,
    maxGrams: 31_500,
    fuelPercent: '10',
    zones: [{ id: 'all', from: { country: 'DE' }, to }],
    prices: [{ zone: 'all', transitDays: 1, baseMinor: minor, perKgMinor: 0 }],
  });
  return tariffSchema.parse({
    id: 'dhl-2026',
    carrier: 'DHL',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [
      { ...service('paket', 'V01PAK', { country: 'DE' }, baseMinor), zones: [{ id: 'all', from: '*', to: { country: 'DE' } }] },
      service('international', 'V53WPAK', '*', baseMinor * 3),
      service('kleinpaket', 'V62KP', { country: 'DE' }, 200),
    ],
  });
}

/** An account at the sandbox. */
export function account(
  given: {
    readonly faults?: FaultPlan;
    readonly sandbox?: Partial<DhlParcelDeSandboxOptions>;
    readonly carrier?: Partial<DhlParcelDeOptions>;
    /** Log in without the secret of the app. */
    readonly isBasic?: boolean;
    readonly withoutPickups?: boolean;
  } = {},
): Account {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const calls: string[] = [];
  const bodies: string[] = [];
  const sandbox = createDhlParcelDeSandbox({
    ...keys,
    clock,
    billingNumbers: [...Object.values(billingNumbers), pickupBillingNumber],
    returnReceivers: Object.values(returnReceivers),
    ...given.sandbox,
  });
  const { apiSecret, ...login } = keys;
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const carrier = dhlParcelDeCarrier({
    connection: 'dhl',
    ...login,
    ...(given.isBasic === true ? {} : { apiSecret }),
    baseUrl: origin,
    billingNumbers,
    ...(given.withoutPickups === true ? {} : { pickupBillingNumber }),
    returnReceivers,
    tariffs: [tariff()],
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({
      [origin]: async (request) => {
        const { pathname, search } = new URL(request.url);
        calls.push(`${request.method} ${pathname}${search}`);
        bodies.push(await request.clone().text());
        return app(request);
      },
    }),
    ...given.carrier,
  });
  return { carrier, sandbox, clock, calls, bodies };
}

export const dock: Address = {
  name: 'Berth 7',
  company: 'Quartermaster GmbH',
  lines: ['Hafenstraße 1'],
  postalCode: '20457',
  city: 'Hamburg',
  region: null,
  country: 'DE',
  phone: '+49 40 5550132',
  email: 'dock@example.com',
};
export const konrad: Address = {
  ...dock,
  name: 'Konrad Zuse',
  company: null,
  lines: ['Methfesselstraße 7', '2. Hinterhof'],
  postalCode: '10965',
  city: 'Berlin',
  phone: '+49 30 5550177',
  email: 'konrad@example.com',
};
export const heidi: Address = {
  ...konrad,
  name: 'Heidi Abel',
  lines: ['Bahnhofstrasse 12', 'c/o Meier'],
  postalCode: '8001',
  city: 'Zürich',
  country: 'CH',
};

export const request: LabelRequest = {
  shipFrom: dock,
  shipTo: konrad,
  parcel: { number: 1, grams: 1_000, millimetres: [301, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
  service: 'paket',
  format: 'pdf',
  shipAt: '2026-11-23T10:00:00.000Z',
  delivery: plainDelivery,
  reference: 'S00042 1/1',
  priceLimit: null,
};

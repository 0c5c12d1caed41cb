import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { mugCustoms, sampleRequest } from '@quartermaster/connector-kit/testing';
import { plainDelivery, type Address, type Carrier, type LabelRequest } from '@quartermaster/domain';
import { dhlExpressCarrier, type DhlExpressOptions } from '../carrier.ts';
import { createDhlExpressSandbox, type DhlExpressSandbox, type DhlExpressSandboxOptions, type SandboxProduct } from '../sandbox/index.ts';

export const origin = 'https://dhl.test';
export const keys = { username: 'user-of-the-sandbox', password: 'password-of-the-sandbox', accountNumber: '230000001' };

/** Within the customs area, domestic under a local code, and abroad with goods. */
export const products: readonly SandboxProduct[] = [
  product({ code: 'U', name: 'EXPRESS WORLDWIDE EU', declarable: false }),
  product({ code: 'N', localCode: 'DOM', name: 'EXPRESS DOMESTIC', from: 'DE', to: 'DE', declarable: false, baseMinor: 800, days: 1 }),
  product({ code: 'P', name: 'EXPRESS WORLDWIDE NONDOC', declarable: true, baseMinor: 3_000 }),
];

export function product(given: Partial<SandboxProduct> & Pick<SandboxProduct, 'code'>): SandboxProduct {
  return {
    localCode: given.code,
    name: `PRODUCT ${given.code}`,
    from: '*',
    to: '*',
    declarable: 'both',
    baseMinor: 1_500,
    perHalfKiloMinor: 250,
    days: 3,
    ...given,
  };
}

export type Account = {
  readonly carrier: Carrier;
  readonly sandbox: DhlExpressSandbox;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Method and path of every call so far. */
  readonly calls: string[];
  /** The calls as they were sent. */
  readonly requests: { readonly url: URL; readonly body: string }[];
};

/** An account at the sandbox. */
export function account(
  given: {
    readonly faults?: FaultPlan;
    readonly sandbox?: Partial<DhlExpressSandboxOptions>;
    readonly carrier?: Partial<DhlExpressOptions>;
  } = {},
): Account {
  const clock = virtualClock('2026-11-23T08:00:00.000Z');
  const calls: string[] = [];
  const requests: { url: URL; body: string }[] = [];
  const sandbox = createDhlExpressSandbox({ ...keys, clock, currency: 'EUR', products, ...given.sandbox });
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const carrier = dhlExpressCarrier({
    connection: 'dhl',
    ...keys,
    baseUrl: `${origin}/mydhlapi`,
    currency: 'EUR',
    zone: 'Europe/Berlin',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({
      [origin]: async (request) => {
        const url = new URL(request.url);
        calls.push(`${request.method} ${url.pathname.replace('/mydhlapi', '')}`);
        requests.push({ url, body: await request.clone().text() });
        return app(request);
      },
    }),
    ...given.carrier,
  });
  return { carrier, sandbox, clock, calls, requests };
}

export const dock: Address = {
  name: 'Berth 7',
  company: 'Quartermaster',
  lines: ['Kaistraße 1'],
  postalCode: '53113',
  city: 'Bonn',
  region: null,
  country: 'DE',
  phone: '+49 228 555 0132',
  email: 'dock@example.com',
};
export const simone: Address = {
  ...dock,
  name: 'Simone Weil',
  company: null,
  lines: ['3 Rue Auguste Comte'],
  postalCode: '75001',
  city: 'Paris',
  country: 'FR',
  phone: '+33 1 5550 0132',
  email: null,
};
export const ada: Address = {
  ...simone,
  name: 'Ada Lovelace',
  lines: ['12 Harbor Drive', 'Apt 3'],
  postalCode: '94104',
  city: 'San Francisco',
  region: 'CA',
  country: 'US',
};

export const request = sampleRequest({ service: 'U', format: 'pdf', shipAt: '2026-11-23T14:00:00.000Z', shipFrom: dock, shipTo: simone });

export const customs = mugCustoms('EUR', 'DE', [
  { of: 'sender', type: 'EORI', value: 'DE1234567', country: 'DE' },
  { of: 'recipient', type: 'EIN', value: '12-3456789', country: 'US' },
]);
export const abroad: LabelRequest = { ...request, service: 'P', shipTo: ada, delivery: { ...plainDelivery, customs } };

import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type Carrier, type LabelRequest } from '@quartermaster/domain';
import { upsCarrier, type UpsOptions } from '../carrier.ts';
import { createUpsSandbox, type SandboxService, type UpsSandbox, type UpsSandboxOptions } from '../sandbox/index.ts';

export const origin = 'https://ups.test';
export const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox', accountNumber: 'A1B2C3' };

export type Account = {
  readonly carrier: Carrier;
  readonly sandbox: UpsSandbox;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Method and path of every call so far. */
  readonly calls: string[];
  /** Bodies of the calls, as they were sent. */
  readonly bodies: string[];
};

export const service = (code: string, to = '*'): SandboxService => ({
  code,
  name: `UPS ${code}`,
  from: '*',
  to,
  baseMinor: 900,
  perPoundMinor: 60,
  days: 3,
});

/** An account at the sandbox, with ground within the United States and an express service everywhere. */
export function account(
  given: { readonly faults?: FaultPlan; readonly sandbox?: Partial<UpsSandboxOptions>; readonly carrier?: Partial<UpsOptions> } = {},
): Account {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const calls: string[] = [];
  const bodies: string[] = [];
  const sandbox = createUpsSandbox({ ...keys, clock, currency: 'USD', services: [service('03', 'US'), service('07')], ...given.sandbox });
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const carrier = upsCarrier({
    connection: 'ups',
    ...keys,
    baseUrl: origin,
    currency: 'USD',
    zone: 'America/New_York',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({
      [origin]: async (request) => {
        calls.push(`${request.method} ${new URL(request.url).pathname}`);
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
  company: 'Quartermaster',
  lines: ['1 Dock Road'],
  postalCode: '10001-1234',
  city: 'New York',
  region: 'NY',
  country: 'US',
  phone: '+1 (212) 555-0132',
  email: 'dock@example.com',
};
export const ada: Address = {
  ...dock,
  name: 'Ada Lovelace',
  company: null,
  lines: ['12 Harbor Drive', 'Apt 3'],
  postalCode: '94104',
  city: 'San Francisco',
  region: 'CA',
  email: null,
};
export const konrad: Address = {
  ...ada,
  name: 'Konrad Zuse',
  lines: ['Methfesselstraße 7'],
  postalCode: '10965',
  city: 'Berlin',
  region: null,
  country: 'DE',
};

export const request: LabelRequest = {
  shipFrom: dock,
  shipTo: ada,
  parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
  service: '03',
  format: 'zpl',
  shipAt: '2026-11-23T14:00:00.000Z',
  delivery: plainDelivery,
  reference: 'S00042 1/1',
  priceLimit: null,
};

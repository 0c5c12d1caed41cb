import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { ada as customer, sampleRequest } from '@quartermaster/connector-kit/testing';
import type { Address, Carrier } from '@quartermaster/domain';
import { uspsCarrier, type UspsOptions } from '../carrier.ts';
import { createUspsSandbox, type SandboxService, type UspsSandbox, type UspsSandboxOptions } from '../sandbox/index.ts';
import type { PostageAccount } from '../tokens.ts';

export const origin = 'https://usps.test';
export const zone = 'America/Chicago';
export const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox' };
export const postage: PostageAccount = {
  crid: '12345678',
  mid: '899000067',
  manifestMid: '899000068',
  pays: { type: 'EPS', accountNumber: '1000123456' },
  hasContract: false,
};

/** Of 32 characters, as USPS wants secrets of subscriptions. */
export const webhookSecret = 'secret-of-the-subscription-00001';

/** A call as it went over the wire. */
export type Call = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number | null;
  readonly answer: string;
};

export type Account = {
  readonly carrier: Carrier;
  readonly sandbox: UspsSandbox;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly calls: Call[];
  readonly events: readonly HttpEvent[];
};

export function service(mailClass: string, rateIndicator = 'SP', baseMinor = 600): SandboxService {
  return { mailClass, rateIndicator, baseMinor, perPoundMinor: rateIndicator === 'SP' || rateIndicator === 'PA' ? 110 : 0, days: 3 };
}

/** What the sandbox of the tests sells. */
export const tariff: readonly SandboxService[] = [
  service('USPS_GROUND_ADVANTAGE'),
  service('PRIORITY_MAIL', 'SP', 850),
  service('PRIORITY_MAIL', 'FB', 1_995),
  service('PRIORITY_MAIL_EXPRESS', 'PA', 3_100),
  service('MEDIA_MAIL', 'SP', 300),
  service('USPS_GROUND_ADVANTAGE_RETURN_SERVICE', 'SP', 640),
];

/** An account at the sandbox, at ten past midnight of a Monday at the node: a pickup of that day can still be booked. */
export function account(
  given: {
    readonly start?: string;
    readonly faults?: FaultPlan;
    readonly sandbox?: Partial<UspsSandboxOptions>;
    readonly carrier?: Partial<UspsOptions>;
  } = {},
): Account {
  const clock = virtualClock(given.start ?? '2026-11-23T06:10:00.000Z');
  const calls: Call[] = [];
  const events: HttpEvent[] = [];
  const sandbox = createUspsSandbox({ ...keys, account: postage, clock, zone, services: tariff, webhookSecret, ...given.sandbox });
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const carrier = uspsCarrier({
    connection: 'usps',
    ...keys,
    account: postage,
    baseUrl: origin,
    zone,
    webhookSecrets: [webhookSecret],
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({
      [origin]: async (request) => {
        const url = new URL(request.url);
        const sent = {
          method: request.method,
          path: `${url.pathname}${url.search}`,
          headers: Object.fromEntries(request.headers),
          body: await request.clone().text(),
        };
        const note = (status: number | null, answer: string) => calls.push({ ...sent, status, answer });
        try {
          const response = await app(request);
          note(response.status, await response.clone().text());
          return response;
        } catch (error) {
          note(null, '');
          throw error;
        }
      },
    }),
    onEvent: (event) => events.push(event),
    ...given.carrier,
  });
  return { carrier, sandbox, clock, calls, events };
}

export const dock: Address = {
  name: 'Berth Seven',
  company: 'Quartermaster',
  lines: ['1 Dock Road'],
  postalCode: '60601-1234',
  city: 'Chicago',
  region: 'IL',
  country: 'US',
  phone: '+1 (312) 555-0132',
  email: 'dock@example.com',
};
export const ada: Address = { ...customer, phone: dock.phone };

export const request = sampleRequest({
  service: 'USPS_GROUND_ADVANTAGE',
  format: 'pdf',
  shipAt: '2026-11-23T14:00:00.000Z',
  shipFrom: dock,
  shipTo: ada,
});

import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { ada, konrad, newYorkDock, sampleRequest } from '@quartermaster/connector-kit/testing';
import type { Carrier } from '@quartermaster/domain';
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

export { ada, konrad };
export const dock = newYorkDock;

export const request = sampleRequest({ service: '03', format: 'zpl', shipAt: '2026-11-23T14:00:00.000Z', shipFrom: dock, shipTo: ada });

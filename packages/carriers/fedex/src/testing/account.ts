import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { ada, konrad, mugCustoms, newYorkDock, sampleRequest } from '@quartermaster/connector-kit/testing';
import { plainDelivery, type Carrier, type LabelRequest } from '@quartermaster/domain';
import { fedexCarrier, type FedexOptions } from '../carrier.ts';
import { createFedexSandbox, type FedexSandbox, type FedexSandboxOptions, type SandboxService } from '../sandbox/index.ts';

export const origin = 'https://fedex.test';
export const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox', accountNumber: '740561073' };

export type Account = {
  readonly carrier: Carrier;
  readonly sandbox: FedexSandbox;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Method and path of every call so far. */
  readonly calls: string[];
  /** Bodies of the calls, as they were sent, and of what came back. */
  readonly bodies: string[];
  readonly answers: string[];
};

export const service = (code: string, to = '*'): SandboxService => ({
  code,
  name: `FedEx ${code}`,
  from: '*',
  to,
  baseMinor: 900,
  perPoundMinor: 60,
  days: 3,
});

/** An account at the sandbox, with Ground within the United States and an express service everywhere. */
export function account(
  given: { readonly faults?: FaultPlan; readonly sandbox?: Partial<FedexSandboxOptions>; readonly carrier?: Partial<FedexOptions> } = {},
): Account {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const calls: string[] = [];
  const bodies: string[] = [];
  const answers: string[] = [];
  const services = [service('FEDEX_GROUND', 'US'), service('INTERNATIONAL_ECONOMY')];
  const sandbox = createFedexSandbox({ ...keys, clock, currency: 'USD', services, ...given.sandbox });
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const carrier = fedexCarrier({
    connection: 'fedex',
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
        const response = await app(request);
        answers.push(await response.clone().text());
        return response;
      },
    }),
    ...given.carrier,
  });
  return { carrier, sandbox, clock, calls, bodies, answers };
}

/** Lets calls of one path go wrong, the first so many times. */
export function faultAt(path: string, fault: ReturnType<FaultPlan>, times = 1): FaultPlan {
  let left = times;
  return (_call, request) => {
    if (new URL(request.url).pathname !== path || left === 0) return null;
    left -= 1;
    return fault;
  };
}

export const confirming = '/ship/v1/openshipments/';

export { ada, konrad };
export const dock = newYorkDock;

export const request = sampleRequest({
  service: 'FEDEX_GROUND',
  format: 'zpl',
  shipAt: '2026-11-23T14:00:00.000Z',
  shipFrom: dock,
  shipTo: ada,
});

export const customs = mugCustoms('USD', 'US', [
  { of: 'sender', type: 'IOSS', value: 'IM3720000224', country: 'DE' },
  { of: 'sender', type: 'EIN', value: '12-3456789', country: 'US' },
  { of: 'recipient', type: 'VAT', value: 'DE123456789', country: 'DE' },
]);
export const abroad: LabelRequest = {
  ...request,
  service: 'INTERNATIONAL_ECONOMY',
  shipTo: konrad,
  delivery: { ...plainDelivery, customs, signature: 'anyone' },
};
export const wayBack: LabelRequest = { ...request, shipFrom: ada, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };

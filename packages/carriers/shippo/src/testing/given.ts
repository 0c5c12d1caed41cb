import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { sampleAddress } from '@quartermaster/connector-kit/testing';
import { isFault, plainDelivery, type Address, type Carrier, type ConnectorFault, type LabelRequest } from '@quartermaster/domain';
import { shippoCarrier, type ShippoOptions } from '../carrier.ts';
import { createShippoSandbox, type SandboxTariff, type ShippoSandbox, type ShippoSandboxOptions } from '../sandbox/index.ts';

export const apiKey = 'shippo_live_sandbox_key';

/** 600 cents for a parcel within the country, 1,900 abroad. */
export const ground: SandboxTariff = {
  carrier: 'usps',
  service: 'usps_ground_advantage',
  maxGrams: 31_000,
  lanes: [
    { from: 'US', to: 'US', baseMinor: 600, perKgMinor: 0, days: 3 },
    { from: 'US', to: '*', baseMinor: 1_900, perKgMinor: 0, days: 9 },
  ],
};

/** Another account, dearer by 150 cents. */
export const express: SandboxTariff = {
  carrier: 'ups',
  service: 'ups_ground',
  lanes: [{ from: 'US', to: 'US', baseMinor: 750, perKgMinor: 0, days: 2 }],
};

export type Sent = { readonly method: string; readonly path: string; readonly body: unknown };

export type Given = {
  readonly carrier: Carrier;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly sandbox: ShippoSandbox;
  readonly exchanges: readonly HttpEvent[];
  /** What went over the wire. */
  readonly sent: readonly Sent[];
};

/** A carrier with a fresh account behind it. */
export function given(
  more: {
    readonly faults?: FaultPlan;
    readonly sandbox?: Partial<ShippoSandboxOptions>;
    readonly options?: Partial<ShippoOptions>;
    /** What becomes of a request on its way to Shippo. */
    readonly onTheWay?: (request: Request) => Request;
  } = {},
): Given {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const exchanges: HttpEvent[] = [];
  const sent: Sent[] = [];
  const key = more.options?.apiKey ?? apiKey;
  const sandbox = createShippoSandbox({ apiKey: key, clock, currency: 'USD', tariffs: [ground], ...more.sandbox });
  const app = withFaults(sandbox.app, more.faults ?? (() => null));
  const carrier = shippoCarrier({
    connection: 'post',
    apiKey: key,
    currency: 'USD',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({
      async 'https://api.goshippo.com'(request) {
        const { pathname, search } = new URL(request.url);
        const text = await request.clone().text();
        sent.push({ method: request.method, path: `${pathname}${search}`, body: text === '' ? null : JSON.parse(text) });
        return app(more.onTheWay?.(request) ?? request);
      },
    }),
    onEvent: (event) => exchanges.push(event),
    ...more.options,
  });
  return { carrier, clock, sandbox, exchanges, sent };
}

/** Lets the first purchase that is sent go wrong in this way. */
export function firstPurchase(fault: 'drop-before' | 'drop-after' | 'error-after' | 'rate-limited'): FaultPlan {
  let isOver = false;
  return (_call, { method, url }) => {
    if (isOver || method !== 'POST' || !url.endsWith('/transactions')) return null;
    isOver = true;
    return fault;
  };
}

/** A parcel of 1 kg within the country. */
export function request(more: Partial<LabelRequest> = {}): LabelRequest {
  return {
    shipFrom: address('Quartermaster Berth 7', '1 Dock Road'),
    shipTo: address('Ada Lovelace', '12 Harbor Drive'),
    parcel: { number: 1, grams: 1_000, millimetres: [305, 203, 101], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
    service: 'usps_ground_advantage',
    format: 'pdf',
    shipAt: '2026-11-23T10:00:00.000Z',
    delivery: plainDelivery,
    reference: 'S00042 1/1',
    priceLimit: null,
    ...more,
  };
}

export const address = (name: string, line: string): Address => sampleAddress(name, line, 'somebody@quartermaster.example');

/** The fault that a call ends in; it must end in one. */
export async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  const caught: unknown = await call.then(
    () => new Error('no fault'),
    (error: unknown) => error,
  );
  if (isFault(caught)) return caught;
  throw caught;
}

import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { sampleAddress, sampleRequest } from '@quartermaster/connector-kit/testing';
import type { Carrier, LabelRequest } from '@quartermaster/domain';
import { shipengineCarrier, type ShipEngineOptions } from '../carrier.ts';
import { createShipEngineSandbox, type SandboxTariff, type ShipEngineSandbox } from '../sandbox/index.ts';

export const apiKey = 'key-of-the-sandbox';
export const ground: SandboxTariff = {
  carrierId: 'se-101',
  carrierCode: 'stamps_com',
  serviceCode: 'usps_ground_advantage',
  maxGrams: 31_000,
  signatureMinor: 350,
  fuelPercent: 10,
  lanes: [
    { from: 'US', to: 'US', baseMinor: 600, perKgMinor: 50, days: 4, zone: 4 },
    { from: 'US', to: 'GB', baseMinor: 2_600, perKgMinor: 150, days: 9 },
  ],
};

export type Given = {
  readonly carrier: Carrier;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly sandbox: ShipEngineSandbox;
  readonly exchanges: readonly HttpEvent[];
};

/** A carrier with a fresh account behind it. */
export function given(
  more: {
    readonly faults?: FaultPlan;
    readonly tariffs?: readonly SandboxTariff[];
    readonly manifestTakesMs?: number;
    readonly apiKey?: string;
    readonly options?: Partial<ShipEngineOptions>;
  } = {},
): Given {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const exchanges: HttpEvent[] = [];
  const key = more.apiKey ?? apiKey;
  const sandbox = createShipEngineSandbox({
    apiKey: key,
    clock,
    currency: 'USD',
    tariffs: more.tariffs ?? [ground],
    warehouses: [{ id: 'se-900', country: 'US' }],
    manifestTakesMs: more.manifestTakesMs ?? 0,
  });
  const carrier = shipengineCarrier({
    connection: 'post',
    apiKey: key,
    currency: 'USD',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ 'https://api.shipengine.com': withFaults(sandbox.app, more.faults ?? (() => null)) }),
    onEvent: (event) => exchanges.push(event),
    ...more.options,
  });
  return { carrier, clock, sandbox, exchanges };
}

/** A parcel of 1 kg within the country: 650 cents and 65 for fuel. */
export function request(more: Partial<LabelRequest> = {}): LabelRequest {
  return sampleRequest({
    shipFrom: sampleAddress('Quartermaster Berth 7', '1 Dock Road', 'dock@quartermaster.example'),
    shipTo: sampleAddress('Ada Lovelace', '12 Harbor Drive', 'ada@customer.example'),
    parcel: { number: 1, grams: 1_000, millimetres: [305, 203, 101], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
    service: 'stamps_com/usps_ground_advantage',
    format: 'pdf',
    shipAt: '2026-11-23T10:00:00.000Z',
    ...more,
  });
}

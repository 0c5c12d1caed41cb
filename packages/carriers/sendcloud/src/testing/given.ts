import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Customs, type DeliveryTerms, type LabelRequest, type RateRequest } from '@quartermaster/domain';
import { sendcloudCarrier, type SendcloudCarrier, type SendcloudOptions } from '../carrier.ts';
import { createSendcloudSandbox, type SandboxOption, type SandboxServicePoint, type SendcloudSandbox } from '../sandbox/index.ts';
import { address } from './subject.ts';

export const keys = { publicKey: 'public-key', secretKey: 'secret-key' };

const home = { from: 'NL', to: 'NL', baseMinor: 600, perKgMinor: 50, leadHours: 24 } as const;
export const standard: SandboxOption = {
  code: 'postnl:standard',
  contractId: 517,
  maxGrams: 23_000,
  fuelPercent: 10,
  nativeZpl: true,
  lanes: [home, { from: 'NL', to: 'CH', baseMinor: 1_900, perKgMinor: 200, leadHours: 96 }],
};
export const back: SandboxOption = {
  code: 'postnl:return',
  contractId: 517,
  maxGrams: 23_000,
  returns: true,
  lanes: [home, { ...home, from: 'CH', baseMinor: 1_900 }],
};

export type Given = {
  readonly carrier: SendcloudCarrier;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly sandbox: SendcloudSandbox;
  readonly exchanges: readonly HttpEvent[];
};

/** A carrier with a fresh account behind it. */
export function given(
  more: {
    readonly faults?: FaultPlan;
    readonly options?: readonly SandboxOption[];
    readonly servicePoints?: readonly SandboxServicePoint[];
    readonly carrier?: Partial<SendcloudOptions>;
  } = {},
): Given {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const exchanges: HttpEvent[] = [];
  const sandbox = createSendcloudSandbox({
    ...keys,
    clock,
    currency: 'EUR',
    options: more.options ?? [standard, back],
    servicePoints: more.servicePoints ?? [],
  });
  const carrier = sendcloudCarrier({
    connection: 'cloud',
    ...keys,
    currency: 'EUR',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ 'https://panel.sendcloud.sc': withFaults(sandbox.app, more.faults ?? (() => null)) }),
    onEvent: (event) => exchanges.push(event),
    ...more.carrier,
  });
  return { carrier, clock, sandbox, exchanges };
}

/** A parcel of 1 kg within the Netherlands: 650 cents and 65 for fuel. */
export function request(more: Partial<LabelRequest> = {}): LabelRequest {
  return {
    shipFrom: address('Quartermaster Berth 7', 'Stadhuisplein 10', 'dock@quartermaster.example'),
    shipTo: address('Ada Lovelace', 'Insulindelaan 115', 'ada@customer.example'),
    parcel: { number: 1, grams: 1_000, millimetres: [305, 203, 101], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
    service: 'postnl:standard',
    format: 'pdf',
    shipAt: '2026-11-23T15:00:00.000Z',
    delivery: plainDelivery,
    reference: 'S00042 1/1',
    priceLimit: null,
    ...more,
  };
}

/** The same parcel as it comes back: 650 cents. */
export function returnRequest(more: Partial<LabelRequest> = {}): LabelRequest {
  const { shipFrom, shipTo } = request();
  return request({ shipFrom: shipTo, shipTo: shipFrom, service: 'postnl:return', delivery: { ...plainDelivery, isReturn: true }, ...more });
}

export function asked(delivery: Partial<DeliveryTerms> = {}, grams = 1_000): RateRequest {
  const { shipFrom, shipTo, parcel, shipAt } = request();
  return { shipFrom, shipTo, shipAt, parcel: { ...parcel, grams }, currency: 'EUR', delivery: { ...plainDelivery, ...delivery } };
}

/** A mug that goes to Switzerland. */
export const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DAP',
  ifUndeliverable: 'return',
  invoiceNumber: 'INV-42',
  signer: 'Grace Hopper',
  items: [
    {
      sku: 'MUG',
      description: 'A mug of stoneware',
      units: 2,
      unitValue: { minor: 1_250, currency: 'EUR' },
      unitGrams: 400,
      hsCode: '691200',
      origin: 'PT',
    },
  ],
  taxIds: [{ of: 'sender', type: 'EORI', value: 'NL123456789', country: 'NL' }],
};

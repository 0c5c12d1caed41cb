import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject, DeskTrouble } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { sampleAddress, sampleRequest } from '@quartermaster/connector-kit/testing';
import { shipengineCarrier } from '../carrier.ts';
import { createShipEngineSandbox, type SandboxTariff, type SandboxTrouble } from '../sandbox/index.ts';

const origin = 'https://shipengine.test';
const apiKey = 'sandbox-key-of-shipengine';
const currency = 'USD';

/** ShipEngine with an account of USPS and one of UPS, as the suite holds it to the carrier port. */
export const shipengineSubject: CarrierSubject = {
  name: 'ShipEngine',
  lacks: {},
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let baseMinor = 600;
    const sandbox = createShipEngineSandbox({
      apiKey,
      clock,
      currency,
      tariffs: tariffs(baseMinor),
      warehouses: [{ id: 'se-900', country: 'US' }],
    });
    return {
      carrier: shipengineCarrier({
        connection: 'post',
        apiKey,
        baseUrl: origin,
        currency,
        warehouseId: 'se-900',
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [apiKey],
      currency,
      request: sampleRequest({
        service: 'stamps_com/usps_ground_advantage',
        format: 'pdf',
        shipAt: clock.now(),
        shipFrom: sampleAddress('Quartermaster Berth 7', '1 Dock Road', 'dock@quartermaster.example'),
        shipTo: sampleAddress('Ada Lovelace', '12 Harbor Drive', 'ada@customer.example'),
      }),
      desk: {
        labels: () =>
          sandbox
            .snapshot()
            .labels.map(({ trackingNumber, priceMinor, isVoided }) => ({ trackingNumber, priceMinor, isGivenBack: isVoided })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setTariffs(tariffs(baseMinor));
        },
        trouble: (kind) => sandbox.trouble(troubles[kind]),
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
        takeWebhooks: () => sandbox.takeWebhooks(),
      },
    };
  },
};

const troubles: Readonly<Record<DeskTrouble, SandboxTrouble>> = {
  'partial-answer': 'partial-rates',
  'failure-as-success': 'failed-label',
  'refused-void': 'void-refused',
};

function tariffs(baseMinor: number): SandboxTariff[] {
  const lane = { from: 'US', to: 'US', perKgMinor: 0, zone: 4 } as const;
  return [
    {
      carrierId: 'se-101',
      carrierCode: 'stamps_com',
      serviceCode: 'usps_ground_advantage',
      maxGrams: 31_000,
      lanes: [{ ...lane, baseMinor, days: 4 }],
    },
    {
      carrierId: 'se-202',
      carrierCode: 'ups',
      serviceCode: 'ups_ground',
      maxGrams: 68_000,
      fuelPercent: 18,
      lanes: [{ ...lane, baseMinor: baseMinor + 500, days: 3 }],
    },
  ];
}

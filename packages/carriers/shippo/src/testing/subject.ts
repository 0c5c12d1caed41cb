import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { sampleRequest } from '@quartermaster/connector-kit/testing';
import { shippoCarrier } from '../carrier.ts';
import { createShippoSandbox, type SandboxTariff } from '../sandbox/index.ts';

const origin = 'https://shippo.test';
const apiKey = 'shippo_live_sandbox_key';
const webhookSecret = 'the secret of the webhooks';
const currency = 'USD';

/** Shippo with one USPS account, as the suite holds it to the carrier port. */
export const shippoSubject: CarrierSubject = {
  name: 'Shippo',
  lacks: {
    charges: 'a rate is one sum',
    'tracking-push': 'every bought parcel is tracked without asking',
    pickup: 'a booked pickup can be neither looked up nor called off',
    'partial-answers': 'a purchase is about one label',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    const once = { refused: false, rejectsRefund: false };
    /** Whether it was to happen now; then no more. */
    const take = (what: keyof typeof once) => {
      const now = once[what];
      once[what] = false;
      return now;
    };
    let baseMinor = 600;
    const sandbox = createShippoSandbox({
      apiKey,
      clock,
      currency,
      tariffs: [ground(baseMinor)],
      webhookSecret,
      trouble: () => (take('refused') ? 'refused' : null),
      rejectsRefund: () => take('rejectsRefund'),
    });
    return {
      carrier: shippoCarrier({
        connection: 'post',
        apiKey,
        webhookSecret,
        baseUrl: origin,
        currency,
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [apiKey, webhookSecret],
      currency,
      request: sampleRequest({ service: 'usps_ground_advantage', format: 'pdf', shipAt: clock.now() }),
      desk: {
        labels: () =>
          sandbox.snapshot().labels.map(({ trackingNumber, priceMinor, status }) => ({
            trackingNumber,
            priceMinor,
            isGivenBack: status === 'REFUNDPENDING' || status === 'REFUNDED',
          })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setTariffs([ground(baseMinor)]);
        },
        trouble(kind) {
          if (kind === 'failure-as-success') once.refused = true;
          else if (kind === 'refused-void') once.rejectsRefund = true;
          else throw new RangeError(`Shippo has no ${kind}`);
        },
        scan(trackingNumber, what) {
          sandbox.scan(trackingNumber, what);
        },
        takeWebhooks: () => sandbox.takeWebhooks(),
      },
    };
  },
};

function ground(baseMinor: number): SandboxTariff {
  return {
    carrier: 'usps',
    service: 'usps_ground_advantage',
    maxGrams: 31_000,
    lanes: [{ from: 'US', to: 'US', baseMinor, perKgMinor: 0, days: 3 }],
  };
}

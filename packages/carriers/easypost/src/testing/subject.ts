import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { sampleRequest } from '@quartermaster/connector-kit/testing';
import { easypostCarrier } from '../carrier.ts';
import { createEasyPostSandbox, type SandboxTariff } from '../sandbox/index.ts';

const origin = 'https://easypost.test';
const apiKey = 'EZTK-sandbox-key';
const webhookSecret = 'sécret of the webhook';
const currency = 'USD';

/** EasyPost with one USPS account, as the suite holds it to the carrier port. */
export const easypostSubject: CarrierSubject = {
  name: 'EasyPost',
  lacks: {
    charges: 'a rate is one sum',
    'tracking-push': 'every bought parcel is tracked without asking',
    'partial-answers': 'every call is about one thing',
    'failures-as-success': 'failures have a status of failure',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let rejecting = false;
    let baseMinor = 600;
    const sandbox = createEasyPostSandbox({
      apiKey,
      clock,
      currency,
      tariffs: [ground(baseMinor)],
      webhookSecret,
      rejectsRefund() {
        const now = rejecting;
        rejecting = false;
        return now;
      },
    });
    return {
      carrier: easypostCarrier({
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
      request: sampleRequest({ service: 'USPS/Ground', format: 'pdf', shipAt: clock.now() }),
      desk: {
        labels: () =>
          sandbox.snapshot().labels.map(({ trackingCode, priceMinor, refundStatus }) => ({
            trackingNumber: trackingCode,
            priceMinor,
            isGivenBack: refundStatus !== null && refundStatus !== 'rejected',
          })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setTariffs([ground(baseMinor)]);
        },
        trouble(kind) {
          if (kind !== 'refused-void') throw new RangeError(`EasyPost has no ${kind}`);
          rejecting = true;
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
  return { carrier: 'USPS', service: 'Ground', maxGrams: 31_000, lanes: [{ from: 'US', to: 'US', baseMinor, perKgMinor: 0, days: 3 }] };
}

import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { sampleRequest } from '@quartermaster/connector-kit/testing';
import { fedexCarrier } from '../carrier.ts';
import { createFedexSandbox, type SandboxService } from '../sandbox/index.ts';

const origin = 'https://fedex.test';
const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox', accountNumber: '740561073' };
const webhookToken = 'security-token-of-the-sandbox';
const currency = 'USD';

/** FedEx with an account of ours, as the suite holds it to the carrier port. */
export const fedexSubject: CarrierSubject = {
  name: 'FedEx',
  lacks: {
    documents: 'FedEx gives a label once, with the purchase',
    'found-labels': 'FedEx cannot list labels; a shipment is found by the index and the reference that follow from its key',
    'tracking-push':
      'all parcels of an account are pushed, once its portal is told so; subscriptions by number have no public specification',
    'partial-answers': 'a purchase is about one parcel',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-23T14:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let baseMinor = 900;
    const sandbox = createFedexSandbox({ ...keys, clock, currency, webhookToken, services: [ground(baseMinor)] });
    return {
      carrier: fedexCarrier({
        connection: 'fedex',
        ...keys,
        baseUrl: origin,
        currency,
        zone: 'America/Los_Angeles',
        webhookTokens: [webhookToken],
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [keys.clientSecret, webhookToken, 'sandbox-token-1'],
      currency,
      request: sampleRequest({ service: 'FEDEX_GROUND', format: 'zpl', shipAt: clock.now() }),
      desk: {
        labels: () =>
          sandbox
            .snapshot()
            .labels.map(({ trackingNumber, priceMinor, isCancelled }) => ({ trackingNumber, priceMinor, isGivenBack: isCancelled })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setServices([ground(baseMinor)]);
        },
        trouble(kind) {
          if (kind === 'partial-answer') throw new RangeError(`FedEx has no ${kind}`);
          if (kind === 'refused-void') sandbox.refuseNextVoid();
          else sandbox.failNextPurchase();
        },
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
        takeWebhooks: () => sandbox.takeWebhooks(),
      },
    };
  },
};

export function ground(baseMinor: number): SandboxService {
  return { code: 'FEDEX_GROUND', name: 'FedEx Ground', from: 'US', to: 'US', baseMinor, perPoundMinor: 60, days: 3 };
}

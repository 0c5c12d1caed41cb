import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { sampleRequest } from '@quartermaster/connector-kit/testing';
import { upsCarrier } from '../carrier.ts';
import { createUpsSandbox, type SandboxService } from '../sandbox/index.ts';

const origin = 'https://ups.test';
const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox', accountNumber: 'A1B2C3' };
const webhookCredential = 'credential-of-the-sandbox';
const currency = 'USD';

/** UPS with an account of ours, as the suite holds it to the carrier port. */
export const upsSubject: CarrierSubject = {
  name: 'UPS',
  lacks: {
    png: 'UPS makes ZPL, EPL, SPL and GIF, and PDF of a bought label',
    'found-labels': 'UPS cannot list labels; a label is found by the reference that follows from its key',
    'signed-webhooks': 'a webhook carries our credential and no signature',
    manifest: 'UPS has none: a label counts when it is scanned',
    'partial-answers': 'a purchase is about one parcel',
    'failures-as-success': 'a refused purchase has a status of failure',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-23T14:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let baseMinor = 900;
    const sandbox = createUpsSandbox({ ...keys, clock, currency, webhookCredential, services: [ground(baseMinor)] });
    return {
      carrier: upsCarrier({
        connection: 'ups',
        ...keys,
        baseUrl: origin,
        currency,
        zone: 'America/Los_Angeles',
        webhookCredentials: [webhookCredential],
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [keys.clientSecret, webhookCredential, 'sandbox-token-1'],
      currency,
      request: sampleRequest({ service: '03', format: 'zpl', shipAt: clock.now() }),
      desk: {
        labels: () =>
          sandbox
            .snapshot()
            .labels.map(({ trackingNumber, priceMinor, isVoided }) => ({ trackingNumber, priceMinor, isGivenBack: isVoided })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setServices([ground(baseMinor)]);
        },
        trouble(kind) {
          if (kind !== 'refused-void') throw new RangeError(`UPS has no ${kind}`);
          sandbox.refuseNextVoid();
        },
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
        takeWebhooks: () => sandbox.takeWebhooks(),
      },
    };
  },
};

export function ground(baseMinor: number): SandboxService {
  return { code: '03', name: 'UPS Ground', from: 'US', to: 'US', baseMinor, perPoundMinor: 60, days: 3 };
}

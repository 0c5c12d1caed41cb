import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { account, keys, request, tariff, webhookSecret } from './account.ts';

/** USPS with an account of ours, as the suite holds it to the carrier port. */
export const uspsSubject: CarrierSubject = {
  name: 'USPS',
  lacks: {
    'found-labels': 'USPS cannot list labels; a label is found by the key that follows from its intent’s',
    customs: 'not written yet: parcels abroad are another API of USPS; forms for military and territorial addresses are made',
    'tracking-push': 'a subscription is made once for a mailer id, and tells of all its parcels',
    'signed-webhooks': 'what is signed is a payload and its time inside the body, not the body',
    'partial-answers': 'a purchase is about one parcel, and a SCAN form is taken as a whole',
    'failures-as-success': 'a refused purchase has a status of failure',
  },
  open(given = {}) {
    const { carrier, clock, events, sandbox } = account({
      ...(given.start === undefined ? {} : { start: given.start }),
      ...(given.faults === undefined ? {} : { faults: given.faults }),
    });
    return {
      carrier,
      clock,
      exchanges: events,
      secrets: [keys.clientSecret, webhookSecret, 'sandbox-token-1', 'sandbox-payment-1'],
      currency: 'USD',
      request: { ...request, shipAt: clock.now() },
      desk: {
        labels: () => sandbox.snapshot().labels,
        raisePrices: (byMinor) => sandbox.setServices(tariff.map((one) => ({ ...one, baseMinor: one.baseMinor + byMinor }))),
        trouble(kind) {
          if (kind !== 'refused-void') throw new RangeError(`USPS has no ${kind}`);
          sandbox.refuseNextVoid();
        },
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
        takeWebhooks: () => sandbox.takeWebhooks(),
      },
    };
  },
};

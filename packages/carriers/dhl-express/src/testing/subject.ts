import type { HttpEvent } from '@quartermaster/connector-kit';
import type { CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { dhlExpressCarrier } from '../carrier.ts';
import { createDhlExpressSandbox } from '../sandbox/index.ts';
import { keys, origin, product, request } from './account.ts';

const currency = 'EUR';

/** DHL Express with an account of ours, as the suite holds it to the carrier port. */
export const dhlExpressSubject: CarrierSubject = {
  name: 'DHL Express',
  lacks: {
    png: 'DHL Express makes PDF, ZPL, LP2 and EPL',
    'found-labels': 'MyDHL API cannot list shipments; one is found by the reference that follows from its key',
    'tracking-push': 'MyDHL API has none: tracking is asked for',
    webhooks: 'MyDHL API sends none',
    'signed-webhooks': 'MyDHL API sends none',
    manifest: 'MyDHL API has none: a shipment counts when it is collected',
    'partial-answers': 'a purchase is about one parcel',
    'failures-as-success': 'a refused purchase has a status of failure; what a success lacks is looked up',
    voids: 'MyDHL API has no void: a shipment that is not collected is not billed',
    'refused-voids': 'MyDHL API has no void',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-23T08:00:00.000Z');
    const exchanges: HttpEvent[] = [];
    let baseMinor = 1_500;
    const europe = () => product({ code: 'U', name: 'EXPRESS WORLDWIDE EU', declarable: false, baseMinor });
    const sandbox = createDhlExpressSandbox({ ...keys, clock, currency, products: [europe()], findableAfterMs: 90_000 });
    return {
      carrier: dhlExpressCarrier({
        connection: 'dhl',
        ...keys,
        baseUrl: `${origin}/mydhlapi`,
        currency,
        zone: 'Europe/Berlin',
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      clock,
      exchanges,
      secrets: [keys.password, keys.username],
      currency,
      request: { ...request, shipAt: clock.now() },
      desk: {
        labels: () =>
          sandbox.snapshot().shipments.map(({ trackingNumber, priceMinor }) => ({ trackingNumber, priceMinor, isGivenBack: false })),
        raisePrices(byMinor) {
          baseMinor += byMinor;
          sandbox.setProducts([europe()]);
        },
        trouble(kind) {
          throw new RangeError(`DHL Express has no ${kind}`);
        },
        scan: (trackingNumber, what) => void sandbox.scan(trackingNumber, what),
      },
    };
  },
};

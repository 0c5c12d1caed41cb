import { personalRedactor, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import type { Address, Carrier, ConnectionId } from '@quartermaster/domain';
import { checkedAddress } from './address-check.ts';
import { shippoClient } from './client.ts';
import { labelDocument } from './documents.ts';
import { obstacleOf, shipmentDraftOf, sized, type Shipping, type Sides } from './draft.ts';
import type { Redact } from './faults.ts';
import { labelPurchase } from './label-purchase.ts';
import { isTestKey, ratePatience, shippoBaseUrl, shippoBuckets } from './limits.ts';
import { manifests } from './manifest.ts';
import { givenBack } from './refund.ts';
import { trackingReading } from './tracking.ts';
import { isBeingRated, problemsOf, ratesOf } from './translate.ts';
import { verifyShippoWebhook } from './webhook.ts';
import type { WireShipment } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type ShippoOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** `shippo_live_…`, or `shippo_test_…` for sample labels. */
  readonly apiKey: string;
  readonly baseUrl?: string;
  /** Object ids of the carrier accounts to ask; default all of the Shippo account. */
  readonly carrierAccounts?: readonly string[];
  /** Currency of labels, such as `USD`. */
  readonly currency: string;
  /** Sides of a parcel whose own are not known: Shippo rates none without. Default none, and such a parcel is not rated. */
  readonly usualBox?: Sides;
  /** Shippo hands it out on request. Without it webhooks are not believed. */
  readonly webhookSecret?: string;
};

/** Shippo as a carrier; how a label is bought is told at `labelPurchase`. A service is Shippo's own token of it, such as `usps_ground_advantage`. */
export function shippoCarrier(options: ShippoOptions): Carrier {
  const { apiKey, currency, usualBox, webhookSecret } = options;
  const isTest = isTestKey(apiKey);
  const surroundings = surroundingsOf(options, shippoBuckets(options.connection, { isTest }));
  const { clock } = surroundings;
  const accounts = options.carrierAccounts ?? [];
  const client = shippoClient({
    ...surroundings,
    connection: options.connection,
    apiKey,
    baseUrl: (options.baseUrl ?? shippoBaseUrl).replace(/\/+$/, ''),
  });
  const secrets = [apiKey, ...(webhookSecret === undefined ? [] : [webhookSecret])];
  const redactorFor = (...addresses: readonly Address[]): Redact => personalRedactor(secrets, addresses);
  /** Blanks out everybody that a shipment names: who signs for the customs as well. */
  const redactorOf = (request: Shipping | null): Redact =>
    request === null
      ? redactorFor()
      : personalRedactor([...secrets, request.delivery.customs?.signer ?? ''], [request.shipFrom, request.shipTo]);

  /** Makes and rates a shipment, and looks at it until every carrier has answered or patience is at its end. */
  async function rated(request: Shipping, redact: Redact, signal?: AbortSignal): Promise<WireShipment> {
    let shipment = await client.createShipment(shipmentDraftOf(request, accounts), redact, signal);
    for (let look = 0; isBeingRated(shipment) && look < ratePatience.looks; look++) {
      await clock.sleep(ratePatience.waitMs, signal);
      shipment = await client.shipment(shipment.object_id, redact, signal);
    }
    return shipment;
  }

  const { buy, reconcile, labelsSince } = labelPurchase({ client, clock, currency, rate: rated, redactorOf });

  return {
    connection: options.connection,
    safety: { buy: 'read-back', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-creation', labelFormats: ['pdf', 'zpl', 'png'], returnLabels: true, customs: true, voidDays: 30 },
    buy: (request, memo) => buy(sized(request, usualBox), memo),
    reconcile,
    labelsSince,
    documents: (label, format) => labelDocument(client, { ref: label.ref, format }, redactorFor()),
    addressCheck: (address) => checkedAddress(client, address, redactorFor(address)),
    tracking: trackingReading(client, clock, redactorFor()),
    // Every label that is bought is followed, and told of by webhooks.
    trackingPush: null,
    verifyWebhook:
      webhookSecret === undefined
        ? null
        : (rawBody, headers) => Promise.resolve(verifyShippoWebhook(rawBody, headers, { secret: webhookSecret, now: clock.now() })),
    // What is booked can be neither looked up nor called off.
    pickup: null,
    manifest: manifests({ client, redactorFor }),

    async probe() {
      const all = await client.accounts(redactorFor());
      const missing = accounts.filter((id) => !all.some(({ object_id, active }) => object_id === id && active !== false));
      return {
        account: isTest ? 'Shippo, test mode' : 'Shippo',
        problems: [
          ...(isTest ? ['The key is a test key: labels are samples and move nothing. Use a live key to ship.'] : []),
          ...(all.some(({ active }) => active !== false) ? [] : ['The account has no active carrier account: connect one at Shippo.']),
          ...missing.map((id) => `Carrier account ${id} is not an active one of this account.`),
        ],
      };
    },

    async rates(asked, signal) {
      const request = sized(asked, usualBox);
      const redact = redactorOf(request);
      const obstacle = obstacleOf(request);
      if (obstacle !== null) return { rates: [], problems: [obstacle] };
      const shipment = await rated(request, redact, signal);
      return { rates: ratesOf(shipment, request.currency), problems: problemsOf(shipment, request.currency, redact) };
    },

    voidLabel: (label) => givenBack(client, label.ref, redactorFor()),
  };
}

import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Carrier, type ConnectionId, type VoidOutcome } from '@quartermaster/domain';
import { verdictOf } from './address-check.ts';
import { easypostClient, readShipment } from './client.ts';
import { labelDocument } from './documents.ts';
import { addressDraft, draftOf, obstacleOf } from './draft.ts';
import { labelPurchase } from './label-purchase.ts';
import { easypostBaseUrl, easypostBuckets, maxCarrierAccounts } from './limits.ts';
import { scanForms } from './manifest.ts';
import { pickups } from './pickup.ts';
import { trackingReading } from './tracking.ts';
import { percentilesOf, problemsOf, ratesOf, voidOutcomeOf, type Percentiles } from './translate.ts';
import { verifyEasyPostWebhook } from './webhook.ts';
import type { WireShipment } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type EasyPostOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  readonly apiKey: string;
  /** Without the version; default `https://api.easypost.com`. */
  readonly baseUrl?: string;
  /** Ids (`ca_…`) of the carrier accounts to ask, at most 60; default all of the EasyPost account. */
  readonly carrierAccounts?: readonly string[];
  /** Currency of labels, such as `USD`. */
  readonly currency: string;
  /** Our name of a service to EasyPost's `carrier/service`: `{ ground: 'USPS/GroundAdvantage' }`. Services outside the map go by EasyPost's words. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** Of the webhook at EasyPost. Without it webhooks are not believed. */
  readonly webhookSecret?: string;
  /** Asks SmartRate within how many days parcels arrive, one call more per rating; only for accounts that have it. Default false. */
  readonly smartRate?: boolean;
};

/** EasyPost as a carrier; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for more than 60 carrier accounts. */
export function easypostCarrier(options: EasyPostOptions): Carrier {
  const { currency, webhookSecret } = options;
  const surroundings = surroundingsOf(options, easypostBuckets(options.connection));
  const { clock } = surroundings;
  const carrierAccounts = options.carrierAccounts ?? [];
  if (carrierAccounts.length > maxCarrierAccounts)
    throw new RangeError(`EasyPost rates at most ${maxCarrierAccounts} carrier accounts at once`);
  const names = serviceNames(options.serviceMap ?? {});
  const client = easypostClient({
    ...surroundings,
    connection: options.connection,
    apiKey: options.apiKey,
    baseUrl: (options.baseUrl ?? easypostBaseUrl).replace(/\/+$/, ''),
  });
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([options.apiKey, ...(webhookSecret === undefined ? [] : [webhookSecret])], addresses);
  const { buy, reconcile, labelsSince } = labelPurchase({ client, clock, currency, carrierAccounts, names, redactorFor });

  /** What SmartRate knows; that it does not answer hides no price. */
  async function smartly(
    shipment: WireShipment,
    redact: (text: string) => string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly percentiles: Percentiles; readonly problems: readonly string[] }> {
    if (options.smartRate !== true || shipment.rates.length === 0) return { percentiles: new Map(), problems: [] };
    try {
      return { percentiles: percentilesOf(await client.smartRates(shipment.id, redact, signal)), problems: [] };
    } catch (error) {
      if (!isFault(error)) throw error;
      return { percentiles: new Map(), problems: [`SmartRate: ${error.facts.message}`] };
    }
  }

  return {
    connection: options.connection,
    safety: { buy: 'claim', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-creation', labelFormats: ['pdf', 'zpl', 'png'], returnLabels: true, customs: true, voidDays: 30 },
    buy,
    reconcile,
    labelsSince,
    documents: (label, format) => labelDocument(client, { ref: label.ref, format }, redactorFor()),
    async addressCheck(address) {
      const redact = redactorFor(address);
      return verdictOf(address, await client.checkAddress(addressDraft(address), redact), redact);
    },
    tracking: trackingReading(client, redactorFor()),
    // Every label that is bought has its tracker.
    trackingPush: null,
    verifyWebhook:
      webhookSecret === undefined ? null : (rawBody, headers) => Promise.resolve(verifyEasyPostWebhook(rawBody, headers, webhookSecret)),
    pickup: pickups({ client, clock, redactorFor }),
    manifest: scanForms({ client, redactorFor }),

    async probe() {
      await client.list(redactorFor());
      const test = options.apiKey.startsWith('EZTK');
      return {
        account: test ? 'EasyPost, test mode' : 'EasyPost',
        problems: test ? ['The key is a test key: labels are samples and move nothing. Use a production key to ship.'] : [],
      };
    },

    async rates(request, signal) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const obstacle = obstacleOf(request, request.currency);
      if (obstacle !== null) return { rates: [], problems: [obstacle] };
      const shipment = await client.createShipment(
        draftOf(request, { options: { currency: request.currency }, carrierAccounts }),
        redact,
        signal,
      );
      const smart = await smartly(shipment, redact, signal);
      return {
        rates: ratesOf(shipment, request.currency, names, smart.percentiles),
        problems: [...problemsOf(shipment, request.currency).map(redact), ...smart.problems],
      };
    },

    async voidLabel(label) {
      const redact = redactorFor();
      try {
        return refundOutcome(await client.refund(label.ref, redact));
      } catch (error) {
        // A refund that was asked for before may be answered with an error: the shipment itself says how it stands.
        if (!isFault(error) || !error.facts.vendorCode?.startsWith('SHIPMENT.REFUND.')) throw error;
        const shipment = readShipment(await client.getShipment(label.ref, redact), 'shipment.get', 'not-applied');
        return shipment.refund_status ? voidOutcomeOf(shipment.refund_status) : { kind: 'refused', reason: error.facts.message };
      }
    },
  };
}

function refundOutcome(shipment: WireShipment): VoidOutcome {
  return shipment.refund_status ? voidOutcomeOf(shipment.refund_status) : { kind: 'accepted' };
}

import { surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Carrier, type ConnectionId, type VoidOutcome } from '@quartermaster/domain';
import { easypostClient, readShipment } from './client.ts';
import { personalRedactor } from './faults.ts';
import { labelPurchase } from './label-purchase.ts';
import { easypostBaseUrl, easypostBuckets, maxCarrierAccounts } from './limits.ts';
import { draftOf, problemsOf, ratesOf, serviceNames, voidOutcomeOf } from './translate.ts';
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
};

/** EasyPost as a carrier; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for more than 60 carrier accounts. */
export function easypostCarrier(options: EasyPostOptions): Carrier {
  const { currency } = options;
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
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) => personalRedactor([options.apiKey], addresses);
  const { buy, reconcile, labelsSince } = labelPurchase({ client, clock, currency, carrierAccounts, names, redactorFor });

  return {
    connection: options.connection,
    safety: { buy: 'claim', voidLabel: 'natural' },
    capabilities: { chargeEvent: 'on-creation', labelFormats: ['pdf', 'zpl', 'png'], returnLabels: false, customs: false, voidDays: 30 },
    buy,
    reconcile,
    labelsSince,
    documents: null,
    addressCheck: null,
    tracking: null,
    trackingPush: null,
    verifyWebhook: null,
    pickup: null,
    manifest: null,

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
      const shipment = await client.createShipment(
        draftOf(request, { options: { currency: request.currency }, carrierAccounts }),
        redact,
        signal,
      );
      return { rates: ratesOf(shipment, request.currency, names), problems: problemsOf(shipment, request.currency).map(redact) };
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

import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { isFault, type Address, type Carrier, type ConnectionId, type LabelRequest, type VoidOutcome } from '@quartermaster/domain';
import { sendcloudClient } from './client.ts';
import { documentOf } from './documents.ts';
import { notDone, type Redact } from './faults.ts';
import { foundLabels } from './found-labels.ts';
import { labelPurchase } from './label-purchase.ts';
import { cancelDays, sendcloudBaseUrl, sendcloudBuckets } from './limits.ts';
import { offersOf, problemOf, rateAnswerOf, type Offer, type Wanted } from './options.ts';
import { pickupPointsNear, type PickupPoint } from './pickup-points.ts';
import { returnIdsOf } from './return-desk.ts';
import { lackingFieldsOf, optionFilterOf, type Shipping } from './shipment-draft.ts';
import { labelStandingOf } from './status-table.ts';
import { trackingReading } from './tracking.ts';
import { verifySendcloudWebhook } from './webhook.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type SendcloudOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Keys of an API integration. There are no keys for tests: what is bought is charged, unless it is cancelled in time. */
  readonly publicKey: string;
  readonly secretKey: string;
  /** Without the version; default `https://panel.sendcloud.sc`. */
  readonly baseUrl?: string;
  /** Currency of labels, such as `EUR`. */
  readonly currency: string;
  /** Our name of a service to Sendcloud's code of a shipping option: `{ signed: 'postnl:standard/signature' }`. Services outside the map go by Sendcloud's words. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** What webhooks are signed with, default the secret key; some kinds of integration have a Webhook Signature Key. During a change several. */
  readonly webhookSecrets?: readonly string[];
};

/** What Sendcloud has beyond the port. */
export type SendcloudCarrier = Carrier & {
  /** Where a parcel can be fetched near an address, the nearest first, for a checkout. `carriers`: Sendcloud's codes; none is all that the integration has enabled. Sendcloud has this in beta. */
  readonly pickupPoints: (
    near: Address,
    more?: { readonly carriers?: readonly string[]; readonly atMost?: number },
  ) => Promise<readonly PickupPoint[]>;
};

/** Sendcloud (API v3) as a carrier; how a label is bought is told at `labelPurchase`. */
export function sendcloudCarrier(options: SendcloudOptions): SendcloudCarrier {
  const { connection, publicKey, secretKey, currency } = options;
  const surroundings = surroundingsOf(options, sendcloudBuckets(connection));
  const { clock } = surroundings;
  const names = serviceNames(options.serviceMap ?? {});
  const baseUrl = (options.baseUrl ?? sendcloudBaseUrl).replace(/\/+$/, '');
  const client = sendcloudClient({ ...surroundings, connection, publicKey, secretKey, baseUrl });
  const redactorFor = (...addresses: readonly Address[]): Redact => personalRedactor([secretKey, publicKey], addresses);
  const plain = redactorFor();

  async function offer(request: LabelRequest, redact: Redact): Promise<Offer> {
    const code = names.toTheirs(request.service);
    const wanted = wantedOf(request, currency);
    // The second point is that of the purchase.
    const found = await client.options(optionFilterOf(request, code), { points: 2, redact });
    const same = found.filter((option) => option.code === code);
    const [best] = offersOf(same, wanted);
    if (best !== undefined) return best;
    const reasons = [...new Set(same.flatMap((option) => problemOf(option, wanted)))].join(' ');
    throw notDone(
      'refused',
      'label.buy',
      `Sendcloud does not offer ${request.service} for this parcel`,
      reasons === '' ? 'Ask for rates to see what it offers.' : reasons,
    );
  }

  async function voidShipment(ref: string): Promise<VoidOutcome> {
    try {
      const done = await client.cancel(ref, plain);
      if (done === null) return { kind: 'refused', reason: 'Sendcloud does not know this shipment.' };
      return { kind: done === 'cancelled' ? 'voided' : 'accepted' };
    } catch (error) {
      // What was cancelled before is answered as what cannot be: the shipment itself says how it stands.
      if (!isFault(error) || error.facts.status !== 409) throw error;
      const [parcel] = (await client.shipment(ref, plain))?.parcels ?? [];
      const standing = labelStandingOf(parcel?.status?.code ?? parcel?.status?.message);
      if (standing !== 'given-back') return { kind: 'refused', reason: error.facts.message };
      return { kind: isDone(parcel?.status?.code) ? 'voided' : 'accepted' };
    }
  }

  async function voidReturn(returnId: number): Promise<VoidOutcome> {
    try {
      const done = await client.cancelReturn(returnId, plain);
      return done === null ? { kind: 'refused', reason: 'Sendcloud does not know this return.' } : { kind: 'accepted' };
    } catch (error) {
      if (!isFault(error) || error.facts.status !== 409) throw error;
      const history = (await client.returned(returnId, plain))?.made.status_history ?? [];
      const isGivenBack = history.some(({ parent_status: status }) => labelStandingOf(status) === 'given-back');
      return isGivenBack ? { kind: 'accepted' } : { kind: 'refused', reason: error.facts.message };
    }
  }

  return {
    connection,
    safety: { buy: 'read-back', voidLabel: 'natural' },
    // Each option says when it is charged (`charging_type`): the dearest is what is reckoned with.
    capabilities: {
      chargeEvent: 'on-creation',
      labelFormats: ['pdf', 'zpl', 'png'],
      returnLabels: true,
      customs: true,
      voidDays: cancelDays,
    },
    ...labelPurchase({ client, clock, currency, names, offer, redactorFor }),
    labelsSince: (since) => foundLabels(since, { client, clock, currency, names, redact: plain }),
    tracking: trackingReading(client, plain),
    trackingPush: null,
    addressCheck: null,
    pickup: null,
    manifest: null,
    verifyWebhook: (rawBody, headers) => verifySendcloudWebhook(rawBody, headers, options.webhookSecrets ?? [secretKey]),

    async probe() {
      const { userId, integrationId } = await client.account();
      return { account: `Sendcloud user ${userId}${integrationId === null ? '' : `, integration ${integrationId}`}`, problems: [] };
    },

    async rates(request, signal) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const found = await client.options(optionFilterOf(request, null), { points: 1, redact, signal });
      return rateAnswerOf(found, wantedOf(request, request.currency), names);
    },

    voidLabel({ ref }) {
      const back = returnIdsOf(ref);
      return back === null ? voidShipment(ref) : voidReturn(back.returnId);
    },

    async documents({ ref }, format) {
      const parcelId = returnIdsOf(ref)?.parcelId ?? (await client.shipment(ref, plain))?.parcels[0]?.id;
      if (parcelId === undefined) throw notDone('not-found', 'label.document', `Sendcloud has no shipment ${ref}`);
      return documentOf(client, parcelId, format, plain);
    },

    pickupPoints: (near, { carriers = [], atMost = 20 } = {}) =>
      pickupPointsNear(client, near, { carriers, atMost, redact: redactorFor(near) }),
  };
}

function wantedOf(request: Shipping, currency: string): Wanted {
  return { grams: request.parcel.grams, delivery: request.delivery, currency, lacking: lackingFieldsOf(request) };
}

function isDone(status: string | null | undefined): boolean {
  return (status ?? '').toUpperCase() === 'CANCELLED';
}

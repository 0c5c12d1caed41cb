import { personalRedactor, serviceNames, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { epochMs, isFault, type Address, type Carrier, type ConnectionId } from '@quartermaster/domain';
import { shipengineClient, type Redact } from './client.ts';
import { noRatesReturned, notDone, wordsOf } from './faults.ts';
import { manifests, pickups } from './handover.ts';
import { labelPurchase } from './label-purchase.ts';
import { carriersKeptMs, shipengineBaseUrl, shipengineBuckets } from './limits.ts';
import { addressOf, shipmentOf, type Shipping } from './shipment.ts';
import { trackingReading } from './tracking.ts';
import { addressVerdictOf, documentOf, problemsOf, ratesOf, voidOutcomeOf } from './translate.ts';
import { webhookCheck } from './webhook.ts';
import type { WireRates } from './wire.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type ShipEngineOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** A key that begins with `TEST_` buys samples, at a tenth of the rate limit. */
  readonly apiKey: string;
  /** Without the version; default `https://api.shipengine.com`. */
  readonly baseUrl?: string;
  /** Ids (`se-…`) of the carrier accounts to ask; default all of the ShipEngine account. */
  readonly carrierIds?: readonly string[];
  /** Currency of labels, such as `USD`. */
  readonly currency: string;
  /** Our name of a service to ShipEngine's `carrier_code/service_code`: `{ ground: 'ups/ups_ground' }`. Services outside the map go by ShipEngine's words. */
  readonly serviceMap?: Readonly<Record<string, string>>;
  /** Id (`se-…`) of the ShipEngine warehouse that parcels go from, in place of their address: only labels of a warehouse can be put on a manifest. */
  readonly warehouseId?: string;
  /** Who insures what is insured; default the carrier. */
  readonly insurance?: 'carrier' | 'shipsurance' | 'third_party';
};

/** ShipEngine (ShipStation API) as a carrier; how a label is bought is told at `labelPurchase`. */
export function shipengineCarrier(options: ShipEngineOptions): Carrier {
  const { apiKey, currency } = options;
  const isTest = apiKey.startsWith('TEST_');
  const surroundings = surroundingsOf(options, shipengineBuckets(options.connection, { isTest }));
  const { clock } = surroundings;
  const names = serviceNames(options.serviceMap ?? {});
  const client = shipengineClient({
    ...surroundings,
    connection: options.connection,
    apiKey,
    baseUrl: (options.baseUrl ?? shipengineBaseUrl).replace(/\/+$/, ''),
  });
  const redactorFor = (...addresses: readonly Address[]): Redact => personalRedactor([apiKey], addresses);
  const plain = redactorFor();
  const shipment = { warehouseId: options.warehouseId ?? null, insurance: options.insurance ?? 'carrier' } as const;

  let known: { readonly ids: readonly string[]; readonly at: number } | null = null;
  async function carrierIds(signal: AbortSignal | undefined): Promise<readonly string[]> {
    if (options.carrierIds !== undefined && options.carrierIds.length > 0) return options.carrierIds;
    const now = epochMs(clock.now());
    if (known !== null && now - known.at < carriersKeptMs) return known.ids;
    const { carriers } = await client.carriers(plain, signal);
    const ids = carriers.filter((carrier) => carrier.disabled_by_billing_plan !== true).map(({ carrier_id: id }) => id);
    known = { ids, at: now };
    return ids;
  }

  async function rate(request: Shipping, asked: string, redact: Redact, signal?: AbortSignal): Promise<WireRates> {
    const ids = await carrierIds(signal);
    if (ids.length === 0) return nothing('No carrier account is connected at ShipEngine.');
    const body = {
      rate_options: {
        carrier_ids: ids,
        preferred_currency: asked.toLowerCase(),
        ...(request.delivery.isReturn ? { is_return: true } : {}),
      },
      shipment: { validate_address: 'no_validation', ...shipmentOf(request, { ...shipment, now: clock.now() }, null) },
    };
    try {
      return await client.rates(body, redact, signal);
    } catch (error) {
      if (!isFault(error) || error.facts.vendorCode !== noRatesReturned) throw error;
      return nothing(error.facts.message);
    }
  }

  const { buy, reconcile, labelsSince } = labelPurchase({ client, clock, currency, names, shipment, rate, redactorFor });

  return {
    connection: options.connection,
    safety: { buy: 'claim', voidLabel: 'natural' },
    // When money flows is up to each carrier behind ShipEngine (`carrier_default`): the dearest of them is what is reckoned with. So is until when a label is taken back.
    capabilities: { chargeEvent: 'on-creation', labelFormats: ['pdf', 'zpl', 'png'], returnLabels: true, customs: true, voidDays: null },
    buy,
    reconcile,
    labelsSince,
    tracking: trackingReading(client, plain),
    verifyWebhook: webhookCheck({ client, clock, redact: plain }),
    pickup: pickups(client, (request) => (request === null ? plain : redactorFor(request.at))),
    manifest: manifests(client, plain),

    async probe() {
      const { carriers, errors } = await client.carriers(plain);
      const missing = (options.carrierIds ?? []).filter((id) => !carriers.some(({ carrier_id: there }) => there === id));
      const disabled = carriers.filter((carrier) => carrier.disabled_by_billing_plan === true);
      return {
        account: `ShipEngine${isTest ? ', test mode' : ''}: ${carriers.length} carrier account${carriers.length === 1 ? '' : 's'}`,
        problems: [
          ...(isTest ? ['The key is a test key: labels are samples and move nothing. Use a production key to ship.'] : []),
          ...(carriers.length === 0 ? ['No carrier account is connected at ShipEngine.'] : []),
          ...missing.map((id) => `There is no carrier account ${id}.`),
          ...disabled.map(({ carrier_id: id, carrier_code: code }) => `The plan of the account has no ${code} (${id}).`),
          ...errors.map((error) => plain(wordsOf([error]))),
        ],
      };
    },

    async rates(request, signal) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const answer = await rate(request, request.currency, redact, signal);
      return { rates: ratesOf(answer, request.currency, names), problems: problemsOf(answer, request.currency).map(redact) };
    },

    async voidLabel(label) {
      try {
        const outcome = voidOutcomeOf(await client.voidLabel(label.ref, plain));
        return outcome.kind === 'refused' ? { ...outcome, reason: plain(outcome.reason) } : outcome;
      } catch (error) {
        // What was given back before may be answered with an error: the label itself says how it stands.
        if (!isFault(error) || error.facts.status !== 400) throw error;
        const there = await client.label(label.ref, 'url', plain);
        if (there?.voided === true || there?.status === 'voided') return { kind: 'voided' };
        return { kind: 'refused', reason: error.facts.message };
      }
    },

    async documents(label, format) {
      const inline = await client.label(label.ref, 'inline', plain);
      if (inline === null) throw notDone('not-found', 'label.get', `ShipEngine has no label ${label.ref}`);
      const found = documentOf(inline, format) ?? documentOf((await client.label(label.ref, 'url', plain)) ?? inline, format);
      return found ?? lacks(format);
    },

    async addressCheck(address) {
      return addressVerdictOf(address, await client.validateAddress(addressOf(address), redactorFor(address)));
    },

    trackingPush: {
      safety: 'natural',
      async make({ trackingNumber, service }) {
        const [carrierCode = ''] = names.toTheirs(service).split('/');
        await client.startTracking(carrierCode, trackingNumber, plain);
        return { ref: `${carrierCode}/${trackingNumber}`, endsAt: null };
      },
      /** Nothing tells whether a parcel is followed; to ask again is the same as to ask once. */
      find: async () => ({ kind: 'absent' }),
    },
  };
}

function nothing(problem: string): WireRates {
  return { rates: [], invalid_rates: [], status: null, errors: [{ ...noError, message: problem }] };
}

const noError = { error_source: null, error_type: null, error_code: null, carrier_id: null, carrier_code: null, field_name: null };

function lacks(format: string): never {
  throw notDone('unsupported', 'label.get', `the label is not to be had as ${format}`, 'Take the format that it was bought in.');
}

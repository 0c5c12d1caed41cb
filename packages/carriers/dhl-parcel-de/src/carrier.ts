import { personalRedactor, surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { localDate, type Carrier, type ConnectionId } from '@quartermaster/domain';
import { carrierOfTariffs, tariffOn, type Tariff } from '@quartermaster/parcels';
import { checkAddress } from './address-check.ts';
import { dhlClient } from './client.ts';
import { notDone } from './faults.ts';
import { lookUpLabel } from './label-document.ts';
import { labelPurchase } from './label-purchase.ts';
import { refOf } from './label-ref.ts';
import { dhlParcelBaseUrl, dhlParcelBuckets, dhlParcelTestUrl, procedures } from './limits.ts';
import { manifestOf, manifestOn } from './manifest.ts';
import { parcelTracking, type TrackingUser } from './parcel-tracking.ts';
import { pickupOf } from './pickup.ts';
import { rateAnswer, saleOf, type ExtraServices } from './pricing.ts';
import { unifiedTracking } from './unified-tracking.ts';
import { voidLabel } from './void-label.ts';

/** `timeoutMs` is by default 60 seconds for a purchase and 30 for the rest; a purchase is sent once, whatever `attempts` says. */
export type DhlParcelDeOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Of the business customer portal (Post & DHL Geschäftskundenportal), best a system user. */
  readonly user: string;
  readonly password: string;
  /** Of an app in DHL's developer portal. */
  readonly apiKey: string;
  /** With it the password grant is used (OAuth); without it the key goes with user and password (Basic), which DHL means to end. */
  readonly apiSecret?: string;
  /** Without a path; default DHL's production, {@link dhlParcelTestUrl} is its sandbox. */
  readonly baseUrl?: string;
  /** DHL's product, such as `V01PAK`, to the billing number of 14 characters that pays for it. Products without one are not sold. */
  readonly billingNumbers: Readonly<Record<string, string>>;
  /** Pays for drivers on call (procedure `08`). Without one there are no pickups. */
  readonly pickupBillingNumber?: string;
  /** Prices, of one carrier, whose `carrierService` is DHL's product: DHL has no API for them. */
  readonly tariffs: readonly Tariff[];
  /** IANA zone whose calendar says which day a parcel leaves, and so which tariff holds; default Europe/Berlin. */
  readonly zone?: string;
  readonly extraServices?: ExtraServices;
  /** Group of users at DHL; default the standard one. */
  readonly profile?: string;
  /** Printed on every label, at most 50 characters. */
  readonly costCenter?: string;
  /** Paper of the label, such as `910-300-600`; default as the account has it. */
  readonly printFormat?: string;
  /** Refuse a German address that DHL's routing does not know; default false: DHL prints a label with a warning, and may charge for routing by hand. */
  readonly mustEncode?: boolean;
  /** Recipients agreed that DHL gets their e-mail address and, abroad, their phone number; default false. */
  readonly tellsRecipient?: boolean;
  /** Country that a return comes from, two letters, to the id of its receiver in the portal. Without any there are no return labels. */
  readonly returnReceivers?: Readonly<Record<string, string>>;
  /** Track by DHL Parcel DE Tracking, with reasons and twenty parcels a call; default Unified Tracking. Needs `apiSecret`. */
  readonly trackingUser?: TrackingUser;
};

/**
 * DHL Parcel DE (Post & Parcel Germany) as a carrier, with a contract of one's own; how a label is bought is told at `labelPurchase`. Throws a `RangeError` for a billing number that is none or that
 * pays for another product, for tariffs of several carriers, and for a tracking user without a secret.
 */
export function dhlParcelDeCarrier(options: DhlParcelDeOptions): Carrier {
  const { apiKey, connection, password, tariffs, user, billingNumbers, pickupBillingNumber, trackingUser } = options;
  checkBillingNumbers({ ...billingNumbers, ...(pickupBillingNumber === undefined ? {} : { pickups: pickupBillingNumber }) });
  carrierOfTariffs(tariffs);
  const apiSecret = options.apiSecret ?? null;
  if (trackingUser !== undefined && apiSecret === null) throw new RangeError('DHL Parcel DE Tracking needs the secret of the app');
  const surroundings = surroundingsOf(options, dhlParcelBuckets(connection));
  const { clock } = surroundings;
  const zone = options.zone ?? 'Europe/Berlin';
  const origin = new URL(options.baseUrl ?? dhlParcelBaseUrl).origin;
  const trackingSecrets = trackingUser === undefined ? [] : [trackingUser.password];
  const client = dhlClient({
    ...surroundings,
    connection,
    credentials: { user, password, apiKey, apiSecret },
    origin,
    moreSecrets: trackingSecrets,
  });
  const redactorFor: Parameters<typeof labelPurchase>[0]['redactorFor'] = (...addresses) =>
    personalRedactor([user, password, apiKey, ...(apiSecret === null ? [] : [apiSecret]), ...trackingSecrets], addresses);
  const pricing = { tariffs, extraServices: options.extraServices ?? {}, billingNumbers, zone };
  const { profile, printFormat, costCenter } = options;
  const ofAccount = {
    client,
    clock,
    ...(profile === undefined ? {} : { profile }),
    ...(printFormat === undefined ? {} : { printFormat }),
    ...(costCenter === undefined ? {} : { costCenter }),
  };
  const domestic = billingNumbers['V01PAK'];

  return {
    connection,
    safety: { buy: 'read-back', voidLabel: 'natural' },
    capabilities: {
      chargeEvent: 'on-scan',
      labelFormats: ['pdf', 'zpl'],
      returnLabels: Object.keys(options.returnReceivers ?? {}).length > 0,
      customs: true,
      voidDays: null,
    },
    ...labelPurchase({
      ...ofAccount,
      billingNumbers,
      redactorFor,
      sell: (request) => saleOf(request, pricing),
      mustEncode: options.mustEncode ?? false,
      tellsRecipient: options.tellsRecipient ?? false,
      returnReceivers: options.returnReceivers ?? {},
    }),
    labelsSince: null,
    addressCheck:
      domestic === undefined ? null : (address) => checkAddress({ ...ofAccount, billingNumber: domestic }, address, redactorFor(address)),
    tracking: trackingUser === undefined ? unifiedTracking(client, redactorFor()) : parcelTracking(client, trackingUser, redactorFor()),
    trackingPush: null,
    verifyWebhook: null,
    pickup: pickupBillingNumber === undefined ? null : pickupOf({ client, clock, billingNumber: pickupBillingNumber, redactorFor }),
    manifest: manifestOf({ ...ofAccount, redact: redactorFor() }),

    async probe() {
      const today = localDate(clock.now(), zone);
      await manifestOn({ client, redact: redactorFor() }, localDate(clock.now(), 'Europe/Berlin'), 'URL');
      const tariff = tariffOn(tariffs, today);
      const products = tariff === null ? [] : [...new Set(tariff.services.map(({ carrierService }) => carrierService))];
      return {
        account: `DHL Parcel DE ${user}`,
        problems: [
          ...(origin === dhlParcelTestUrl ? ['This is the sandbox of DHL: labels are samples and move nothing.'] : []),
          ...(tariff === null ? [`No tariff holds today (${today}): add one.`] : []),
          ...products
            .filter((product) => billingNumbers[product] === undefined)
            .map((product) => `There is no billing number for ${product} of the tariff.`),
        ],
      };
    },

    async rates(request, signal) {
      signal?.throwIfAborted();
      return rateAnswer(request, pricing);
    },

    voidLabel: (label) => voidLabel({ ...ofAccount, redact: redactorFor() }, label),

    async documents(label, format) {
      const operation = 'label.get';
      const ref = refOf(label.ref);
      if (ref?.kind !== 'shipment') throw notDone('unsupported', operation, 'DHL gives a return label only once, when it is made');
      const seen = await lookUpLabel(client, ref.number, { ...ofAccount, format, redact: redactorFor() });
      if (seen.kind === 'found') return seen.document;
      throw notDone(
        'not-found',
        operation,
        seen.reason,
        'DHL gives a label until the shipment is closed for its day: take the one that was kept.',
      );
    },
  };
}

/** A wrong number would be refused with every label. */
function checkBillingNumbers(billingNumbers: Readonly<Record<string, string>>): void {
  for (const [product, number] of Object.entries(billingNumbers)) {
    if (!/^\w{10}\d{2}\w{2}$/.test(number)) throw new RangeError(`the billing number of ${product} is not of 14 characters`);
    const procedure = procedures[product];
    if (procedure !== undefined && number.slice(10, 12) !== procedure)
      throw new RangeError(`the billing number of ${product} has to have ${procedure} at places 11 and 12`);
  }
}

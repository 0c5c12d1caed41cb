import { sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { type ImageType } from './label-rules.ts';
import { addDays, localDate, localMinute, type Clock, type LabelFormat } from '@quartermaster/domain';
import type { StoredLabel } from './state.ts';
import type { Quoted } from './tariff.ts';

// Answers as USPS's specifications have them.

/** `code` is that of the error inventory; `00000XX` stands in USPS's own examples where it names none. */
export function errorJson(status: number, title: string, code: string, detail: string, parameter = ''): Record<string, unknown> {
  return {
    apiVersion: 'v3',
    error: { code: String(status), message: title, errors: [{ title, detail, code, source: { parameter } }] },
  };
}

/** As addresses are refused: words and no code. */
export function wordlessJson(status: number, message: string): Record<string, unknown> {
  return { apiVersion: 'v3', error: { code: String(status), message, errors: [] } };
}

export function optionJson(
  quoted: Quoted,
  given: { readonly mailingDate: string; readonly isReturn: boolean; readonly priceType: string },
) {
  const { mailClass } = quoted;
  return {
    // Mail of the way back has no commitment.
    ...(given.isReturn
      ? {}
      : {
          commitment: {
            ...commitmentJson(quoted, given.mailingDate),
            guaranteedDelivery: quoted.mailClass.startsWith('PRIORITY_MAIL_EXPRESS'),
          },
        }),
    totalPrice: dollars(quoted.totalMinor),
    totalBasePrice: dollars(quoted.fees.reduce((sum, { minor }) => sum + minor, quoted.postageMinor)),
    rates: [
      {
        description: `${mailClass} ${quoted.processingCategory} ${quoted.rateIndicator}`,
        startDate: '2026-07-12',
        endDate: '',
        price: dollars(quoted.postageMinor),
        zone: '04',
        weight: quoted.weight,
        dimensionalWeight: quoted.dimOunces,
        dimWeight: quoted.dimOunces,
        fees: feesJson(quoted),
        priceType: given.priceType,
        mailClass,
        productName: '',
        productDefinition: '',
        processingCategory: quoted.processingCategory,
        rateIndicator: quoted.rateIndicator,
        destinationEntryFacilityType: 'NONE',
        SKU: `D${mailClass.slice(0, 3)}0XXXXC00010`,
      },
    ],
    extraServices: quoted.extras.map(({ code, minor, name, sku }) => ({
      name,
      price: dollars(minor),
      extraService: code,
      priceType: 'COMMERCIAL',
      warnings: [],
      SKU: sku,
    })),
  };
}

/** What is said of a bought label, without its picture. */
export function metadataJson({ body, isReturn, mailingDate, price, trackingNumber }: StoredLabel): Record<string, unknown> {
  const { toAddress } = body;
  const capitals = Object.fromEntries(Object.entries(toAddress).map(([name, text]) => [name, String(text).toUpperCase()]));
  return {
    labelAddress: capitals,
    routingInformation: `420${toAddress.ZIPCode}${toAddress.ZIPPlus4 ?? ''}`,
    trackingNumber,
    ...(isReturn ? {} : { constructCode: 'C01' }),
    SKU: `D${price.mailClass.slice(0, 3)}0XXXXC00010`,
    postage: dollars(price.postageMinor),
    extraServices: price.extras.map(({ minor, name, sku }) => ({ name, price: dollars(minor), SKU: sku })),
    serviceTypeCode: '055',
    zone: '04',
    mailingDate: `${mailingDate}T22:00:00Z`,
    ...(isReturn ? {} : { commitment: commitmentJson(price, mailingDate) }),
    weightUOM: 'lb',
    weight: body.packageDescription.weight,
    dimensionalWeight: price.dimOunces,
    fees: feesJson(price),
    bannerText: 'USPS TRACKING # USPS Ship',
    links: [
      {
        rel: ['Tracking URL'],
        href: `https://tools.usps.com/go/TrackConfirmAction_input?origTrackNum=${trackingNumber}`,
        method: 'GET',
      },
    ],
  };
}

export function pictureOf(label: StoredLabel, type: ImageType): string {
  const references = (label.body.packageDescription.customerReference ?? []).map(({ referenceNumber }) => referenceNumber);
  return Buffer.from(
    sampleDocument(formatOf(type), ['SAMPLE', `USPS ${label.price.mailClass}`, label.trackingNumber, ...references]),
  ).toString('base64');
}

/** USPS's own default: what is said and the picture in two parts, the picture as text of base64. */
export function partsResponse(parts: readonly { readonly name: string; readonly type: string; readonly text: string }[]): Response {
  const boundary = 'sandbox-part';
  const texts = parts.map(
    ({ name, text, type }) => `--${boundary}\r\nContent-Type: ${type}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
  );
  return new Response(`${texts.join('')}--${boundary}--`, { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
}

/** What USPS says of a scan. */
export const scanWords = {
  made: { eventType: 'Shipping Label Created, USPS Awaiting Item', eventCode: 'GX' },
  accepted: { eventType: 'USPS in possession of item', eventCode: '03' },
  delivered: { eventType: 'Delivered, In/At Mailbox', eventCode: '01' },
} as const;

/** Reverse in time, as USPS tells; the local time of the place ends in a Z that it does not mean. */
export function trackedJson(label: StoredLabel, zone: string): Record<string, unknown> {
  const { city, state, ZIPCode } = label.body.toAddress;
  const events = [{ what: 'made' as const, at: label.madeAt }, ...label.scans].reverse();
  return {
    trackingNumber: label.trackingNumber,
    destinationCity: city.toUpperCase(),
    destinationState: state,
    destinationZIP: ZIPCode,
    expectedDeliveryTimeStamp: `${addDays(label.mailingDate, label.price.days)}T21:00:00Z`,
    mailClass: label.price.mailClass,
    mailType: 'DOMESTIC_MAIL',
    statusCategory: 'In Transit',
    status: scanWords[events[0]?.what ?? 'made'].eventType,
    trackingEvents: events.map(({ at, what }) => ({
      ...scanWords[what],
      eventTimestamp: `${localText(at, zone)}Z`,
      GMTTimestamp: at,
      eventCountry: null,
      eventCity: city.toUpperCase(),
      eventState: state,
      eventZIP: ZIPCode,
      firm: null,
      name: null,
      authorizedAgent: false,
    })),
  };
}

export function tokenJson(given: {
  readonly token: string;
  readonly lifeSeconds: number;
  readonly clientId: string;
  readonly clock: Clock;
}) {
  return {
    access_token: given.token,
    token_type: 'Bearer',
    issued_at: String(Date.parse(given.clock.now())),
    expires_in: String(given.lifeSeconds),
    status: 'approved',
    scope: 'addresses prices shipments labels payments tracking scan-forms pickup',
    issuer: 'https://keyc.usps.com/realms/USPS',
    client_id: given.clientId,
    application_name: 'sandbox',
    api_products: '[sandbox]',
    public_key: '',
  };
}

export function localText(at: string, zone: string): string {
  const minutes = localMinute(at, zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${localDate(at, zone)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}

function commitmentJson({ days }: Quoted, mailingDate: string) {
  const day = addDays(mailingDate, days);
  return {
    name: `${days} Days`,
    scheduleDeliveryDate: day,
    expectedDeliveryDate: day,
    isPriorityMailNextDay: false,
  };
}

function feesJson({ fees }: Quoted) {
  return fees.map(({ minor, name, sku }) => ({ name, price: dollars(minor), SKU: sku }));
}

/** USPS's amounts are numbers. */
export function dollars(minor: number): number {
  return minor / 100;
}

function formatOf(type: ImageType): LabelFormat {
  if (type === 'PDF') return 'pdf';
  return type === 'PNG' ? 'png' : 'zpl';
}

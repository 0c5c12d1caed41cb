import { type ServiceNames } from '@quartermaster/connector-kit';
import { plainDelivery, zero, type Clock, type FoundLabel, type Instant, type Label } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import { nthOf } from './external-reference.ts';
import type { Redact } from './faults.ts';
import { referenceRef } from './label-purchase.ts';
import { gramsOf, millimetresOf } from './measures.ts';
import { carrierOf, offersOf } from './options.ts';
import { standingOf } from './shipment-desk.ts';
import type { WireShipment } from './wire.ts';

/**
 * Shipments that were announced under keys of ours since then and not given back. Sendcloud does not tell what a shipment cost, so it is priced anew by today's tariff; zero where its option is
 * offered no more. Returns are not among them: Sendcloud's list of returns does not show what they are given back by.
 */
export async function* foundLabels(
  since: Instant,
  tools: {
    readonly client: SendcloudClient;
    readonly clock: Clock;
    readonly currency: string;
    readonly names: ServiceNames;
    readonly redact: Redact;
  },
): AsyncIterable<FoundLabel> {
  const { client, clock, names, redact } = tools;
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<SendcloudClient['shipmentsSince']>> = await client.shipmentsSince(since, cursor, redact);
    for (const shipment of page.items) {
      const { reference: key, external_reference_id: externalReference, ship_with: shipWith } = shipment;
      const code = shipWith?.properties.shipping_option_code;
      if (!key || !externalReference || !code || nthOf(externalReference, key) === null) continue;
      const standing = standingOf(shipment, '');
      if (standing.kind !== 'bought') continue;
      const { sold } = standing;
      const label: Label = {
        ref: sold.ref,
        carrier: carrierOf(code),
        service: names.toOurs(code),
        trackingNumber: sold.trackingNumber,
        trackingUrl: sold.trackingUrl,
        ...(await priceToday(shipment, code, tools)),
        boughtAt: sold.boughtAt ?? clock.now(),
        document: { format: 'pdf', base64: null, url: null },
      };
      yield { key, refs: { [referenceRef]: externalReference }, label };
    }
    if (page.next === null || page.next === cursor) return;
    cursor = page.next;
  }
}

async function priceToday(
  { from_address: from, to_address: to, parcels }: WireShipment,
  code: string,
  { client, currency, redact }: { readonly client: SendcloudClient; readonly currency: string; readonly redact: Redact },
): Promise<Pick<Label, 'price' | 'charges'>> {
  const [parcel] = parcels;
  const grams = parcel?.weight ? gramsOf(parcel.weight) : null;
  const none = { price: zero(currency), charges: [] };
  if (grams === null || !from?.country_code || !to?.country_code) return none;
  const { length, width, height, unit } = parcel?.dimensions ?? { length: '', width: '', height: '', unit: '' };
  const sides = [length, width, height].map((side) => millimetresOf(side, unit));
  const [long, wide, high] = sides.map((side) => String(side ?? ''));
  const filter = {
    from_country_code: from.country_code,
    to_country_code: to.country_code,
    ...(from.postal_code ? { from_postal_code: from.postal_code } : {}),
    ...(to.postal_code ? { to_postal_code: to.postal_code } : {}),
    parcels: [
      {
        weight: { value: String(grams), unit: 'g' },
        ...(sides.some((side) => !side) ? {} : { dimensions: { length: long, width: wide, height: high, unit: 'mm' } }),
      },
    ],
    shipping_option_code: code,
    calculate_quotes: true,
  };
  const options = await client.options(filter, { points: 1, redact });
  const offer = offersOf(options, { grams, delivery: plainDelivery, currency, lacking: [] }).find(({ option }) => option.code === code);
  return offer === undefined ? none : { price: offer.price.total, charges: [...offer.price.charges] };
}

import type { Address } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import type { Redact } from './faults.ts';

/** A shop or locker where a parcel can be fetched. */
export type PickupPoint = {
  /** What a shipment is sent to it by. */
  readonly id: string;
  readonly carrier: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  /** From the address that was asked for, as the crow flies; null where Sendcloud does not say. */
  readonly metres: number | null;
};

/** Pickup points (Sendcloud's service points) near an address, the nearest first; of these carriers, or of all that the integration has enabled. At most 200. */
export async function pickupPointsNear(
  client: SendcloudClient,
  near: Address,
  given: { readonly carriers: readonly string[]; readonly atMost: number; readonly redact: Redact },
): Promise<readonly PickupPoint[]> {
  const query = new URLSearchParams({
    country_code: near.country.toUpperCase(),
    address: [...near.lines, `${near.postalCode} ${near.city}`].filter((part) => part.trim() !== '').join(', '),
    limit: String(Math.min(200, Math.max(1, given.atMost))),
  });
  if (given.carriers.length === 0) query.set('use_integration_carriers', 'true');
  for (const carrier of given.carriers) query.append('carrier_code', carrier);
  const found = await client.servicePoints(query, given.redact);
  return found
    .filter((point) => point.is_expired !== true)
    .map(({ id, carrier, name, address, distance }) => ({
      id,
      carrier: carrier.code,
      name,
      lines: [[address.street, address.house_number].filter(Boolean).join(' ')],
      postalCode: address.postal_code ?? '',
      city: address.city ?? '',
      country: address.country_code ?? near.country,
      metres: distance ?? null,
    }));
}

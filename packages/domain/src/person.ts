import { z } from 'zod';

/** A postal address as the channel gave it. Personal data: kept only in the journal's vault. `country` is an ISO 3166 code of two letters. */
export const addressSchema = z.object({
  name: z.string(),
  company: z.string().nullable(),
  lines: z.array(z.string()),
  postalCode: z.string(),
  city: z.string(),
  region: z.string().nullable(),
  country: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
});
export type Address = z.infer<typeof addressSchema>;

/** Who ordered and where it goes. Personal data. */
export const personSchema = z.object({ shipTo: addressSchema.nullable(), billTo: addressSchema.nullable() });
export type Person = z.infer<typeof personSchema>;

/**
 * Where a shipment goes, coarse enough to be no personal data and fine enough for zones: country, region and the first three letters or digits of the postal code (`00-950` and
 * `00950` are one area).
 */
export const destinationSchema = z.object({ country: z.string(), region: z.string().nullable(), postalArea: z.string() });
export type Destination = z.infer<typeof destinationSchema>;

export function destinationOf(address: Address): Destination {
  return {
    country: address.country.trim().toUpperCase(),
    region: address.region,
    postalArea: Array.from(address.postalCode.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
      .slice(0, 3)
      .join(''),
  };
}

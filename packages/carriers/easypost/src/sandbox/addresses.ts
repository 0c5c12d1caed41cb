import type { Hono } from 'hono';
import { z } from 'zod';
import { bodyOf, impossible, invalid } from './answers.ts';
import type { EasyPostState } from './state.ts';

const requestSchema = z.object({
  verify: z.boolean().optional(),
  verify_strict: z.boolean().optional(),
  address: z.looseObject({
    street1: z.string().min(1),
    street2: z.string().nullish(),
    city: z.string().nullish(),
    state: z.string().nullish(),
    zip: z.string().nullish(),
    country: z.string().length(2),
  }),
});
type Asked = z.infer<typeof requestSchema>['address'];

/**
 * Addresses and their verification. As the official client's examples have it a street that begins with a zero, or a town that is none, is not found; a house number must be there. What
 * is found comes in capitals, with the four digits behind an American postal code.
 */
export function serveAddresses(app: Hono, state: EasyPostState): void {
  app.post('/v2/addresses', async (context) => {
    const parsed = requestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const { address, verify = false, verify_strict: strict = false } = parsed.data;
    const errors = verify || strict ? errorsOf(address) : [];
    if (strict && errors.length > 0) return impossible(context, 'ADDRESS.VERIFY.FAILURE', 'Unable to verify address.');
    const found = (verify || strict) && errors.length === 0;
    const verification = {
      success: found,
      errors,
      details: found ? { latitude: 37.79, longitude: -122.4, time_zone: 'America/Los_Angeles' } : {},
    };
    return context.json(
      {
        id: state.newId('adr'),
        object: 'Address',
        mode: 'test',
        name: null,
        company: null,
        phone: null,
        email: null,
        ...address,
        ...(found ? known(address) : {}),
        residential: found ? false : null,
        verifications: verify || strict ? { zip4: verification, delivery: verification } : {},
      },
      201,
    );
  });
}

function errorsOf({ street1, city }: Asked): { code: string; field: string; message: string; suggestion: null }[] {
  if (/^0+\b/.test(street1) || /not a city|atlantis/i.test(city ?? ''))
    return [{ code: 'E.ADDRESS.NOT_FOUND', field: 'address', message: 'Address not found', suggestion: null }];
  if (!/\d/.test(street1))
    return [{ code: 'E.HOUSE_NUMBER.MISSING', field: 'street1', message: 'House number is missing', suggestion: null }];
  return [];
}

function known({ street1, street2, city, state, zip, country }: Asked): Record<string, string> {
  return {
    street1: street1.toUpperCase().replaceAll(/\bSTREET\b/g, 'ST'),
    street2: (street2 ?? '').toUpperCase(),
    city: (city ?? '').toUpperCase(),
    state: (state ?? '').toUpperCase(),
    zip: country === 'US' && /^\d{5}$/.test(zip ?? '') ? `${zip ?? ''}-1129` : (zip ?? ''),
    country,
  };
}

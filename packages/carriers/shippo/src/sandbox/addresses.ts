import type { Hono } from 'hono';

/**
 * The check of addresses (the second version of Shippo's API). A street that begins with a zero, or a town that is none, is invalid; without a house number it is valid in part. What is found comes in
 * capitals, with the four digits behind an American postal code.
 */
export function serveAddresses(app: Hono): void {
  app.get('/v2/addresses/validate', (context) => {
    const {
      address_line_1: line = '',
      city_locality: city,
      state_province: state,
      postal_code: code,
      country_code: country,
    } = context.req.query();
    const isEnough = country === 'US' ? Boolean(code) || (Boolean(city) && Boolean(state)) : Boolean(city);
    if (line === '' || !country || !isEnough) return context.json({ detail: 'The address does not have enough information.' }, 400);
    const isInvalid = /^0+\b/.test(line) || /atlantis/i.test(city ?? '');
    const isPartial = !isInvalid && !/\d/.test(line);
    const found = {
      address_line_1: line.toUpperCase().replaceAll(/\bSTREET\b/g, 'ST'),
      city_locality: (city ?? '').toUpperCase(),
      state_province: (state ?? '').toUpperCase(),
      postal_code: country === 'US' && /^\d{5}$/.test(code ?? '') ? `${code ?? ''}-1129` : (code ?? ''),
      country_code: country,
      confidence_result: { score: 'high', code: 'postal_data_match', description: 'The address was matched.' },
    };
    const reason = (name: string, description: string) => ({ code: name, type: 'error', description });
    return context.json({
      original_address: context.req.query(),
      analysis: {
        validation_result: {
          value: isInvalid ? 'invalid' : isPartial ? 'partially_valid' : 'valid',
          reasons: isInvalid
            ? [reason('address_not_found', 'The address could not be found.')]
            : isPartial
              ? [reason('premise_number_missing', 'The house number is missing.')]
              : [],
        },
        address_type: isInvalid ? 'unknown' : 'commercial',
        changed_attributes: [],
      },
      ...(isInvalid || isPartial ? {} : { recommended_address: found }),
      geo: {},
    });
  });
}

/** Countries whose addresses the sandbox knows. */
const checked = new Set(['US', 'CA', 'GB', 'DE', 'FR', 'AU']);

type Asked = {
  readonly address_line1: string;
  readonly address_line2?: string | null | undefined;
  readonly city_locality: string;
  readonly state_province?: string | undefined;
  readonly postal_code?: string | undefined;
  readonly country_code: string;
};

/** What is said of an address: a place that cannot be (a postal code of zeros) is not found; any other stands in capitals, as carriers write. */
export function checkedAddress(asked: Asked): Record<string, unknown> {
  if (!checked.has(asked.country_code))
    return verdict(asked, 'unverified', null, 'a1001', 'unsupported_country', 'This country is not supported.');
  if (/^0+$/.test(asked.postal_code ?? ''))
    return verdict(asked, 'unverified', null, 'a1002', 'address_not_found', 'The address was not found.');
  const matched = {
    ...asked,
    address_line1: asked.address_line1.toUpperCase(),
    city_locality: asked.city_locality.toUpperCase(),
    postal_code: asked.country_code === 'US' ? `${asked.postal_code ?? ''}-1234` : asked.postal_code,
    address_residential_indicator: 'yes',
  };
  return { status: 'verified', original_address: asked, matched_address: matched, messages: [] };
}

function verdict(asked: Asked, status: string, matched: null, code: string, detail: string, message: string): Record<string, unknown> {
  return {
    status,
    original_address: asked,
    matched_address: matched,
    messages: [{ code, message, type: 'error', detail_code: detail }],
  };
}

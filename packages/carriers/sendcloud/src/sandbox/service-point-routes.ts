import type { Hono } from 'hono';
import { refuse } from './replies.ts';

export type SandboxServicePoint = {
  readonly id: number;
  readonly carrier: string;
  readonly name: string;
  readonly street: string;
  readonly houseNumber: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly metres: number;
  readonly isExpired?: boolean;
};

/** Service points of a country, the nearest first. Carriers are named, or those of the integration taken: one of the two, and not both. */
export function servicePointRoutes(app: Hono, points: readonly SandboxServicePoint[]): void {
  app.get('/api/v3/service-points', (context) => {
    const { country_code: country, address, limit = '100', use_integration_carriers: ofIntegration } = context.req.query();
    const carriers = context.req.queries('carrier_code') ?? [];
    const invalid = (detail: string) => refuse({ status: 400, code: 'validation_error', detail });
    if (!/^[A-Z]{2}$/.test(country ?? '')) return invalid('country_code: Field required');
    if ((ofIntegration === 'true') === carriers.length > 0)
      return invalid('Exactly one of carrier_code and use_integration_carriers must be provided.');
    if (!(Number(limit) >= 1 && Number(limit) <= 200)) return invalid('limit: must be between 1 and 200');
    const found = points
      .filter((point) => point.country === country && (carriers.length === 0 || carriers.includes(point.carrier)))
      .toSorted((a, b) => a.metres - b.metres)
      .slice(0, Number(limit));
    const results = found.map((point) => ({
      id: point.id,
      name: point.name,
      carrier: { code: point.carrier, name: point.carrier.toUpperCase() },
      carrier_service_point_id: `${point.country}-${point.id}`,
      general_shop_type: 'servicepoint',
      address: {
        street: point.street,
        house_number: point.houseNumber,
        postal_code: point.postalCode,
        city: point.city,
        country_code: point.country,
      },
      is_expired: point.isExpired ?? false,
      distance: point.metres,
    }));
    return context.json({
      data: { results, geocoding: address === undefined ? null : { status: 'matched', precision: 'street', formatted_address: address } },
    });
  });
}

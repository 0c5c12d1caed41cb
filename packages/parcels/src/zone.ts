import type { Destination } from '@quartermaster/domain';
import type { Place, TariffService } from './tariff.ts';

/** Whether a place holds a destination. Country, region and postal area are compared without regard to case. */
export function placeHolds(place: Place, destination: Destination): boolean {
  if (place === '*') return true;
  if (place.country !== destination.country.toUpperCase()) return false;
  if (place.region !== undefined && place.region.toUpperCase() !== destination.region?.toUpperCase()) return false;
  return place.postalPrefix === undefined || destination.postalArea.toUpperCase().startsWith(place.postalPrefix);
}

/**
 * The zone of a way, or null when the service does not go there. The most specific entry wins: a longer postal prefix before a shorter one, a postal prefix before a region, a
 * region before a country, a country before `'*'`. Where the parcel goes decides first, then where it comes from, then the order of the list.
 */
export function zoneOf(service: TariffService, from: Destination, to: Destination): string | null {
  const fitting = service.zones.filter((zone) => placeHolds(zone.from, from) && placeHolds(zone.to, to));
  const best = fitting.reduce<(typeof fitting)[number] | null>((winner, zone) => {
    if (winner === null) return zone;
    const closer = specificity(zone.to) - specificity(winner.to) || specificity(zone.from) - specificity(winner.from);
    return closer > 0 ? zone : winner;
  }, null);
  return best === null ? null : best.id;
}

function specificity(place: Place): number {
  if (place === '*') return 0;
  return 1 + (place.region === undefined ? 0 : 2) + (place.postalPrefix?.length ?? 0) * 4;
}

import type { Destination } from '@quartermaster/domain';

/** A zone of the problem is a destination; JSON keeps any text in it apart. */
export function zoneId(destination: Destination | null): string {
  return destination === null ? '-' : JSON.stringify([destination.country, destination.region, destination.postalArea]);
}

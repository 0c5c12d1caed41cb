import { epochMs, instantAt, instantOf, type Instant } from '@quartermaster/domain';
import { weighted } from './places.ts';

/** How busy the hours of the day are; before eight the shops sleep. */
const hours: readonly { readonly hour: number; readonly weight: number }[] = [
  { hour: 8, weight: 9 },
  { hour: 9, weight: 13 },
  { hour: 10, weight: 12 },
  { hour: 11, weight: 8 },
  { hour: 12, weight: 9 },
  { hour: 13, weight: 11 },
  { hour: 14, weight: 7 },
  { hour: 15, weight: 6 },
  { hour: 16, weight: 5 },
  { hour: 17, weight: 4 },
  { hour: 18, weight: 4 },
  { hour: 19, weight: 6 },
  { hour: 20, weight: 4 },
  { hour: 21, weight: 2 },
];

/** Moments at which so many orders arrive, sorted: peaks in the morning, after lunch and in the evening. None before five past eight. */
export function arrivals(random: () => number, given: { count: number; date: string; zone: string }): Instant[] {
  const opening = epochMs(instantAt(given.date, '08:05', given.zone));
  return Array.from({ length: given.count }, () => {
    const { hour } = weighted(random, hours, (each) => each.weight);
    const start = epochMs(instantAt(given.date, `${String(hour).padStart(2, '0')}:00`, given.zone));
    return instantOf(Math.max(opening, start) + Math.floor(random() * 3_300) * 1_000);
  }).sort();
}

import { transitDaysFor, type Transit, type TransitTerms } from './arrival.ts';
import { confidences, everyDay, type Calendar, type CarrierCalendar, type Confidence } from './calendar.ts';

export type ServiceTerms = {
  readonly pickup: Calendar;
  readonly cutoff: string | null;
  readonly transit: TransitTerms;
  /** How long a way takes that is stated to take so many days. */
  readonly takes: (statedDays: number) => Transit;
};

/** Made once for each calendar and service, so that their holidays are counted out once. */
const known = new WeakMap<CarrierCalendar, Map<string, ServiceTerms>>();

/** What a carrier's calendar says of one of its services; without a calendar every day counts and nothing is late. */
export function serviceTerms(calendar: CarrierCalendar | undefined, service: string): ServiceTerms {
  if (calendar === undefined) return alwaysTerms;
  const services = known.get(calendar) ?? new Map<string, ServiceTerms>();
  known.set(calendar, services);
  const terms = services.get(service) ?? termsOf(calendar, service);
  services.set(service, terms);
  return terms;
}

const alwaysTerms: ServiceTerms = {
  pickup: everyDay,
  cutoff: null,
  transit: { moves: everyDay, delivers: everyDay },
  takes: (days) => ({ days }),
};

function termsOf(calendar: CarrierCalendar, service: string): ServiceTerms {
  const { holidays, openOn, services } = calendar;
  const own = services[service] ?? {};
  const on = (days: number[]): Calendar => ({ days, holidays, openOn });
  const delay = own.delay ?? calendar.delay;
  return {
    pickup: on(own.pickupDays ?? calendar.pickupDays),
    cutoff: own.cutoff ?? calendar.cutoff ?? null,
    transit: { moves: on(own.transitDays ?? calendar.transitDays), delivers: on(own.deliveryDays ?? calendar.deliveryDays) },
    takes: (days) => delayed(days, delay),
  };
}

/** Where no delay is told for a percentile as high as is wanted, the stated days are all there is. */
function delayed(days: number, delay: CarrierCalendar['delay']): Transit {
  const percentiles: Partial<Record<Confidence, number>> = {};
  for (const percent of confidences) {
    const more = delay[`${percent}`];
    if (more !== undefined) percentiles[percent] = days + more;
  }
  return Object.keys(percentiles).length === 0 ? { days } : { percentiles };
}

/** The days under way for a confidence, also where no percentile is that sure: then those of the surest one. */
export function sureDays(transit: Transit, confidence: Confidence): number {
  const found = transitDaysFor(transit, confidence);
  if (found !== null) return found.days;
  return 'days' in transit ? transit.days : Math.max(0, ...Object.values(transit.percentiles));
}

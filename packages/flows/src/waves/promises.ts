import { compareText, destinationOf, type Destination, type Instant } from '@quartermaster/domain';
import { laneOf } from '@quartermaster/parcels';
import { orderWindows, promiseAt, serviceTerms, stepText, type OrderWindow } from '@quartermaster/promise';
import { z } from 'zod';
import { dispatchDateOf, dispatchTerms } from '../calendars.ts';
import type { FlowSettings } from '../settings.ts';
import { serviceId } from './sourcing-problem.ts';

/** What is asked of a promise: where to, and the service that the customer would ask for. */
export const promiseQuestionSchema = z.strictObject({
  country: z.string().regex(/^[A-Za-z]{2}$/, 'an ISO 3166 code of two letters'),
  postalCode: z.string().max(20).default(''),
  region: z.string().min(1).max(40).optional(),
  service: z.string().min(1).max(100).optional(),
});
export type PromiseQuestion = z.infer<typeof promiseQuestionSchema>;

/** What one node may promise by one service: until when for which day, the next few times, and why. */
export type WayPromise = {
  readonly node: string;
  /** `connection/service`, as in a plan. */
  readonly service: string;
  readonly windows: readonly OrderWindow[];
  /** Percent that arrive in time, where the carrier's calendar tells; null where it is one number of days. */
  readonly confidence: number | null;
  /** How the first window came about, or why there is none, in sentences. */
  readonly why: readonly string[];
};

const windowsTold = 3;

/**
 * What a shop may say to a customer at a moment, by calendars, cutoffs, waves and transit days alone: the earliest day first, of equal ones the one that may be ordered longest, then by id. Whether a node has the goods is
 * not looked at: a shop says it of articles that it has.
 */
export function promisesFor(settings: FlowSettings, question: PromiseQuestion, at: Instant): WayPromise[] {
  const to = destinationAsked(question);
  const allowed = question.service === undefined ? undefined : settings.sourcing.servicesFor[question.service];
  const ways = settings.nodes.flatMap((node) =>
    settings.carriers.flatMap((carrier) =>
      carrier.tariff.services.flatMap((service): WayPromise[] => {
        const id = serviceId(carrier, service.id);
        const way = { carrier, service: service.id };
        const lane = laneOf(carrier.tariff, service, destinationOf(node.address), to, dispatchDateOf(node, way, at));
        if (lane === null || (allowed !== undefined && !allowed.includes(id))) return [];
        const none = (why: string): WayPromise[] => [{ node: node.id, service: id, windows: [], confidence: null, why: [why] }];
        if (lane.transitDays === null) return none('the tariff does not say how long it takes');
        const { transit, takes } = serviceTerms(carrier.calendar, service.id);
        const terms = {
          dispatch: dispatchTerms(node, way, { times: settings.waves, zone: settings.zone }),
          transit,
          takes: takes(lane.transitDays),
          confidence: settings.sourcing.confidence,
        };
        const first = promiseAt(terms, at);
        if (first.kind === 'none') return none(first.why);
        const { confidence, steps } = first;
        return [{ node: node.id, service: id, windows: orderWindows(terms, at, windowsTold), confidence, why: steps.map(stepText) }];
      }),
    ),
  );
  return ways.sort(byFirstWindow);
}

/** Until when an answer stays as it is, but for the milliseconds left: the first moment at which one of its windows closes. Null where there is none. */
export function holdsUntil(ways: readonly WayPromise[]): Instant | null {
  return ways.flatMap(({ windows: [first] }) => (first === undefined ? [] : [first.orderBefore])).sort()[0] ?? null;
}

function destinationAsked({ country, postalCode, region }: PromiseQuestion): Destination {
  return destinationOf({
    name: '',
    company: null,
    lines: [],
    postalCode,
    city: '',
    region: region ?? null,
    country,
    phone: null,
    email: null,
  });
}

function byFirstWindow(one: WayPromise, other: WayPromise): number {
  const [a, b] = [one.windows[0], other.windows[0]];
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0) || compareIds(one, other);
  return compareText(a.deliveryDate, b.deliveryDate) || compareText(b.orderBefore, a.orderBefore) || compareIds(one, other);
}

function compareIds(one: WayPromise, other: WayPromise): number {
  return compareText(one.node, other.node) || compareText(one.service, other.service);
}

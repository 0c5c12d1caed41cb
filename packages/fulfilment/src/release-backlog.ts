import { compareText, type Instant } from '@quartermaster/domain';
import { doneAt, minutesUntil, type WorkSpan } from './crew.ts';
import type { Profile, ReleaseNode } from './release-shipment.ts';

/** Work of a node until one cutoff. */
export type CutoffBacklog = {
  /** Null for what has no cutoff in the days that are looked at. */
  readonly closesAt: Instant | null;
  readonly shipments: number;
  /** Minutes of work of these alone. */
  readonly minutes: number;
  /** What the crew can do until then, the work for earlier cutoffs included; null when nobody knows. */
  readonly capacityMinutes: number | null;
  /** When it is done, after what must leave earlier; null when nobody knows, or not within two weeks. */
  readonly finishAt: Instant | null;
  /** Ids that are not done until then, in the order of picking. */
  readonly atRisk: readonly string[];
};

/** How a node stands: what waits, what is in work, and whether it is done in time. */
export type NodeBacklog = {
  readonly node: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly released: number;
  /** Of everything that is here, released or not. */
  readonly minutes: number;
  /** Earliest first. */
  readonly cutoffs: readonly CutoffBacklog[];
};

/** The work of a node by cutoff, as if its crew did what closes first first, and of that what is in work before what is released now before what waits. */
export function backlogOf(
  node: ReleaseNode,
  given: {
    /** When the crew works; null when nobody knows. */
    readonly spans: readonly WorkSpan[] | null;
    readonly inFlight: readonly Profile[];
    readonly released: readonly Profile[];
    /** All that waited, what is released now included. */
    readonly waited: readonly Profile[];
  },
): NodeBacklog {
  const here = (profiles: readonly Profile[]) => profiles.filter(({ shipment }) => shipment.node === node.id);
  const [inFlight, released] = [here(given.inFlight), here(given.released)];
  const now = new Set(released.map(({ shipment }) => shipment.id));
  const waiting = here(given.waited).filter(({ shipment }) => !now.has(shipment.id));
  const all = [...inFlight, ...released, ...waiting];
  const closings = [...new Set(all.map(({ closesAt }) => closesAt))].sort((a, b) => compareText(a ?? '9999', b ?? '9999'));
  let done = 0;
  const cutoffs = closings.map((closesAt): CutoffBacklog => {
    const profiles = all.filter((each) => each.closesAt === closesAt);
    const minutes = profiles.reduce((sum, each) => sum + each.minutes, 0);
    const capacityMinutes = given.spans === null || closesAt === null ? null : minutesUntil(given.spans, closesAt);
    const atRisk = profiles.filter((each) => {
      done += each.minutes;
      return capacityMinutes !== null && done > capacityMinutes;
    });
    return {
      closesAt,
      shipments: profiles.length,
      minutes,
      capacityMinutes,
      finishAt: given.spans === null ? null : doneAt(given.spans, done),
      atRisk: atRisk.map(({ shipment }) => shipment.id),
    };
  });
  return {
    node: node.id,
    waiting: waiting.length,
    inFlight: inFlight.length,
    released: released.length,
    minutes: all.reduce((sum, each) => sum + each.minutes, 0),
    cutoffs,
  };
}

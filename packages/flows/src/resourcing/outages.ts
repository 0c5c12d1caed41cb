import { dayOfWeek, instantSchema, localDate, type Instant, type NodeId } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';
import { capacitySchema, type Capacity } from './resourcing-policy.ts';

/** A node, or a part of its labor, is away for a time. */
export const outageSchema = z.object({
  node: z.string().min(1),
  from: instantSchema,
  until: instantSchema.nullable(),
  capacity: capacitySchema,
  reason: z.string(),
  by: z.string(),
});
export type Outage = z.infer<typeof outageSchema>;

/** Records of outages, by the request that told of them; `open` until somebody reopened the node. */
export const outageKind = 'outage';

/** Outages that persons told of and nobody has ended. */
export async function toldOutages(tx: ReadTransaction | Transaction): Promise<{ key: string; version: number; outage: Outage }[]> {
  const found = await tx.records.list(outageKind, outageSchema, { states: ['open'], limit: 1_000 });
  return found.map(({ key, version, body }) => ({ key, version, outage: body }));
}

/** Every outage that may matter at `at` or later: what persons told of, and what the policy has planned. */
export async function knownOutages(tx: ReadTransaction | Transaction, settings: FlowSettings, at: Instant): Promise<Outage[]> {
  const told = (await toldOutages(tx)).map(({ outage }) => outage);
  const planned = settings.outages.planned.map((each) => ({ ...each, by: 'policy' }));
  return [...told, ...planned].filter(({ until }) => until === null || until > at);
}

/** What a node has at a moment. `closedUntil`: nothing leaves it before then; null with `isClosed`: nobody knows until when. */
export type NodeCapacity = {
  readonly isClosed: boolean;
  readonly closedUntil: Instant | null;
  /** Outages and the crew's calendar leave less than the node has by its tiers. */
  readonly isReduced: boolean;
  /** What is left of its labor of that day. */
  readonly limits: readonly Capacity[];
};

/** What a node has as of `at`, by the outages in force then and by the calendar of its crew. Pure. */
export function capacityOf(
  node: { readonly id: NodeId; readonly zone: string },
  at: Instant,
  outages: readonly Outage[],
  { crew }: FlowSettings['outages'],
): NodeCapacity {
  const own = outages.filter((each) => each.node === node.id);
  const closedUntil = endOfClosure(own, at);
  const isClosed = closedUntil !== at;
  const opens = isClosed && closedUntil !== null ? closedUntil : at;
  const inForce = own.filter((each) => isInForce(each, opens) && !isClosure(each));
  const day = dayOfWeek(localDate(opens, node.zone));
  const hands = crew.filter((each) => each.node === node.id && each.days.includes(day));
  const limits = [...inForce.map(({ capacity }) => capacity), ...hands.map((each) => ({ minutes: each.minutes }))];
  return { isClosed, closedUntil: isClosed ? closedUntil : null, isReduced: isClosed || inForce.length > 0, limits };
}

/** The nodes that ship at `at`. */
export function openNodes({ nodes, outages: policy }: FlowSettings, at: Instant, outages: readonly Outage[]): FlowSettings['nodes'] {
  return nodes.filter((node) => !capacityOf(node, at, outages, policy).isClosed);
}

/** Labor tiers with what capacity limits leave of them, cheapest first: percent of each bounded tier, and minutes of all together. */
export function limitedTiers<Tier extends { readonly minutes: number | null }>(
  tiers: readonly Tier[],
  limits: readonly Capacity[],
): Tier[] {
  const share = limits.reduce((least, each) => ('percent' in each ? Math.min(least, each.percent / 100) : least), 1);
  let left = limits.reduce((least, each) => ('minutes' in each ? Math.min(least, each.minutes) : least), Infinity);
  return tiers.map((tier) => {
    const scaled = tier.minutes === null ? Infinity : tier.minutes * share;
    const taken = Math.min(scaled, left);
    left -= taken;
    return { ...tier, minutes: taken === Infinity ? null : taken };
  });
}

function isInForce({ from, until }: Outage, at: Instant): boolean {
  return from <= at && (until === null || at < until);
}

function isClosure({ capacity }: Outage): boolean {
  return 'percent' in capacity ? capacity.percent === 0 : capacity.minutes === 0;
}

/** When the closures that follow one another from `at` end: `at` itself where none is in force, null where nobody knows. */
function endOfClosure(outages: readonly Outage[], at: Instant): Instant | null {
  let end: Instant = at;
  for (;;) {
    const closed = outages.find((each) => isClosure(each) && isInForce(each, end));
    if (closed === undefined) return end;
    if (closed.until === null) return null;
    end = closed.until;
  }
}

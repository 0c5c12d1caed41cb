import { compareText, addDays, epochMs, instantAt, instantOf, localDate, type Instant } from '@quartermaster/domain';
import { minutesUntil, workSpans } from './crew.ts';
import { backlogOf, type NodeBacklog } from './release-backlog.ts';
import { groupsOf, type PickGroup } from './release-groups.ts';
import type { ReleasePolicy } from './release-policy.ts';
import { workOf, type Profile, type ReleaseNode, type ReleaseShipment, type SpansByNode } from './release-shipment.ts';

/** Why a shipment is not released now, and until when it is not looked at again; `until: null` when that does not hang on the clock. */
export type Later = { readonly id: string; readonly why: string; readonly until: Instant | null };

export type ReleasePlan = {
  /** In the order in which they are picked. */
  readonly groups: readonly PickGroup[];
  readonly later: readonly Later[];
  readonly nodes: readonly NodeBacklog[];
};

export type ReleaseGiven = {
  readonly at: Instant;
  readonly policy: ReleasePolicy;
  readonly nodes: readonly ReleaseNode[];
  readonly waiting: readonly ReleaseShipment[];
  /** Released, and not left yet. */
  readonly inFlight: readonly ReleaseShipment[];
  /** The cutoff of a shipment on a local date of its node; null on a day on which it cannot leave. */
  readonly closesOn: (shipment: ReleaseShipment, date: string) => Instant | null;
};

/**
 * Which planned shipments are released at an instant, in which order and in which pick waves; why each of the others stays, and until when; and when each node is done with it all. Before its own day nothing is
 * released; what is overdue is, on any day on which it can leave, whatever its cutoff.
 */
export function planRelease(given: ReleaseGiven): ReleasePlan {
  const { at, policy } = given;
  const nodes = new Map(given.nodes.map((node) => [node.id, { ...node, ...dayOf(at, node.zone) }]));
  const spans: SpansByNode = new Map(
    given.nodes.flatMap((node) => (node.crew === null ? [] : [[node.id, workSpans(node.crew, node.zone, at, node.works)] as const])),
  );
  const profiled = (shipments: readonly ReleaseShipment[]) =>
    shipments.flatMap((shipment) => {
      const node = nodes.get(shipment.node);
      return node === undefined ? [] : [profileOf(shipment, node, given)];
    });
  const later: Later[] = given.waiting
    .filter(({ node }) => !nodes.has(node))
    .map(({ id, node }) => ({ id, why: `node ${node} is not known`, until: null }));
  const ready: Profile[] = [];
  const waited = profiled(given.waiting).sort(byUrgency(policy));
  for (const profile of waited) {
    const node = nodes.get(profile.shipment.node);
    const why = node === undefined ? null : whyNotYet(profile.shipment, node, given);
    if (why === null) ready.push(profile);
    else later.push({ id: profile.shipment.id, ...why });
  }
  const inFlight = profiled(given.inFlight);
  const { released, kept } = withinLimits(ready, inFlight, { policy, spans, nodes });
  return {
    groups: groupsOf(released, policy),
    later: [...later, ...kept].sort((a, b) => compareText(a.id, b.id)),
    nodes: given.nodes.map((node) => backlogOf(node, { spans: spans.get(node.id) ?? null, inFlight, released, waited })),
  };
}

/** Urgent first: priority, then what should have left the earliest, the nearer cutoff, the nearer promise. */
function byUrgency({ services }: ReleasePolicy): (one: Profile, other: Profile) => number {
  const priority = ({ shipment }: Profile) => shipment.priority + (services[shipment.service]?.priority ?? 0);
  const never = '9999';
  return (one, other) =>
    priority(other) - priority(one) ||
    compareText(one.shipment.dispatchDate, other.shipment.dispatchDate) ||
    compareText(one.closesAt ?? never, other.closesAt ?? never) ||
    compareText(one.shipment.promiseDate ?? never, other.shipment.promiseDate ?? never) ||
    compareText(one.shipment.id, other.shipment.id);
}

function profileOf(shipment: ReleaseShipment, node: NodeToday, { at, policy, closesOn }: ReleaseGiven): Profile {
  const { today } = node;
  const from = shipment.dispatchDate > today ? shipment.dispatchDate : today;
  return { shipment, ...workOf(shipment, node, policy), closesAt: nextClosing() };

  function nextClosing(): Instant | null {
    for (let later = 0; later < daysLooked; later++) {
      const closing = closesOn(shipment, later === 0 ? from : addDays(from, later));
      if (closing !== null && hasRoom(at, closing, 0)) return closing;
    }
    return null;
  }
}

/** A cutoff's own minute still counts, so a wave may stand at the cutoff. */
function hasRoom(at: Instant, closing: Instant, leadMinutes: number): boolean {
  return epochMs(at) < epochMs(closing) - (leadMinutes - 1) * minuteMs;
}

type Why = Omit<Later, 'id'>;

/** A node, and what day it is there: asked for every shipment, and dear to compute. */
type NodeToday = ReleaseNode & ReturnType<typeof dayOf>;

function dayOf(at: Instant, zone: string) {
  const today = localDate(at, zone);
  return { today, endsAt: instantAt(addDays(today, 1), '00:00', zone) };
}

function whyNotYet(shipment: ReleaseShipment, node: NodeToday, given: ReleaseGiven): Why | null {
  return whyNotNow(shipment, node, given) ?? whatIsMissing(shipment.standing, given.policy.needs);
}

/** By the clock: its day, its cutoff, and how long before it the policy wants it. */
function whyNotNow(shipment: ReleaseShipment, node: NodeToday, { at, policy, closesOn }: ReleaseGiven): Why | null {
  const { services } = policy;
  const lead = services[shipment.service]?.leadMinutes ?? policy.leadMinutes;
  const earliest = services[shipment.service]?.earliestMinutes ?? policy.earliestMinutes;
  const { today } = node;
  const closing = closesOn(shipment, today);
  if (closing === null) return { why: `nothing leaves ${node.id} by ${shipment.service} on ${today}`, until: node.endsAt };
  if (shipment.dispatchDate > today) {
    const its = closesOn(shipment, shipment.dispatchDate);
    const opens = instantAt(shipment.dispatchDate, '00:00', node.zone);
    const until = its === null || earliest === null ? opens : later(opens, before(its, earliest));
    return { why: `leaves ${node.id} on ${shipment.dispatchDate}`, until };
  }
  if (shipment.dispatchDate < today) return null;
  const cutoff = `the cutoff of ${node.id} at ${timeOf(closing, node.zone)}`;
  if (!hasRoom(at, closing, 0)) return { why: `${cutoff} has passed`, until: node.endsAt };
  if (!hasRoom(at, closing, lead)) return { why: `${cutoff} is nearer than the ${lead} minutes that it takes`, until: node.endsAt };
  const opens = earliest === null ? null : before(closing, earliest);
  return opens === null || at >= opens ? null : { why: `${cutoff} is more than ${earliest} minutes away`, until: opens };
}

const risks = { low: 0, unknown: 1, medium: 1, high: 2 } as const;
const payments = { open: 0, secured: 1, captured: 2 } as const;

/** By what the policy asks for besides the clock: payment, fraud, stock and holds; and whether it is known of late at all. */
function whatIsMissing(
  { held, payment, risk, isReserved, tooOld }: ReleaseShipment['standing'],
  needs: ReleasePolicy['needs'],
): Why | null {
  const missing = [
    ...(tooOld === null ? [] : [tooOld]),
    ...(needs.holds === 'wait' && held !== null ? [`the order is held: ${held}`] : []),
    ...(needs.payment !== 'any' && payments[payment] < payments[needs.payment] ? [`its money is not ${needs.payment}`] : []),
    ...(needs.risk !== 'any' && risks[risk] > risks[needs.risk] ? [`its risk is ${risk}`] : []),
    ...(needs.stock === 'reserved' && !isReserved ? ['the ERP has not reserved all of it'] : []),
  ];
  return missing.length === 0 ? null : { why: missing.join('; '), until: null };
}

/** What fits within the shipments that a node may have in flight, and, where the policy wants that, into what its crew can do until the cutoff. */
function withinLimits(
  ready: readonly Profile[],
  inFlight: readonly Profile[],
  {
    policy,
    spans,
    nodes,
  }: {
    readonly policy: ReleasePolicy;
    readonly spans: SpansByNode;
    readonly nodes: ReadonlyMap<string, NodeToday>;
  },
): { readonly released: Profile[]; readonly kept: Later[] } {
  const released: Profile[] = [];
  const kept: Later[] = [];
  const canUntil = capacities(spans);
  const atNodes = new Map([...nodes.keys()].map((node) => [node, inFlight.filter((each) => each.shipment.node === node)]));
  for (const profile of ready) {
    const { id, node } = profile.shipment;
    const there = atNodes.get(node) ?? [];
    const most = policy.mostInFlight[node] ?? policy.mostInFlight['*'] ?? Infinity;
    const tooMany = there.length < most ? null : `${node} has ${there.length} shipments in flight, and ${most} are the most`;
    const tooMuch =
      tooMany !== null || policy.overCapacity === 'release' ? null : whyTooMuch(profile, there, canUntil(node, profile.closesAt));
    if (tooMany !== null) kept.push({ id, why: tooMany, until: null });
    else if (tooMuch !== null) kept.push({ id, why: tooMuch, until: nodes.get(node)?.endsAt ?? null });
    else {
      released.push(profile);
      there.push(profile);
    }
  }
  return { released, kept };
}

/** Minutes of each crew until a cutoff, each computed once; null when nobody knows. */
function capacities(spans: SpansByNode): (node: string, closesAt: Instant | null) => number | null {
  const known = new Map<string, number>();
  return (node, closesAt) => {
    const works = spans.get(node);
    if (works === undefined || closesAt === null) return null;
    const key = `${node} ${closesAt}`;
    const minutes = known.get(key) ?? minutesUntil(works, closesAt);
    known.set(key, minutes);
    return minutes;
  };
}

/** The crew does first what must leave first: only what closes no later counts against a shipment. `can` are the minutes until its cutoff. */
function whyTooMuch({ shipment, minutes, closesAt }: Profile, there: readonly Profile[], can: number | null): string | null {
  if (can === null || closesAt === null) return null;
  const taken = there.reduce((sum, each) => (each.closesAt !== null && each.closesAt <= closesAt ? sum + each.minutes : sum), 0);
  if (taken + minutes <= can) return null;
  return `the crew of ${shipment.node} has ${whole(can)} minutes until its cutoff, and ${whole(taken)} are taken`;
}

const minuteMs = 60_000;
const daysLooked = 15;

function before(instant: Instant, minutes: number): Instant {
  return instantOf(epochMs(instant) - minutes * minuteMs);
}

function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}

function timeOf(instant: Instant, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
}

function whole(minutes: number): number {
  return Math.round(minutes);
}

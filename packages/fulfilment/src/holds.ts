import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { Hold, HoldCode, PlacedHold } from './hold.ts';
import { allHasLeft } from './order-case.ts';
import { acceptInSpite } from './acknowledgement.ts';
import { leaveMoney } from './money-to-take.ts';
import { counts } from './override.ts';
import { hasLeft } from './shipment.ts';
import { goOn, standStill } from './progress.ts';
import { because, moveOrder, raise, resolve, type Turn } from './turn.ts';

/** Holds that still mean something when the ERP has the order: they stop labels and shipping. The others are about taking the order in at all. */
const afterCommit: ReadonlySet<HoldCode> = new Set([
  'payment',
  'fraud',
  'address',
  'restricted',
  'duplicate',
  'not-before',
  'manual',
  'revised',
]);

/**
 * Replaces what the checks placed by what they find now; a person's holds stay. A finding that a person has released is not placed again as long as it is word for word the
 * same. A hold that stands already keeps its time.
 */
export function applyChecks(turn: Turn, found: readonly Hold[], event: 'revised' | 'rechecked' | 'lines-cancelled'): void {
  const { holds, waivers, overrides } = turn.case;
  const committed = turn.case.state === 'committed';
  const wanted = found
    .filter((hold) => !committed || afterCommit.has(hold.code))
    .filter((hold) => !waivers.some((waiver) => same(waiver, hold)))
    .filter((hold) => !overrides.some((each) => each.kind === 'check' && each.code === hold.code && counts(each, turn.now)))
    .map((hold) => {
      const standing = holds.find((each) => each.placedBy === null && same(each, hold));
      return standing === undefined ? placed(turn, hold, { by: null }) : { ...standing, suggestion: hold.suggestion ?? null };
    });
  setHolds(turn, [...unique(wanted), ...holds.filter((standing) => standing.placedBy !== null)], event);
}

/** Adds a hold in somebody's name. The same one twice is one. */
export function addHold(
  turn: Turn,
  hold: Hold,
  event: 'hold-placed' | 'label-voided' | 'given-up',
  how: HowPlaced = { by: 'quartermaster' },
): void {
  if (turn.case.holds.some((standing) => standing.placedBy !== null && same(standing, hold)))
    return because(turn, 'this hold stands already');
  if (turn.case.state === 'committed' && allHasLeft(turn.case)) return because(turn, 'everything has left: nothing can be held');
  setHolds(turn, [...turn.case.holds, placed(turn, hold, how)], event);
}

/**
 * Takes holds away and remembers who did and why. A line without a SKU cannot be released: nobody could write or pick it; it is mended in the channel. Nor can a missing acceptance: to
 * release it is to accept the order.
 */
export function releaseHolds(turn: Turn, code: HoldCode | 'all', by: string, why: string): void {
  const meant = turn.case.holds.filter((hold) => code === 'all' || hold.code === code);
  const nameless = turn.case.order.lines.some(
    (line) => line.sku === null && line.quantity > 0 && (line.kind === 'product' || line.kind === 'component'),
  );
  const released = meant.filter((hold) => hold.code !== 'acceptance' && !(hold.code === 'unmapped-sku' && nameless));
  if (meant.some((hold) => hold.code === 'acceptance')) acceptInSpite(turn, by, why);
  if (meant.some((hold) => hold.code === 'unmapped-sku') && nameless)
    because(turn, 'unmapped-sku stays: a line without a SKU has to be mended in the channel');
  if (meant.length === 0) because(turn, `no hold ${code} stands`);
  if (released.length === 0) return;

  const waivers = released.map(({ code, reason }) => ({ code, reason, releasedAt: turn.now, releasedBy: by, why }));
  turn.case = { ...turn.case, waivers: [...turn.case.waivers, ...waivers] };
  because(turn, `${by} released ${released.map((hold) => hold.code).join(', ')}: ${why}`);
  setHolds(
    turn,
    turn.case.holds.filter((hold) => !released.includes(hold)),
    'hold-released',
  );
}

/** Takes away what lasts no longer. What a check found that has had its time does not hold the order again: as if a person had released it. */
export function expireHolds(turn: Turn): void {
  const left = turn.case.holds.filter((hold) => counts(hold, turn.now));
  if (left.length === turn.case.holds.length) return because(turn, 'no hold has come to its end');
  const over = turn.case.holds.filter((each) => !left.includes(each));
  for (const hold of over) because(turn, `the hold ${hold.code} has come to its end`);
  const waivers = over
    .filter(({ placedBy }) => placedBy === null)
    .map(({ code, reason }) => ({ code, reason, releasedAt: turn.now, releasedBy: 'quartermaster', why: 'its time has passed' }));
  turn.case = { ...turn.case, waivers: [...turn.case.waivers, ...waivers] };
  setHolds(turn, left, 'holds-expired');
}

/** Takes away what a check placed that a person has set aside. */
export function liftOverriddenHolds(turn: Turn, code: HoldCode): void {
  const left = turn.case.holds.filter((hold) => hold.placedBy !== null || hold.code !== code);
  if (left.length < turn.case.holds.length) setHolds(turn, left, 'overridden');
}

/** Takes all holds away from an order that has come to its end. */
export function clearHolds(turn: Turn): void {
  const before = turn.case.holds;
  turn.case = { ...turn.case, holds: [] };
  tellHeld(turn, before, []);
}

/** Makes these the holds that stand, and draws the conclusions: an order in hand is held or open, a committed one stands still or goes on. */
function setHolds(
  turn: Turn,
  holds: PlacedHold[],
  event:
    | 'revised'
    | 'rechecked'
    | 'lines-cancelled'
    | 'hold-placed'
    | 'hold-released'
    | 'label-voided'
    | 'holds-expired'
    | 'overridden'
    | 'given-up',
): void {
  const before = turn.case.holds;
  for (const hold of holds.filter((hold) => !before.includes(hold))) because(turn, `held (${hold.code}): ${hold.reason}`);
  turn.case = { ...turn.case, holds };
  if (turn.case.state !== 'committed') return moveOrder(turn, event, holds.length > 0 ? 'held' : 'open');
  if (holds.length === 0) goOn(turn);
  else {
    for (const shipment of turn.case.shipments) standStill(turn, shipment);
    if (!turn.case.shipments.some(hasLeft)) leaveMoney(turn);
  }
  tellHeld(turn, before, holds);
  if (event === 'hold-released' && has(before, 'revised') && !has(holds, 'revised')) resolve(turn, 'revised-after-commit', null);
}

/** On a committed order, what the checks hold is raised: the warehouse counts on it. A person's own hold needs no telling; a changed content has its own code. */
function tellHeld(turn: Turn, before: readonly PlacedHold[], after: readonly PlacedHold[]): void {
  const told = (holds: readonly PlacedHold[]): string =>
    holds
      .filter((hold) => hold.placedBy === null && hold.code !== 'revised')
      .map((hold) => `${hold.code}: ${hold.reason}`)
      .join('; ');
  const [was, is] = [told(before), told(after)];
  if (is !== was && is !== '') raise(turn, 'held-after-commit', null, `labels and shipping wait: ${is}`);
  if (is === '' && was !== '') resolve(turn, 'held-after-commit', null);
}

type HowPlaced = { readonly by: string | null; readonly owner?: string; readonly until?: Instant };

function placed(turn: Turn, hold: Hold, { by, owner, until }: HowPlaced): PlacedHold {
  const { code, reason, suggestion = null, lastsMinutes } = hold;
  const ends = until ?? (lastsMinutes === undefined ? null : instantOf(epochMs(turn.now) + lastsMinutes * 60_000));
  return { code, reason, placedAt: turn.now, placedBy: by, owner: owner ?? null, suggestion, until: ends };
}

function unique(holds: readonly PlacedHold[]): PlacedHold[] {
  return holds.filter((hold, index) => holds.findIndex((other) => same(other, hold)) === index);
}

function same(one: Pick<Hold, 'code' | 'reason'>, other: Pick<Hold, 'code' | 'reason'>): boolean {
  return one.code === other.code && one.reason === other.reason;
}

function has(holds: readonly PlacedHold[], code: HoldCode): boolean {
  return holds.some((hold) => hold.code === code);
}

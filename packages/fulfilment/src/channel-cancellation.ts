import type { CancelReason } from '@quartermaster/domain';
import type { AskedCancellation } from './asked-by-people.ts';
import { succeeded } from './failures.ts';
import type { Hold } from './hold.ts';
import { physicalLines, type OrderCase } from './order-case.ts';
import { hasLeft } from './shipment.ts';
import { admits, because, command, drop, type Turn } from './turn.ts';

/** Notes that the channel must be told of a cancellation that a person asked for; {@link tellChannel} does so in time. */
export function wantInChannel(turn: Turn, asked: { readonly id: string; readonly reason: CancelReason }): void {
  if (turn.case.order.status === 'cancelled') return;
  note(turn, { ...asked, lines: null, state: 'wanted' });
}

/** Asks the channel to take units out of an order that the ERP does not have yet; it is held until it comes without them ({@link linesHold}). */
export function cancelUnits(
  turn: Turn,
  asked: {
    readonly id: string;
    readonly reason: CancelReason;
    readonly lines: readonly { readonly lineId: string; readonly units: number }[];
  },
): boolean {
  if (turn.case.cancellations.some(({ id }) => id === asked.id)) {
    because(turn, 'this cancellation is known already');
    return false;
  }
  const wanted = new Map(turn.case.order.lines.map((line) => [line.id, line.quantity]));
  const { id, reason } = asked;
  const lines = asked.lines.map(({ lineId, units }) => ({ lineId, units, left: Math.max(0, (wanted.get(lineId) ?? 0) - units) }));
  note(turn, { id, reason, lines, state: 'asked' });
  command(turn, { kind: 'cancel-in-channel', request: id });
  return true;
}

/**
 * Tells the channel of a cancellation once it is sure that nothing more leaves: the ERP has cancelled what it had, and the channel knows of all that left before. When everything left after
 * all, there is nothing to tell.
 */
export function tellChannel(turn: Turn): void {
  const { state, shipments, cancellations } = turn.case;
  const wanted = cancellations.find((each) => each.state === 'wanted');
  if (wanted === undefined) return;
  if (state === 'shipped') return replace(turn, wanted, null);
  if (state !== 'cancelled' || shipments.some((shipment) => shipment.state === 'shipped')) return;
  replace(turn, wanted, { ...wanted, lines: shipments.some(hasLeft) ? restOf(turn.case) : null, state: 'asked' });
  command(turn, { kind: 'cancel-in-channel', request: wanted.id });
}

/** The channel has cancelled the order by itself: nobody need ask it. */
export function cancelledThereToo(turn: Turn): void {
  const open = turn.case.cancellations.filter((each) => each.state !== 'done');
  if (open.some((each) => each.state === 'asked')) drop(turn, null, ['cancel-in-channel']);
  for (const each of open) replace(turn, each, each.state === 'asked' ? { ...each, state: 'done' } : null);
}

export function cancelledInChannel(turn: Turn, id: string): void {
  if (!admits(turn, 'cancelled-in-channel')) return;
  succeeded(turn, 'cancel-in-channel', null);
  for (const each of turn.case.cancellations.filter((asked) => asked.id === id)) replace(turn, each, { ...each, state: 'done' });
}

/** The hold of an order that still comes with units which a person cancelled. */
export function linesHold({ order, cancellations, erpWriteAsked }: OrderCase): Hold[] {
  if (erpWriteAsked) return [];
  const wanted = new Map(order.lines.map((line) => [line.id, line.quantity]));
  const still = cancellations.flatMap(({ lines }) => lines ?? []).filter(({ lineId, left }) => (wanted.get(lineId) ?? 0) > left);
  if (still.length === 0) return [];
  return [
    {
      code: 'manual',
      reason: `being cancelled in the channel: ${still.map(({ lineId, units }) => `${units} of line ${lineId}`).join(', ')}`,
    },
  ];
}

/** Units that have not left. */
function restOf(given: OrderCase): NonNullable<AskedCancellation['lines']> {
  const left = given.shipments.filter(hasLeft).flatMap(({ lines }) => lines);
  return physicalLines(given.order).flatMap(({ id, quantity }) => {
    const gone = left.filter(({ lineId }) => lineId === id).reduce((sum, { units }) => sum + units, 0);
    return quantity > gone ? [{ lineId: id, units: quantity - gone, left: gone }] : [];
  });
}

function note(turn: Turn, asked: AskedCancellation): void {
  turn.case = { ...turn.case, cancellations: [...turn.case.cancellations, asked] };
}

function replace(turn: Turn, before: AskedCancellation, after: AskedCancellation | null): void {
  const cancellations = turn.case.cancellations.flatMap((each) => (each === before ? (after ?? []) : each));
  turn.case = { ...turn.case, cancellations };
}

import { InvariantError, type Instant } from '@quartermaster/domain';
import type { CommandKind } from './command-kind.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEventKind, ShipmentEventKind } from './events.ts';
import type { ExceptionCode } from './exceptions.ts';
import { orderLifecycle, shipmentLifecycle } from './lifecycle.ts';
import type { OrderCase, OrderState } from './order-case.ts';
import type { Shipment, ShipmentState } from './shipment.ts';

/** One decision under way: the case as it is by now, what is asked for and why. Lives only while {@link decide} runs. */
export type Turn = { case: OrderCase; readonly commands: OrderCommand[]; readonly reasons: string[]; readonly now: Instant };

export function startTurn(given: OrderCase, now: Instant): Turn {
  return { case: given, commands: [], reasons: [], now };
}

/**
 * Asks the lifecycle whether the order takes the event in. When it does not, the reason is noted, and an illegal event is raised to a person.
 */
export function admits(turn: Turn, event: OrderEventKind): boolean {
  const step = orderLifecycle[turn.case.state][event];
  if ('to' in step) return true;
  refuse(turn, `${event} on ${article(turn.case.state)} order`, step, null);
  return false;
}

/** The same for a shipment of the order. */
export function admitsShipment(turn: Turn, shipment: Shipment, event: ShipmentEventKind): boolean {
  const step = shipmentLifecycle[shipment.state][event];
  if ('to' in step) return true;
  refuse(turn, `${event} on shipment ${shipment.id}, which is ${shipment.state}`, step, shipment.id);
  return false;
}

/** Moves the order to a state. Throws an `InvariantError` for a move that the lifecycle's cell does not name. */
export function moveOrder(turn: Turn, event: OrderEventKind, state: OrderState): void {
  const step = orderLifecycle[turn.case.state][event];
  if (!('to' in step) || !step.to.includes(state))
    throw new InvariantError(`${event} may not lead an order from ${turn.case.state} to ${state}`);
  turn.case = { ...turn.case, state };
}

/** Moves a shipment to a state (its own one counts), with the changes that belong to it. Throws an `InvariantError` like {@link moveOrder}. */
export function moveShipment(
  turn: Turn,
  id: string,
  event: ShipmentEventKind,
  state: ShipmentState,
  changes: Partial<Omit<Shipment, 'id' | 'state'>> = {},
): Shipment {
  const before = shipmentOf(turn, id);
  const step = shipmentLifecycle[before.state][event];
  if (!('to' in step) || !step.to.includes(state))
    throw new InvariantError(`${event} may not lead a shipment from ${before.state} to ${state}`);
  return replaceShipment(turn, { ...before, ...changes, state });
}

/** Changes what we know of a shipment or asked for it, and not its state. */
export function changeShipment(turn: Turn, id: string, changes: Partial<Omit<Shipment, 'id' | 'state'>>): Shipment {
  return replaceShipment(turn, { ...shipmentOf(turn, id), ...changes });
}

export function findShipment(turn: Turn, id: string): Shipment | undefined {
  return turn.case.shipments.find((shipment) => shipment.id === id);
}

export function because(turn: Turn, reason: string): void {
  turn.reasons.push(reason);
}

export function command(turn: Turn, ...commands: readonly OrderCommand[]): void {
  turn.commands.push(...commands);
}

export function raise(turn: Turn, code: ExceptionCode, shipmentId: string | null, reason: string): void {
  because(turn, reason);
  command(turn, { kind: 'raise', code, shipmentId, reason });
}

export function resolve(turn: Turn, code: ExceptionCode, shipmentId: string | null): void {
  command(turn, { kind: 'resolve', code, shipmentId });
}

export function drop(turn: Turn, shipmentId: string | null, commands: readonly CommandKind[]): void {
  command(turn, { kind: 'drop', shipmentId, commands, label: null });
}

function shipmentOf(turn: Turn, id: string): Shipment {
  const found = findShipment(turn, id);
  if (found === undefined) throw new InvariantError(`the order has no shipment ${id}`);
  return found;
}

function replaceShipment(turn: Turn, shipment: Shipment): Shipment {
  turn.case = { ...turn.case, shipments: turn.case.shipments.map((other) => (other.id === shipment.id ? shipment : other)) };
  return shipment;
}

function refuse(
  turn: Turn,
  what: string,
  step: { readonly illegal: string } | { readonly ignore: string },
  shipmentId: string | null,
): void {
  if ('illegal' in step) raise(turn, 'unexpected-event', shipmentId, `${what}: ${step.illegal}`);
  else because(turn, `${what}: ${step.ignore}`);
}

function article(state: OrderState): string {
  return state === 'open' ? `an ${state}` : `a ${state}`;
}

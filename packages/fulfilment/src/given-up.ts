import type { CommandKind } from './command-kind.ts';
import { settleFailures } from './failures.ts';
import { addHold } from './holds.ts';
import { leaveMoney } from './money-to-take.ts';
import { because, changeShipment, type Turn } from './turn.ts';

/** A command that failed may go once more: its failure is forgotten, so that the same one is told again. */
export function retried(turn: Turn, command: CommandKind, shipmentId: string | null, by: string, why: string): void {
  because(turn, `${by} lets ${command} go once more: ${why}`);
  settleFailures(turn, (failure) => failure.command === command && failure.shipmentId === shipmentId);
}

/**
 * A person gave a command up. Its failure is settled; an order that cannot go on without it is held in that person's name, and asks for it anew when the hold is released.
 */
export function givenUp(turn: Turn, command: CommandKind, shipmentId: string | null, by: string, why: string): void {
  because(turn, `${by} gave ${command} up: ${why}`);
  settleFailures(turn, (failure) => failure.command === command && failure.shipmentId === shipmentId);
  if (command === 'capture') leaveMoney(turn);
  if (turn.case.state !== 'committed') return;
  if (command === 'deallocate' && turn.case.shipments.some(({ id, state }) => id === shipmentId && state === 'stopping'))
    changeShipment(turn, shipmentId ?? '', { asked: 'nothing' });
  else if (command !== 'buy-label' && command !== 'ship' && command !== 'capture') return;
  const what = shipmentId === null ? command : `${command} of shipment ${shipmentId}`;
  addHold(turn, { code: 'manual', reason: `${what} was given up: ${why}` }, 'given-up', { by });
}

import type { CommandKind } from './command-kind.ts';
import type { OrderCase } from './order-case.ts';
import { admits, admitsShipment, because, findShipment, moveShipment, raise, resolve, type Turn } from './turn.ts';

type Failure = OrderCase['failures'][number];

/** A command failed for good: a person is told. The same failure twice is one; another reason of the same command takes the place of the older. */
export function failed(turn: Turn, failure: Failure): void {
  if (!admits(turn, 'failed')) return;
  const { state } = turn.case;
  if (failure.command === 'acknowledge' && (state === 'cancelling' || state === 'cancelled'))
    return because(turn, 'the channel need not know any more that we have it');
  const shipment = failure.shipmentId === null ? undefined : findShipment(turn, failure.shipmentId);
  if (failure.shipmentId !== null && shipment === undefined) {
    return raise(
      turn,
      'unexpected-event',
      failure.shipmentId,
      `${failure.command} failed for shipment ${failure.shipmentId}, which the order does not have`,
    );
  }
  if (shipment !== undefined) {
    if (!admitsShipment(turn, shipment, 'failed')) return;
    moveShipment(turn, shipment.id, 'failed', shipment.state);
  }
  if (
    turn.case.failures.some((known) => concernsSame(known, failure) && known.code === failure.code && known.message === failure.message)
  ) {
    return because(turn, 'this failure is known already');
  }
  turn.case = { ...turn.case, failures: [...turn.case.failures.filter((known) => !concernsSame(known, failure)), failure] };
  const where = failure.shipmentId === null ? '' : ` for shipment ${failure.shipmentId}`;
  raise(turn, `${failure.command}-failed`, failure.shipmentId, `${failure.command} failed${where} (${failure.code}): ${failure.message}`);
}

/** The command has succeeded after all. */
export function succeeded(turn: Turn, command: CommandKind, shipmentId: string | null): void {
  settleFailures(turn, (failure) => failure.command === command && failure.shipmentId === shipmentId);
}

/** Forgets failures and resolves their exceptions. */
export function settleFailures(turn: Turn, which: (failure: Failure) => boolean): void {
  const settled = turn.case.failures.filter(which);
  if (settled.length === 0) return;
  turn.case = { ...turn.case, failures: turn.case.failures.filter((failure) => !settled.includes(failure)) };
  for (const failure of settled) resolve(turn, `${failure.command}-failed`, failure.shipmentId);
}

function concernsSame(one: Failure, other: Failure): boolean {
  return one.command === other.command && one.shipmentId === other.shipmentId;
}

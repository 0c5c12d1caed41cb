import { isFault } from '@quartermaster/domain';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { moveOf, openMoves, readTransfers, type Transfer } from './transfer.ts';

/** How a transfer is carried out. */
export type Carrying = {
  readonly transfer: number;
  /** Units by move, of those that go; a move that is not named stays. Default: everything that is set aside. */
  readonly units?: readonly { readonly move: number; readonly units: number }[];
  /** What happens to what does not go: default a transfer of its own that waits on (`backorder`), or nothing more (`drop`). */
  readonly rest?: 'backorder' | 'drop';
  /** Whether more may go than is set aside, which makes Odoo's stock negative when it is not there; default no. */
  readonly force?: boolean;
};

/** What became of one transfer. */
export type Carried =
  | { readonly kind: 'done'; readonly transfer: Transfer; readonly backorders: readonly number[]; readonly already: boolean }
  | { readonly kind: 'refused'; readonly transfer: Transfer; readonly reason: string };

/** Most transfers of one call: Odoo carries them out in one transaction, which holds what it touches for as long. */
export const transfersPerCall = 50;

const operation = 'stock.picking.button_validate';

/**
 * Carries out transfers in one transaction, each as far as its own state allows; what each came to is read back, because Odoo answers yes also when it left one as it was. A done
 * transfer is found done and left alone. `prepare` gives values of the transfer itself that must be there before, and `mayGo` says why one must not go.
 *
 * When Odoo refuses the whole call, each is tried by itself, so that one bad transfer does not hold up the others.
 */
export async function carryOut(
  session: Session,
  asked: readonly Carrying[],
  more: {
    readonly values?: (carrying: Carrying, transfer: Transfer) => Readonly<Record<string, Json>>;
    readonly mayGo?: (transfer: Transfer) => string | null;
  } = {},
): Promise<Carried[]> {
  if (asked.length > transfersPerCall)
    throw odooFault('invalid-request', operation, `${asked.length} transfers are more than ${transfersPerCall} in one call`);
  const ids = asked.map((each) => each.transfer);
  if (new Set(ids).size !== ids.length) throw odooFault('invalid-request', operation, 'a transfer is named twice in one call');
  const before = new Map((await readTransfers(session, ids, operation)).map((transfer) => [transfer.id, transfer]));
  const refused = new Map<number, string>();
  const going: Carrying[] = [];
  for (const each of asked) {
    const transfer = before.get(each.transfer);
    if (transfer === undefined || transfer.state === 'done') continue;
    const reason = more.mayGo?.(transfer) ?? whyNot(transfer, each);
    if (reason === null) going.push(each);
    else refused.set(each.transfer, reason);
  }
  for (const each of going) {
    const transfer = before.get(each.transfer);
    if (transfer !== undefined) await prepare(session, transfer, each, more.values?.(each, transfer) ?? {});
  }
  for (const [id, reason] of await validate(session, going)) refused.set(id, reason);
  const after = await readTransfers(session, ids, operation);
  const backorders = await session.odoo.searchRead('stock.picking', [['backorder_id', 'in', ids]], ['backorder_id']);
  return after.map((transfer): Carried => {
    if (transfer.state === 'done') {
      const rests = backorders.filter((each) => each.backorder_id === transfer.id).map((each) => each.id);
      return { kind: 'done', transfer, backorders: rests, already: before.get(transfer.id)?.state === 'done' };
    }
    return { kind: 'refused', transfer, reason: refused.get(transfer.id) ?? 'Odoo said yes, but it is not done' };
  });
}

/** The one result of one transfer. Throws `refused` with its reason. */
export function carriedOut(results: readonly Carried[], name: string): Extract<Carried, { kind: 'done' }> {
  const [result] = results;
  if (result?.kind === 'done') return result;
  throw odooFault('refused', name, result === undefined ? 'nothing was carried out' : `${result.transfer.name}: ${result.reason}`, {
    advice: 'Look at the transfer in Odoo, set right what is missing, then try again.',
  });
}

function whyNot(transfer: Transfer, { units, force = false }: Carrying): string | null {
  if (transfer.state === 'cancel') return 'it is cancelled';
  if (units === undefined) return openMoves(transfer).some((move) => move.units > 0) ? null : 'nothing is set aside for it';
  if (!units.some((each) => each.units > 0)) return 'no units of it are to go';
  for (const { move, units: wanted } of units) {
    const found = moveOf(transfer, move, operation);
    if (!openMoves(transfer).includes(found)) return `move ${move} is ${found.state}`;
    if (wanted < 0) return `${wanted} units of move ${move} are less than none`;
    if (!force && wanted > found.units) return `${found.units} units of move ${move} are set aside, not ${wanted}`;
  }
  return null;
}

/** Values and exact quantities, in one write. Once a move is picked, Odoo carries out picked ones only: so what stays is marked not picked. */
async function prepare(session: Session, transfer: Transfer, { units }: Carrying, values: Readonly<Record<string, Json>>): Promise<void> {
  const moves = openMoves(transfer).flatMap((move): Json[] => {
    const going = units === undefined ? move.units : (units.find((each) => each.move === move.id)?.units ?? 0);
    if (going === 0) return move.picked ? [[1, move.id, { picked: false }]] : [];
    // Writing the quantity changes the lines, so it is written only where it differs.
    return [[1, move.id, going === move.units ? { picked: true } : { quantity: going, picked: true }]];
  });
  if (moves.length === 0 && Object.keys(values).length === 0) return;
  await session.client.write('stock.picking', [transfer.id], { ...values, ...(moves.length === 0 ? {} : { move_ids: moves }) });
}

/** Reasons by transfer, of those that Odoo refused. */
async function validate(session: Session, going: readonly Carrying[]): Promise<ReadonlyMap<number, string>> {
  if (going.length === 0) return new Map();
  const ids = going.map((each) => each.transfer);
  const dropped = going.filter((each) => each.rest === 'drop').map((each) => each.transfer);
  const context = { skip_sms: true, skip_backorder: true, ...(dropped.length === 0 ? {} : { picking_ids_not_to_backorder: dropped }) };
  try {
    const answer = await session.client.act('stock.picking', 'button_validate', ids, { context });
    // Anything but yes is a window for a person, or a report to print after all was done: which of the two, the state says.
    return answer === true ? new Map() : new Map(ids.map((id) => [id, `Odoo asks a person first (${nameOfWindow(answer)})`]));
  } catch (error) {
    if (!isFault(error) || error.facts.outcome !== 'not-applied' || error.facts.retry.kind !== 'never') throw error;
    if (going.length === 1) return new Map(ids.map((id) => [id, error.facts.message]));
  }
  const reasons = new Map<number, string>();
  for (const each of going) for (const [id, reason] of await validate(session, [each])) reasons.set(id, reason);
  return reasons;
}

function nameOfWindow(answer: unknown): string {
  const isObject = typeof answer === 'object' && answer !== null;
  return isObject && 'res_model' in answer && typeof answer.res_model === 'string' ? answer.res_model : 'a window';
}

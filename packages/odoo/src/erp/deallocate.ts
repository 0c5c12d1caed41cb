import type { EffectMemo, ErpAllocation, ErpOrder } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { deallocationXid } from '../session/external-id.ts';
import { written } from '../session/import-table.ts';
import { nodeOf, wayOutOf } from '../session/layout.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';
import { existingOrder, type OrderInOdoo } from './orders.ts';
import { dropEmpty, emptiedBy, movesOfLine, takeOverTable, type StandingMove } from './take-over.ts';
import { nodeOfPicking } from './translate.ts';

const operation = 'stock.picking.deallocate';

/**
 * Moves open lines of a node to a new delivery at the place of lines without a node. What is set aside for them is freed first, also what somebody marked as picked; what else is in their delivery stays as it
 * is. Then one import makes the delivery and takes the moves over: its external id says on a repeat that this was done, also when the lines were given to a node again since.
 */
export async function deallocate(session: Session, request: ErpAllocation, memo: EffectMemo): Promise<ErpOrder> {
  const before = await existingOrder(session, request.key, operation);
  const externalId = deallocationXid(request.key, memo.key);
  const done = (await recordNamed(session, 'stock.picking', externalId)) !== null;
  const [first, ...others] = done ? [] : stillThere(session, before, request);
  const emptied = first === undefined ? '' : emptiedBy([first, ...others]);
  if (first !== undefined) {
    const { locationId, pickingTypeId } = wayOutOf(session.layout, null, operation);
    if (emptied !== '') await memo.saveRefs({ emptied });
    await free(session, [first, ...others]);
    const place = { locationId, pickingTypeId, warehouseId: null };
    const table = takeOverTable(session, before, { externalId, place }, [first, ...others]);
    written(await session.client.load('stock.picking', table.fields, table.rows, 'never'), operation);
  }
  await dropEmpty(session, memo.refs['emptied'] ?? emptied);
  return (await existingOrder(session, request.key, operation)).order;
}

/** The open moves of the lines at the node; lines that wait already have none. */
function stillThere(session: Session, found: OrderInOdoo, request: ErpAllocation): StandingMove[] {
  const { order } = found;
  if (order.state === 'cancelled') throw odooFault('refused', operation, `order ${order.name} is cancelled`);
  nodeOf(session.layout, request.node, operation);
  return [...new Set(request.lineIds)].flatMap((lineId) => {
    const ofLine = movesOfLine(found, lineId);
    const at = (node: string | null) => ofLine.filter(({ picking }) => nodeOfPicking(picking, session.layout) === node);
    const open = at(request.node).filter(({ move }) => move.state !== 'done');
    if (open.length > 0 || at(null).length > 0) return open;
    if (at(request.node).length > 0) {
      throw odooFault('refused', operation, `line ${lineId} of order ${order.name} has left ${request.node}`, {
        advice: 'What has left comes back by a return.',
      });
    }
    throw odooFault('conflict', operation, `line ${lineId} of order ${order.name} is not at ${request.node}, nor does it wait for a node`, {
      advice: 'Read the order again: somebody moved the line.',
    });
  });
}

/** Frees what is set aside. Until 17 a move that goes elsewhere keeps what it has set aside where it was. */
async function free({ client }: Session, moves: readonly StandingMove[]): Promise<void> {
  const held = moves.filter(({ move }) => move.quantity > 0).map(({ move }) => move.id);
  if (held.length > 0) await client.write('stock.move', held, { quantity: 0, picked: false });
}

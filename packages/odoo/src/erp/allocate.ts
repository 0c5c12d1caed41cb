import type { EffectMemo, ErpAllocation, ErpOrder } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { allocationXid } from '../session/external-id.ts';
import { written } from '../session/import-table.ts';
import { nodeOf } from '../session/layout.ts';
import { existingOrder, type OrderInOdoo } from './orders.ts';
import type { Session } from '../session/session.ts';
import { dropEmpty, emptiedBy, movesOfLine, takeOverTable, type StandingMove } from './take-over.ts';
import { nodeOfPicking } from './translate.ts';

const operation = 'stock.picking.load';

/**
 * Moves waiting lines to a new delivery of the node and reserves them. One import makes the delivery and takes the moves over, in one transaction, so there is no state between: a
 * repeat finds the lines at the node and only reserves. Throws `conflict` when a line neither waits nor stands at the node.
 */
export async function allocate(session: Session, request: ErpAllocation, memo: EffectMemo): Promise<ErpOrder> {
  const before = await existingOrder(session, request.key, operation);
  const { waiting, placed } = whereTheyAre(session, before, request);
  const emptied = emptiedBy(waiting);
  const [first, ...others] = waiting;
  if (first !== undefined) {
    if (emptied !== '') await memo.saveRefs({ emptied });
    const node = nodeOf(session.layout, request.node, operation);
    const way = node.wayOut ?? { locationId: node.lot_stock_id, pickingTypeId: node.out_type_id };
    const place = { ...way, warehouseId: node.id };
    const table = takeOverTable(session, before, { externalId: allocationXid(request.key, memo.key), place }, [first, ...others]);
    const loaded = await session.client.load('stock.picking', table.fields, table.rows, 'never');
    const meanwhile =
      loaded.kind === 'failed' ? whereTheyAre(session, await existingOrder(session, request.key, operation), request) : null;
    // Another process may have done the same since we looked; then Odoo's reasons are not about the allocation.
    placed.push(...(meanwhile?.waiting.length === 0 ? meanwhile.placed : written(loaded, operation)));
  }
  await reserve(session, [...new Set(placed)]);
  await dropEmpty(session, memo.refs['emptied'] ?? emptied);
  return (await existingOrder(session, request.key, operation)).order;
}

/** Sets aside what stock there is; true also when there was none. */
export async function reserve(session: Session, pickings: readonly number[]): Promise<void> {
  if (pickings.length === 0) return;
  await session.client.call(
    { model: 'stock.picking', method: 'action_assign', ids: pickings, repeat: 'always', timeout: 'write' },
    z.unknown(),
  );
}

/** The moves of the lines that wait, and the deliveries of the node where the others stand already. */
function whereTheyAre(session: Session, found: OrderInOdoo, request: ErpAllocation): { waiting: StandingMove[]; placed: number[] } {
  const { order } = found;
  if (order.state === 'cancelled') throw odooFault('refused', operation, `order ${order.name} is cancelled`);
  nodeOf(session.layout, request.node, operation);
  const waiting: StandingMove[] = [];
  const placed: number[] = [];
  for (const lineId of new Set(request.lineIds)) {
    const ofLine = movesOfLine(found, lineId);
    const waits = ofLine.filter(({ move, picking }) => move.state !== 'done' && nodeOfPicking(picking, session.layout) === null);
    const atNode = ofLine.filter(({ picking }) => nodeOfPicking(picking, session.layout) === request.node);
    if (waits.length === 0 && atNode.length === 0) {
      throw odooFault(
        'conflict',
        operation,
        `line ${lineId} of order ${order.name} neither waits for a node nor is it at ${request.node}`,
        {
          advice: 'Read the order again: somebody moved the line.',
        },
      );
    }
    waiting.push(...waits);
    placed.push(...atNode.filter(({ move }) => move.state !== 'done').map(({ picking }) => picking.id));
  }
  return { waiting, placed };
}

import type { Address, EffectMemo, ErpOrder, ErpOrderKey } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { addressXid } from '../session/external-id.ts';
import { readGeography } from './geography.ts';
import { firstId, importTable } from '../session/import-table.ts';
import { existingOrder } from './orders.ts';
import type { Session } from '../session/session.ts';
import { addressTable, outgoingPickings } from './translate.ts';

/** Cancels the order with its open deliveries; one that is cancelled stays so. Odoo 17 and 18 only ask back unless they are told not to, so the state is read again. */
export async function cancelOrder(session: Session, key: ErpOrderKey): Promise<ErpOrder> {
  const operation = 'sale.order.action_cancel';
  const before = await existingOrder(session, key, operation);
  if (before.order.state === 'cancelled') return before.order;
  const context = { disable_cancel_warning: true };
  await session.client.call(
    { model: 'sale.order', method: 'action_cancel', ids: [before.row.id], context, repeat: 'always', timeout: 'write' },
    z.unknown(),
  );
  const after = await existingOrder(session, key, operation);
  if (after.order.state === 'cancelled') return after.order;
  throw odooFault('refused', operation, `order ${after.order.name} is still ${after.order.state}`, {
    advice: 'Cancel it in Odoo, where it says what stands in the way.',
  });
}

/**
 * Gives the open deliveries another address. While nothing was shipped the order's own address record is written over. Once something was, that record is where it went and stays:
 * the open deliveries get a new one.
 */
export async function changeAddress(session: Session, key: ErpOrderKey, shipTo: Address, memo: EffectMemo): Promise<void> {
  const operation = 'res.partner.load';
  const { row, order } = await existingOrder(session, key, operation);
  if (row.partner_id === null) throw odooFault('conflict', operation, `order ${order.name} has no customer`);
  const pickings = outgoingPickings(row);
  const shipped = pickings.some((picking) => picking.state === 'done');
  const open = pickings.filter((picking) => picking.state !== 'done' && picking.state !== 'cancel');
  const externalId = shipped ? addressXid(key, memo.key) : addressXid(key);
  const table = addressTable(externalId, shipTo, await readGeography(session, [shipTo]));
  const partner = firstId(await importTable(session.client, 'res.partner', table), operation);
  if (partner !== row.partner_shipping_id) await session.client.write('res.partner', [partner], { parent_id: row.partner_id });
  const astray = open.filter((picking) => picking.partner_id !== partner).map((picking) => picking.id);
  if (astray.length > 0) await session.client.write('stock.picking', astray, { partner_id: partner });
  if (row.partner_shipping_id !== partner) await session.client.write('sale.order', [row.id], { partner_shipping_id: partner });
}

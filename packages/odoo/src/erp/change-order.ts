import type { Address, ErpOrder, ErpOrderKey } from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { addressXid } from '../session/external-id.ts';
import { demandCountries, readGeography } from './geography.ts';
import { firstId, importTable } from '../session/import-table.ts';
import { existingOrder, type OrderInOdoo } from './orders.ts';
import type { Session } from '../session/session.ts';
import { addressTable, outgoingPickings } from './translate.ts';

/** Cancels the order with its open deliveries; one that is cancelled stays so. Odoo 17 and 18 only ask back unless they are told not to, so the state is read again. */
export async function cancelOrder(session: Session, key: ErpOrderKey): Promise<ErpOrder> {
  const operation = 'sale.order.action_cancel';
  const before = await existingOrder(session, key, operation);
  if (before.order.state === 'cancelled') return before.order;
  const context = { disable_cancel_warning: true };
  await session.client.call(
    { model: 'sale.order', method: 'action_cancel', ids: openOnes(before), context, repeat: 'always', timeout: 'write' },
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
 * the open deliveries get a new one, which `change` names: it is the same on every attempt.
 */
export async function changeAddress(session: Session, key: ErpOrderKey, shipTo: Address, change: string): Promise<void> {
  const operation = 'res.partner.load';
  const { rows, order } = await existingOrder(session, key, operation);
  const customer = rows[0].partner_id;
  if (customer === null) throw odooFault('conflict', operation, `order ${order.name} has no customer`);
  const pickings = outgoingPickings(rows);
  const shipped = pickings.some((picking) => picking.state === 'done');
  const open = pickings.filter((picking) => picking.state !== 'done' && picking.state !== 'cancel');
  const externalId = shipped ? addressXid(key, change) : addressXid(key);
  const geography = await readGeography(session, [shipTo]);
  demandCountries(geography, [shipTo]);
  const table = addressTable(externalId, shipTo, geography);
  const partner = firstId(await importTable(session.client, 'res.partner', table), operation);
  const elsewhere = rows.filter((row) => row.partner_shipping_id !== partner).map((row) => row.id);
  if (elsewhere.length > 0) await session.client.write('res.partner', [partner], { parent_id: customer });
  const astray = open.filter((picking) => picking.partner_id !== partner).map((picking) => picking.id);
  if (astray.length > 0) await session.client.write('stock.picking', astray, { partner_id: partner });
  if (elsewhere.length > 0) await session.client.write('sale.order', elsewhere, { partner_shipping_id: partner });
}

/** Cancelling what is cancelled is refused by Odoo in some versions, so only what is open is asked for. */
function openOnes({ rows }: OrderInOdoo): number[] {
  return rows.filter((row) => row.state !== 'cancel').map((row) => row.id);
}

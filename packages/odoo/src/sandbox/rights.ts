import { accessError } from './errors.ts';
import type { World } from './world.ts';

export type Right = 'create' | 'read' | 'write' | 'unlink';

/** What a user with Sales (all documents), Inventory (user) and Contact creation may do; every model that is not named is read only. */
const plainRights: Readonly<Record<string, readonly Right[]>> = {
  'ir.model.data': [],
  'decimal.precision': [],
  'ir.config_parameter': [],
  'sale.order': ['create', 'read', 'write'],
  'sale.order.line': ['create', 'read', 'write', 'unlink'],
  'res.partner': ['create', 'read', 'write'],
  'stock.picking': ['create', 'read', 'write', 'unlink'],
  'stock.move': ['create', 'read', 'write', 'unlink'],
  'stock.quant': ['create', 'read', 'write'],
};

export function mayDo(world: World, model: string, right: string): boolean {
  if (world.administrator) return true;
  const rights: readonly string[] = plainRights[model] ?? ['read'];
  return rights.includes(right);
}

/** Throws an AccessError when our user may not do this. */
export function demandRight(world: World, model: string, right: Right): void {
  if (mayDo(world, model, right)) return;
  throw accessError(`You are not allowed to ${right === 'read' ? 'access' : right} '${model}' (${model}) records.`);
}

import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { connectOdoo, type Json } from '@quartermaster/odoo';
import { z } from 'zod';
import type { Scene } from './scene.ts';

const rowsSchema = z.array(z.looseObject({ id: z.int() }));

/** Somebody who edits in Odoo's own pages, beside Quartermaster. */
export async function somebodyIn(scene: Pick<Scene, 'odoo' | 'clock'>) {
  const url = 'http://people.test';
  const client = await connectOdoo({
    url,
    database: 'db',
    login: 'qm',
    secret: { apiKey: 'key-of-odoo' },
    clock: scene.clock,
    fetch: sandboxFetch({ [url]: scene.odoo.app }),
  });
  const call = (model: string, method: string, ids: readonly number[], args: Record<string, Json> = {}) =>
    client.call({ model, method, ids, args, repeat: 'never', timeout: 'write' }, z.unknown());
  const ids = async (model: string, domain: Json[]): Promise<number[]> => {
    const rows = await client.call(
      { model, method: 'search_read', args: { domain, fields: ['id'] }, repeat: 'always', timeout: 'read' },
      rowsSchema,
    );
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  };
  return {
    call,
    orders: () => ids('sale.order', []),
    lines: () => ids('sale.order.line', [['product_id.default_code', '=', 'MUG']]),
    pickings: () => ids('stock.picking', []),
  };
}

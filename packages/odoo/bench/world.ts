import { money, type ErpOrderDraft } from '@quartermaster/domain';
import { z } from 'zod';
import { connectOdoo, prepareOdoo, type OdooOptions } from '../src/index.ts';
import { readLayout, type Layout } from '../src/session/layout.ts';

/** What the measurements work with: four warehouses, 5,000 products, and a quant of each product in each warehouse: 20,000 in all. */
export const nodes = ['BN1', 'BN2', 'BN3', 'BN4'] as const;
export const skus: readonly string[] = Array.from({ length: 5_000 }, (_, index) => `BENCH-${String(index).padStart(4, '0')}`);
const unitsPerQuant = 100_000;

export type World = { readonly layout: Layout; readonly productIds: ReadonlyMap<string, number> };

/** Makes what is missing of the world. Stock is written straight into the quants, which only a bench may do: counting 20,000 of them would take ten minutes. */
export async function prepareWorld(options: OdooOptions): Promise<World> {
  const client = await connectOdoo(options);
  await prepareOdoo(options, {
    nodes: nodes.map((code) => ({ code, name: `Bench ${code}` })),
    products: skus.map((sku) => ({ sku, name: sku, grams: 100, millilitres: 100, price: '10', kind: 'storable' })),
    stock: [],
    currency: client.company.currency,
  });
  const layout = await readLayout(client);
  const productSchema = z.object({ id: z.int(), default_code: z.string() });
  const query = { domain: [['default_code', '=like', 'BENCH-%']], fields: ['default_code'] };
  const productIds = new Map((await client.searchRead('product.product', query, productSchema)).map((row) => [row.default_code, row.id]));
  for (const node of nodes) {
    const location = layout.nodes.get(node)?.lot_stock_id ?? 0;
    const there = await client.searchRead(
      'stock.quant',
      { domain: [['location_id', '=', location]], fields: ['product_id'] },
      z.object({ product_id: z.int() }),
    );
    const known = new Set(there.map((row) => row.product_id));
    const missing = [...productIds.values()].filter((id) => !known.has(id));
    for (let at = 0; at < missing.length; at += 1_000) {
      const values = missing
        .slice(at, at + 1_000)
        .map((product) => ({ product_id: product, location_id: location, quantity: unitsPerQuant }));
      await client.create('stock.quant', values);
    }
  }
  return { layout, productIds };
}

/** Orders of two lines from two warehouses, each of a customer of its own; what is ordered is spread evenly by a fixed generator, and no two rounds have the same orders. */
export function draftsOf(round: string, count: number, currency: string): ErpOrderDraft[] {
  const next = generator(round);
  return Array.from({ length: count }, (_, index): ErpOrderDraft => {
    const line = (id: string) => ({
      id,
      kind: 'product' as const,
      sku: skus[next(skus.length)] ?? '',
      title: 'A thing that is sold',
      quantity: 1 + next(3),
      unitPrice: `${1 + next(50)}.50`,
      node: nodes[next(nodes.length)] ?? nodes[0],
    });
    const lines = [line('1'), line('2')];
    const minor = lines.reduce((sum, each) => sum + each.quantity * Math.round(Number(each.unitPrice) * 100), 0);
    const name = `Customer ${round} ${index}`;
    return {
      key: { scope: { tenant: 'bench', company: 'bench', connection: 'bench' }, orderId: `${round}/${index}` },
      reference: `#${round}-${index}`,
      placedAt: '2026-11-20T08:15:00.000Z',
      subject: `${round}-${index}`,
      shipTo: {
        name,
        company: null,
        lines: [`Street ${index}`],
        postalCode: '1000',
        city: 'Brussels',
        region: null,
        country: 'BE',
        phone: null,
        email: `${round}.${index}@example.com`,
      },
      billTo: null,
      lines,
      total: money(minor, currency),
    };
  });
}

/** A generator of numbers below a bound: always the same ones for the same seed. */
function generator(seed: string): (bound: number) => number {
  let state = 7;
  for (let at = 0; at < seed.length; at++) state = (Math.imul(state, 31) + seed.charCodeAt(at)) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

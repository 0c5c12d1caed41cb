import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import type { Schema } from './read-schema.ts';
import { readSchema } from './read-schema.ts';
import { rowNames, sourceOf } from './source.ts';
import { curatedModels } from './wanted.ts';

const packageFolder = join(import.meta.dirname, '../..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(packageFolder, 'dist-typegen-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of this file beside the generated one, under the settings of this repository. */
async function complaints(schema: Schema, use: string): Promise<string> {
  writeFileSync(join(folder, 'shop.ts'), sourceOf(schema, { constant: 'shop', importFrom: '../src/index.ts' }));
  writeFileSync(join(folder, 'use.ts'), use);
  const settings = { extends: join(packageFolder, '../../tsconfig.json'), include: ['.'], compilerOptions: { noEmit: true } };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc');
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', folder]);
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
  }
}

describe('what is generated from a live Odoo', () => {
  test('compiles as strictly as this repository does, and lets a wrong field not', async () => {
    const client = await connectOdoo(optionsFor(shopFloor(19)));
    const schema = await readSchema(client, { ...curatedModels, 'sale.order': 'all', 'res.partner': 'all' });
    const use = `
      import type { TypedOdoo } from '../src/index.ts';
      import { saleOrderSchema, shop, type SaleOrder } from './shop.ts';
      export async function names(odoo: TypedOdoo<typeof shop>): Promise<string[]> {
        const rows = await odoo.searchRead('sale.order', [['partner_id.country_id.code', '=', 'BE']], ['name', 'partner_id']);
        // @ts-expect-error -- naam is no field
        await odoo.searchRead('sale.order', [], ['naam']);
        // @ts-expect-error -- nor is one of a related model
        await odoo.searchRead('sale.order', [['partner_id.kountry_id.code', '=', 'BE']], []);
        const orders: SaleOrder[] = [saleOrderSchema.parse({})];
        // @ts-expect-error -- an id is no text
        const text: string = orders[0]?.partner_id ?? 0;
        return [...rows.map((row) => row.name ?? ''), text];
      }
    `;
    expect((await complaints(schema, use)).split('\n')).toEqual(['']);
  }, 60_000);

  test('is not spoilt by what people call things', async () => {
    const schema = {
      version: 19,
      models: {
        "x_it's": { x_name: { type: 'selection', label: 'Ends */ here\nand goes on', values: ["it's", 'a\\b', 'two\nlines', '"'] } },
        models: { x_1: { type: 'char', label: '' } },
        'x.models': { x_data: { type: 'binary', label: 'File' } },
        x_models: { active: { type: 'boolean', label: 'Active' } },
      },
    } as const satisfies Schema;
    const use = `import type { XModels, XModels2, Models2 } from './shop.ts';\nexport type All = [XModels, XModels2['active'], Models2['x_1']];\n`;
    expect((await complaints(schema, use)).split('\n')).toEqual(['']);
  }, 60_000);

  test('is the same whenever the database is', async () => {
    const read = async () => sourceOf(await readSchema(await connectOdoo(optionsFor(shopFloor(19))), curatedModels), { constant: 'shop' });
    expect(await read()).toBe(await read());
  });
});

test('rows have the names of their models, numbered where two come to the same', () => {
  const models = ['sale.order', 'res.partner.category', 'sale_order', 'x_studio_ticket', '2fa.key', 'full.row'];
  expect([...rowNames(models, ['FullRow']).values()]).toEqual([
    'SaleOrder',
    'ResPartnerCategory',
    'SaleOrder2',
    'XStudioTicket',
    'Model2faKey',
    'FullRow2',
  ]);
});

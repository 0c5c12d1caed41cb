import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../client/client.ts';
import { readStockPositions, type StockPositionQuery } from '../../reads/stock-positions.ts';
import type { Workbench } from './workbench.ts';

export function stockPositionsBehave(bench: () => Workbench): void {
  const nodes = ['QME', 'QMW'];

  /** Positions as far as a test names their fields. */
  async function positions(query: Omit<StockPositionQuery, 'nodes'>) {
    const read = await readStockPositions(bench().session, { nodes, ...query });
    return {
      ...read,
      positions: [...read.positions].sort((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : a.sellable - b.sellable)),
    };
  }

  async function count(product: number, location: number, units: number, more: Readonly<Record<string, Json>> = {}): Promise<number> {
    const { client } = bench();
    const values = { product_id: product, location_id: location, inventory_quantity: units, ...more };
    const [quant = 0] = await client.create('stock.quant', [values], { inventory_mode: true });
    await client.act('stock.quant', 'action_apply_inventory', [quant]);
    return quant;
  }

  /** A confirmed transfer of one product into QME. */
  async function expecting(product: number, units: number, from: number, kind: 'incoming' | 'internal', date: string): Promise<number> {
    const { client, odoo, node, session } = bench();
    const [type] = await odoo.searchRead(
      'stock.picking.type',
      [
        ['warehouse_id', '=', node('QME').id],
        ['code', '=', kind],
      ],
      [],
    );
    const place = { location_id: from, location_dest_id: node('QME').lot_stock_id };
    const move = {
      ...place,
      product_id: product,
      product_uom_qty: units,
      ...(session.vocabulary.moveHasName ? { name: 'test' } : {}),
    };
    const [picking = 0] = await client.create('stock.picking', [{ ...place, picking_type_id: type?.id ?? 0, move_ids: [[0, 0, move]] }]);
    await client.act('stock.picking', 'action_confirm', [picking]);
    // Odoo 17 gives the moves of a new transfer the transfer's date.
    const moves = await odoo.searchRead('stock.move', [['picking_id', '=', picking]], []);
    await client.write(
      'stock.move',
      moves.map(({ id }) => id),
      { date },
    );
    return picking;
  }

  async function supplierPlace(): Promise<number> {
    const [place] = await bench().odoo.searchRead('stock.location', [['usage', '=', 'supplier']], []);
    return place?.id ?? 0;
  }

  describe('stock positions', () => {
    test('split what is there by where it lies, in all warehouses at once', async () => {
      const { odoo, node, product, unique } = bench();
      const lamp = await product({ units: { QME: 5, QMW: 3 } });
      const shelf = { name: unique('Shelf'), usage: 'internal', location_id: node('QME').lot_stock_id } as const;
      const [inside = 0, hold = 0] = await odoo.create('stock.location', [shelf, { name: unique('Hold'), usage: 'internal' }]);
      await count(lamp.id, inside, 4);
      await count(lamp.id, hold, 2);
      const holds = [{ locationId: hold, node: 'QMW', state: 'damaged' as const }];
      const none = { reserved: 0, qualityHold: 0, returnPending: 0, inTransit: 0, inbound: [], lot: null, owner: null, kit: null };
      await expect(positions({ skus: [lamp.sku], holds })).resolves.toMatchObject({
        positions: [
          { sku: lamp.sku, node: 'QME', sellable: 9, damaged: 0, ...none },
          { sku: lamp.sku, node: 'QMW', sellable: 3, damaged: 2, ...none },
        ],
        findings: [],
      });
    });

    test('of everything tell the same as of one SKU, also after it was renamed', async () => {
      const { client, product, unique } = bench();
      const lamp = await product({ units: { QME: 5 } });
      const all = async () => (await positions({ skus: null })).positions.filter((each) => each.product === lamp.id);
      await expect(all()).resolves.toMatchObject([{ sku: lamp.sku, sellable: 5 }]);
      const renamed = unique('RENAMED');
      await client.write('product.product', [lamp.id], { default_code: renamed });
      await expect(all()).resolves.toMatchObject([{ sku: renamed, sellable: 5 }]);
      await expect(positions({ skus: [lamp.sku] })).resolves.toEqual({ positions: [], findings: [] });
    });

    test('do not sell what belongs to others, unless that is wanted', async () => {
      const { node, product, customer } = bench();
      const lamp = await product({ units: { QME: 5 } });
      const owner = await customer();
      await count(lamp.id, node('QME').lot_stock_id, 3, { owner_id: owner });
      const skus = [lamp.sku];
      await expect(positions({ skus })).resolves.toMatchObject({ positions: [{ sellable: 5, consigned: 3, owner: null }] });
      await expect(positions({ skus, sellConsigned: true })).resolves.toMatchObject({ positions: [{ sellable: 8, consigned: 0 }] });
      await expect(positions({ skus, by: ['owner'] })).resolves.toMatchObject({
        positions: [
          { sellable: 0, consigned: 3, owner: String(owner) },
          { sellable: 5, consigned: 0, owner: null },
        ],
      });
    });

    test('are kept apart by lot where that is asked', async () => {
      const { operations, node, product, unique } = bench();
      const lamp = await product({ tracking: 'lot' });
      const names = [unique('LOT-A'), unique('LOT-B')];
      for (const [index, name] of names.entries()) {
        const lot = await operations.lots.ensure({ product: lamp.id, name });
        await count(lamp.id, node('QME').lot_stock_id, index + 2, { lot_id: lot });
      }
      await expect(positions({ skus: [lamp.sku] })).resolves.toMatchObject({ positions: [{ sellable: 5, lot: null }] });
      await expect(positions({ skus: [lamp.sku], by: ['lot', 'package'] })).resolves.toMatchObject({
        positions: [
          { sellable: 2, lot: names[0], package: null },
          { sellable: 3, lot: names[1], package: null },
        ],
      });
    });

    test('report what cannot be right: more set aside than there is, and less than nothing', async () => {
      const { client, odoo, node, product, customer } = bench();
      const [lamp, desk] = [await product({ units: { QME: 5 } }), await product({ units: { QME: 1 } })];
      const line = odoo.command.create('sale.order.line', { product_id: lamp.id, product_uom_qty: 4 });
      const [order = 0] = await odoo.create('sale.order', [
        { partner_id: await customer(), warehouse_id: node('QME').id, order_line: [line] },
      ]);
      await client.act('sale.order', 'action_confirm', [order]);
      const quants = await odoo.searchRead(
        'stock.quant',
        [
          ['product_id', 'in', [lamp.id, desk.id]],
          ['location_id', '=', node('QME').lot_stock_id],
        ],
        ['product_id'],
      );
      // What a parallel confirmation and an uncounted shipment leave behind, written as only an administrator may.
      for (const quant of quants) await client.write('stock.quant', [quant.id], { quantity: quant.product_id === lamp.id ? 3 : -2 });
      const read = await positions({ skus: [lamp.sku, desk.sku] });
      expect(read.positions.find(({ sku }) => sku === lamp.sku)).toMatchObject({ sellable: 3, reserved: 4 });
      expect(read.positions.find(({ sku }) => sku === desk.sku)).toMatchObject({ sellable: 0 });
      expect(new Set(read.findings)).toEqual(
        new Set([
          { kind: 'over-reserved', sku: lamp.sku, node: 'QME', location: node('QME').lot_stock_id, quantity: 3, reserved: 4 },
          { kind: 'negative', sku: desk.sku, node: 'QME', location: node('QME').lot_stock_id, quantity: -2, reserved: 0 },
        ]),
      );
    });
  });

  describe('inbound goods', () => {
    test('come with the day they are expected on, and what was received of them is there', async () => {
      const { client, odoo, product } = bench();
      const lamp = await product({ units: { QMW: 1 } });
      const first = await expecting(lamp.id, 7, await supplierPlace(), 'incoming', '2027-01-10 08:00:00');
      await expecting(lamp.id, 2, await supplierPlace(), 'incoming', '2027-01-05 08:00:00');
      const due = (units: number) => [
        { units: 2, expectedAt: '2027-01-05T08:00:00.000Z' },
        { units, expectedAt: '2027-01-10T08:00:00.000Z' },
      ];
      const skus = [lamp.sku];
      await expect(positions({ skus })).resolves.toMatchObject({
        positions: [
          { node: 'QME', sellable: 0, inTransit: 0, inbound: due(7), expected: [{ source: 'other' }, { source: 'other' }] },
          { node: 'QMW', sellable: 1, inbound: [] },
        ],
      });
      const [move] = await odoo.searchRead('stock.move', [['picking_id', '=', first]], []);
      await client.write('stock.move', [move?.id ?? 0], { quantity: 3, picked: true });
      await client.act('stock.picking', 'button_validate', [first], { context: { skip_backorder: true, skip_sms: true } });
      await expect(positions({ skus })).resolves.toMatchObject({ positions: [{ node: 'QME', sellable: 3, inbound: due(4) }, {}] });
    });

    test('of a transfer are under way as soon as the other warehouse has set them aside', async () => {
      const { client, node, product } = bench();
      const lamp = await product({ units: { QMW: 3 } });
      const transfer = await expecting(lamp.id, 5, node('QMW').lot_stock_id, 'internal', '2027-02-01 08:00:00');
      await client.act('stock.picking', 'action_assign', [transfer], { repeat: 'always' });
      await expect(positions({ skus: [lamp.sku] })).resolves.toMatchObject({
        positions: [
          { node: 'QME', sellable: 0, inTransit: 3, inbound: [{ units: 5 }], expected: [{ source: 'transfer', inTransit: 3 }] },
          { node: 'QMW', sellable: 3, reserved: 3, inbound: [] },
        ],
      });
    });

    test('do not count what moves within the warehouse', async () => {
      const { odoo, node, product, unique } = bench();
      const lamp = await product({ units: { QME: 3 } });
      const [shelf = 0] = await odoo.create('stock.location', [
        { name: unique('Shelf'), usage: 'internal', location_id: node('QME').lot_stock_id },
      ]);
      await expecting(lamp.id, 2, shelf, 'internal', '2027-02-01 08:00:00');
      await expect(positions({ skus: [lamp.sku] })).resolves.toMatchObject({
        positions: [{ node: 'QME', sellable: 3, inbound: [], inTransit: 0 }],
      });
    });
  });

  describe('kits', () => {
    type Part = { readonly product: number; readonly units: number; readonly unit?: number };

    async function kitOf(
      parts: readonly Part[],
      more: { readonly makes?: number; readonly active?: boolean } = {},
    ): Promise<{ id: number; sku: string }> {
      const { client, odoo, product } = bench();
      const kit = await product();
      const [row] = await odoo.read('product.product', [kit.id], ['product_tmpl_id']);
      const lines = parts.map((part) => [
        0,
        0,
        { product_id: part.product, product_qty: part.units, ...(part.unit === undefined ? {} : { product_uom_id: part.unit }) },
      ]);
      const bom = { product_tmpl_id: row?.product_tmpl_id ?? 0, type: 'phantom', product_qty: more.makes ?? 1, bom_line_ids: lines };
      const [id = 0] = await client.create('mrp.bom', [bom]);
      if (more.active === false) await client.write('mrp.bom', [id], { active: false });
      return kit;
    }

    /** Also where it is archived, as it is until somebody works with units. */
    async function dozen(): Promise<number> {
      const domain = [
        ['module', '=', 'uom'],
        ['name', '=', 'product_uom_dozen'],
      ] as const;
      const [named] = await bench().odoo.searchRead('ir.model.data', domain, ['res_id']);
      return named?.res_id ?? 0;
    }

    /** What Odoo itself computes: on hand and free, per warehouse. */
    async function odooSays(kit: number): Promise<Record<string, readonly [number, number]>> {
      const { odoo, node, session } = bench();
      const said = nodes.map(async (code) => {
        const context = { [session.vocabulary.warehouseContext]: node(code).id };
        const [row] = await odoo.read('product.product', [kit], ['qty_available', 'free_qty'], { context });
        return [code, [row?.qty_available ?? -1, row?.free_qty ?? -1]] as const;
      });
      return Object.fromEntries(await Promise.all(said));
    }

    async function weSay(sku: string): Promise<Record<string, readonly [number, number]>> {
      const read = await positions({ skus: [sku] });
      const none = nodes.map((code) => [code, [0, 0]] as const);
      return {
        ...Object.fromEntries(none),
        ...Object.fromEntries(read.positions.map((each) => [each.node, [each.sellable, each.sellable - each.reserved]] as const)),
      };
    }

    test('have as many as their scarcest component allows, as Odoo says: nested, shared, by the dozen, several per bill', async () => {
      const { client, odoo, node, product, customer } = bench();
      const [lamp, bulb, screw] = [
        await product({ units: { QME: 10, QMW: 4 } }),
        await product({ units: { QME: 21, QMW: 50 } }),
        await product({ units: { QME: 130, QMW: 47 } }),
      ];
      const inner = await kitOf([
        { product: bulb.id, units: 2 },
        { product: screw.id, units: 1, unit: await dozen() },
      ]);
      const outer = await kitOf(
        [
          { product: inner.id, units: 2 },
          { product: bulb.id, units: 1 },
          { product: lamp.id, units: 3 },
        ],
        { makes: 2 },
      );
      for (const kit of [inner, outer]) await expect(weSay(kit.sku)).resolves.toEqual(await odooSays(kit.id));
      await expect(weSay(outer.sku)).resolves.toEqual({ QME: [6, 6], QMW: [2, 2] });
      const line = odoo.command.create('sale.order.line', { product_id: outer.id, product_uom_qty: 2 });
      const [order = 0] = await odoo.create('sale.order', [
        { partner_id: await customer(), warehouse_id: node('QME').id, order_line: [line] },
      ]);
      await client.act('sale.order', 'action_confirm', [order]);
      for (const kit of [inner, outer]) await expect(weSay(kit.sku)).resolves.toEqual(await odooSays(kit.id));
    });

    test('name their components, and an archived bill makes no kit', async () => {
      const { erp, product } = bench();
      const lamp = await product({ units: { QME: 5 } });
      const [kit, no] = [await kitOf([{ product: lamp.id, units: 2 }]), await kitOf([{ product: lamp.id, units: 2 }], { active: false })];
      const components = [{ sku: lamp.sku, units: 2 }];
      await expect(erp.stock({ nodes, skus: [kit.sku, no.sku] })).resolves.toMatchObject([
        { sku: kit.sku, node: 'QME', sellable: 2, kit: components },
      ]);
      const products = await erp.products([kit.sku, no.sku, lamp.sku]);
      expect(new Map(products.map((each) => [each.sku, each.kit]))).toEqual(
        new Map([
          [kit.sku, components],
          [no.sku, null],
          [lamp.sku, null],
        ]),
      );
    });

    test('are lines of orders: their parts are delivered, and they are read and shipped whole', async () => {
      const { erp, run, unique, product } = bench();
      const [lamp, bulb] = [await product({ units: { QME: 10 } }), await product({ units: { QME: 10 } })];
      const kit = await kitOf([
        { product: lamp.id, units: 1 },
        { product: bulb.id, units: 2 },
      ]);
      const nobody = { company: null, region: null, phone: null, email: null };
      const key = { scope: { tenant: 't', company: 'c', connection: `shop-${run}` }, orderId: unique('order') };
      const line = (id: string, sku: string, quantity: number, node: string | null) =>
        ({ id, kind: 'product', sku, title: sku, quantity, unitPrice: '5.00', node }) as const;
      const written = await erp.writeOrder(
        {
          key,
          reference: unique('#'),
          placedAt: '2026-11-20T08:15:00.000Z',
          subject: unique('subject'),
          shipTo: { ...nobody, name: 'Jo Example', lines: ['Main Street 1'], postalCode: '1000', city: 'Brussels', country: 'BE' },
          billTo: null,
          lines: [line('1', kit.sku, 3, 'QME'), line('2', bulb.sku, 1, 'QME'), line('3', kit.sku, 1, null)],
          total: { minor: 2_500, currency: 'EUR' },
        },
        intentMemo('w'),
      );
      const bulbs = { lineId: '2', sku: bulb.sku, demand: 1, reserved: 1 };
      const kits = (units: number) => ({ lineId: '1', sku: kit.sku, demand: units, reserved: units });
      const waiting = { lineId: '3', sku: kit.sku, demand: 1 };
      expect(written.deliveries.map(({ node, state, lines }) => ({ node, state, lines }))).toEqual([
        { node: 'QME', state: 'ready', lines: [bulbs, kits(3)] },
        { node: null, state: 'waiting', lines: [{ ...waiting, reserved: 0 }] },
      ]);
      const shipment = { key, node: 'QME', carrier: 'UPS', trackingNumbers: [unique('1Z')] };
      const first = await erp.ship({ ...shipment, lines: [{ lineId: '1', units: 1 }] }, intentMemo('s1'));
      expect(first).toMatchObject({ state: 'done', lines: [kits(1)] });
      const tooMany = erp.ship({ ...shipment, trackingNumbers: [unique('1Z')], lines: [{ lineId: '1', units: 3 }] }, intentMemo('s2'));
      await expect(tooMany).rejects.toMatchObject({ code: 'conflict' });
      await erp.allocate({ key, node: 'QME', lineIds: ['3'] }, intentMemo('a'));
      const after = await erp.findOrder(key);
      const placed = after?.deliveries.flatMap(({ state, lines }) => lines.map((each) => ({ state, ...each }))) ?? [];
      expect(new Set(placed)).toEqual(
        new Set([
          { state: 'done', ...kits(1) },
          { state: 'ready', ...bulbs },
          { state: 'ready', ...kits(2) },
          { state: 'ready', ...waiting, reserved: 1 },
        ]),
      );
    });

    test('read with the key of another version tell of all warehouses, and Odoo does not say so', async () => {
      const { odoo, node, session, product } = bench();
      const lamp = await product({ units: { QME: 5, QMW: 2 } });
      const kit = await kitOf([{ product: lamp.id, units: 1 }]);
      const wrong = session.vocabulary.warehouseContext === 'warehouse' ? 'warehouse_id' : 'warehouse';
      const [row] = await odoo.read('product.product', [kit.id], ['qty_available'], { context: { [wrong]: node('QMW').id } });
      expect(row?.qty_available).toBe(7);
    });
  });
}

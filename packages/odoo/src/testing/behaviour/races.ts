import { isFault, type ErpOrderDraft } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp, type OdooErp } from '../../erp/erp.ts';
import { operationsOn } from '../../operations/odoo-operations.ts';
import { lineXid, orderXid, partsOfXid, partnerXid } from '../../session/external-id.ts';
import { turns } from '../../session/turns.ts';
import { productLine } from '../shop-floor.ts';
import { draftWith } from './orders.ts';
import type { Workbench } from './workbench.ts';

/** What must hold when several do the same at the same time. */
export function racesBehave(bench: () => Workbench): void {
  test(
    'fifty that write the same ten orders at the same time make ten, no customer too many and no line twice',
    { timeout: 600_000 },
    async () => {
      const { odoo, product } = bench();
      const lamp = await product({ units: { QME: 1_000 } });
      const drafts = Array.from({ length: 10 }, () =>
        draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME'), productLine('2', lamp.sku, 2, 'QME')]),
      );
      const writers = Array.from({ length: 50 }, () => lonely(bench()));
      const outcomes = await Promise.all(writers.map((erp) => persistently(erp, drafts)));
      expect(new Set(outcomes.map((refs) => refs.join(' '))).size).toBe(1);

      expect(await odoo.count('sale.order', [['client_order_ref', 'in', drafts.map((draft) => draft.reference)]])).toBe(10);
      expect(await odoo.count('sale.order.line', [['product_id', '=', lamp.id]])).toBe(20);
      expect(await odoo.count('stock.picking', [['move_ids.product_id', '=', lamp.id]])).toBe(10);
      await expect(
        operationsOn(() => Promise.resolve(bench().session)).orders.findOverReservation({ products: [lamp.id] }),
      ).resolves.toEqual([]);
      const names = drafts.flatMap(({ key, subject }) => [
        orderXid(key),
        partnerXid(key.scope.connection, subject),
        lineXid(key, '1'),
        lineXid(key, '2'),
      ]);
      expect(await odoo.count('ir.model.data', [['name', 'in', names.map((name) => partsOfXid(name)[1])]])).toBe(40);
    },
  );

  test(
    'eight workers that write two hundred orders for scarce goods set aside what is free and no more',
    { timeout: 900_000 },
    async () => {
      const { administrator, operations, product, erp } = bench();
      const free = [37, 60, 11];
      const scarce = await Promise.all(free.map((units) => product({ units: { QME: units } })));
      const drafts = Array.from({ length: 200 }, (_, index) =>
        draftWith(bench(), [
          productLine('1', scarce[index % 3]?.sku ?? '', 1 + (index % 2), 'QME'),
          productLine('2', scarce[(index + 1) % 3]?.sku ?? '', 1, 'QME'),
        ]),
      );
      const waiting = drafts.values();
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const worker = odooErp({ connection: 'odoo', ...administrator });
          for (let batch = [...waiting.take(5)]; batch.length > 0; batch = [...waiting.take(5)]) await persistently(worker, batch);
        }),
      );
      await expect(operations.orders.findOverReservation({ products: scarce.map(({ id }) => id) })).resolves.toEqual([]);
      const positions = await erp.stock({ nodes: ['QME'], skus: scarce.map(({ sku }) => sku) });
      expect(new Map(positions.map(({ sku, sellable, reserved }) => [sku, [sellable, reserved]]))).toEqual(
        new Map(scarce.map(({ sku }, index) => [sku, [free[index], free[index]]])),
      );
    },
  );

  test('what is set aside twice is found, whoever did it', async () => {
    const { odoo, operations, product, node } = bench();
    const lamp = await product({ units: { QME: 2 } });
    const [quant] = await odoo.searchRead(
      'stock.quant',
      [
        ['product_id', '=', lamp.id],
        ['location_id', '=', node('QME').lot_stock_id],
      ],
      [],
    );
    await bench().client.write('stock.quant', [quant?.id ?? 0], { reserved_quantity: 3 });
    await expect(operations.orders.findOverReservation({ products: [lamp.id] })).resolves.toEqual([
      { product: lamp.id, location: node('QME').lot_stock_id, quantity: 2, reserved: 3 },
    ]);
  });

  /** A writer that knows nothing of the others, as one in another process: it takes no turns with them, and remembers nothing of what they wrote. */
  function lonely({ session }: Workbench): Writer {
    const { orders } = operationsOn(() => Promise.resolve({ ...session, orderIds: new Map(), inTurn: turns() }));
    return { writeOrders: (drafts) => orders.write(drafts) };
  }
}

type Writer = Pick<OdooErp, 'writeOrders'>;

/** Writes until every order is there, as the keeper of an intent does: only what may be tried again is. Gives Odoo's ids. */
async function persistently(erp: Writer, drafts: readonly ErpOrderDraft[]): Promise<string[]> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    const outcomes = await erp.writeOrders(drafts).catch((error: unknown) => {
      if (isFault(error)) return [{ kind: 'failed' as const, fault: error }];
      throw error;
    });
    const faults = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? outcome.fault : []));
    const final = faults.find((fault) => fault.facts.retry.kind === 'never');
    if (final !== undefined) throw final;
    if (faults.length === 0) return outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [] : outcome.order.ref));
  }
  throw new Error('the orders were never all there');
}

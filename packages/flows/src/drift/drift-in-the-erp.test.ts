import { type Erp } from '@quartermaster/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine } from '../engine.ts';
import {
  type Somebody,
  exceptionCodes,
  firstLook,
  lookAt,
  noTroubles,
  opened,
  published,
  secondLook,
  shippedWith,
  thirdLook,
  written,
} from '../testing/drifting.ts';
import { somebodyIn } from '../testing/people-in-odoo.ts';

beforeEach(noTroubles);

describe('what people did in Odoo', () => {
  test('a delivery that somebody validated is told to the shop', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'button_validate', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['shipped-by-hand-in-erp', 'seen-once']], [['shipped-by-hand-in-erp', 'done']], []]);
    expect((await scene.case(key)).state).toBe('shipped');
    expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
  });

  test('an order that somebody cancelled is stopped here, and a person is told', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('sale.order', 'action_cancel', await ben.orders());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['cancelled-in-erp', 'seen-once']], [['cancelled-in-erp', 'done']], []]);
    expect((await scene.case(key)).state).toBe('cancelled');
    expect(await exceptionCodes(scene)).toContain('cancelled-in-erp');
  });

  test('an order whose delivery somebody cancelled is held, so that no label is bought for it', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'action_cancel', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks.at(-1)).toEqual([['delivery-cancelled-in-erp', 'done']]);
    expect((await scene.case(key)).holds.map(({ code, placedBy }) => [code, placedBy])).toEqual([['manual', 'quartermaster']]);
  });

  test('a reservation that somebody took away is noticed, and told as short', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'do_unreserve', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['reservation-differs', 'seen-once']], [['reservation-differs', 'done']], []]);
    expect((await scene.case(key)).shipments[0]?.shortage).toMatchObject([{ sku: 'MUG', units: 2, reserved: 0 }]);
  });

  test('a price that somebody changed is told by what it is off: a cent, or more', async () => {
    const causes: unknown[] = [];
    for (const price of [12.905, 11]) {
      const scene = await opened();
      await written(scene);
      const ben = await somebodyIn(scene);
      await ben.call('sale.order.line', 'write', (await ben.lines()).slice(0, 1), { vals: { price_unit: price } });
      await lookAt(scene, firstLook);
      causes.push(await lookAt(scene, secondLook));
      expect((await exceptionCodes(scene)).filter((code) => code.startsWith('drift-'))).toHaveLength(1);
    }

    expect(causes).toEqual([[['total-off-by-rounding', 'person']], [['total-differs', 'person']]]);
  });

  test.each<[string, string, unknown, (ben: Somebody) => Promise<unknown>]>([
    [
      'more units',
      'quantity-differs-in-erp',
      'done',
      async (ben) => ben.call('sale.order.line', 'write', (await ben.lines()).slice(0, 1), { vals: { product_uom_qty: 3 } }),
    ],
    [
      'a quotation again',
      'reopened-in-erp',
      'done',
      async (ben) => ben.call('sale.order', 'write', await ben.orders(), { vals: { state: 'draft' } }),
    ],
  ])('an order that somebody made into %s is held until a person has looked', async (_what, cause, outcome, edit) => {
    const scene = await opened();
    const key = await written(scene);
    await edit(await somebodyIn(scene));

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks.slice(0, 2)).toEqual([[[cause, 'seen-once']], [[cause, outcome]]]);
    expect((await scene.case(key)).holds.map(({ placedBy }) => placedBy)).toEqual(['quartermaster']);
  });

  test('a delivery that left on somebody else’s label is told, because ours was paid for', async () => {
    const scene = await opened();
    const { erp } = scene.context;
    const otherLabel: Erp = { ...erp, ship: (request, memo) => erp.ship({ ...request, trackingNumbers: ['OTHER-1'] }, memo) };
    const engine = createEngine({ ...scene.context, erp: otherLabel });
    await shippedWith(scene, engine);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine), await lookAt(scene, thirdLook, engine)];

    expect(looks.at(-1)).toEqual([['shipped-on-another-label', 'person']]);
  });

  test('a delivery that is not done in Odoo, although we were told so, is a person’s', async () => {
    const scene = await opened();
    const { erp } = scene.context;
    const lying: Erp = {
      ...erp,
      async ship(request) {
        const delivery = (await erp.findOrder(request.key))?.deliveries[0];
        if (delivery === undefined) throw new Error('no delivery');
        return { ...delivery, state: 'done' };
      },
    };
    const engine = createEngine({ ...scene.context, erp: lying });
    await shippedWith(scene, engine);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine), await lookAt(scene, thirdLook, engine)];

    expect(looks.at(-1)).toEqual([['not-shipped-in-erp', 'person']]);
  });

  test('an order that Odoo lost is held', async () => {
    const scene = await opened();
    const key = await written(scene);
    const { erp } = scene.context;
    const restored: Erp = { ...erp, findOrders: async (keys) => keys.map(() => null) };
    const engine = createEngine({ ...scene.context, erp: restored });

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];

    expect(looks.at(-1)).toEqual([['order-missing-in-erp', 'done']]);
    expect((await scene.case(key)).holds).toHaveLength(1);
  });

  test('stock that was counted below what is reserved is told until it is put right', async () => {
    const scene = await opened();
    await written(scene);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 1 });
    await published(scene);

    await lookAt(scene, firstLook);
    const told = await lookAt(scene, secondLook);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 8 });
    await published(scene);
    await lookAt(scene, '2026-11-23T12:00:00.000Z');

    expect(told).toEqual([['over-reserved-in-erp', 'person']]);
    expect((await exceptionCodes(scene)).filter((code) => code.startsWith('drift-'))).toEqual([]);
  });
});

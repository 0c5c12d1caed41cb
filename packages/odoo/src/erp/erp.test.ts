import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, money, type ErpOrder, type ErpShipment } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { odooErp } from './erp.ts';
import { prepareOdoo } from '../setup/prepare.ts';
import { address, erpOn, optionsFor, orderKey, productLine, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';

/** Deliveries in short: `EAST ready 1:2/2` is two of two reserved of line 1. */
function inShort(order: ErpOrder): string[] {
  return order.deliveries.map((delivery) => {
    const lines = delivery.lines.map((line) => `${line.lineId}:${line.reserved}/${line.demand}`).join(' ');
    return `${delivery.node ?? 'nowhere'} ${delivery.state} ${lines}`;
  });
}

const eastShipment: ErpShipment = {
  key: orderKey,
  node: 'EAST',
  lines: [{ lineId: '1', units: 2 }],
  carrier: 'UPS',
  trackingNumbers: ['1Z1', '1Z2'],
};

describe.each([17, 18, 19] as const)('with Odoo %i', (version) => {
  test('an order is written confirmed with a delivery per node and one for the lines that wait', async () => {
    const sandbox = shopFloor(version);
    const order = await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    expect(order).toMatchObject({ state: 'confirmed', total: money(6_046, 'EUR') });
    expect(inShort(order)).toEqual(['EAST ready 1:2/2', 'WEST ready 2:1/1', 'nowhere waiting 3:0/1']);
  });

  test('the price is what the customer paid: no tax of the product is put on top', async () => {
    const sandbox = shopFloor(version);
    await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    expect(sandbox.snapshot().orders.map((order) => order.total)).toEqual([money(6_046, 'EUR')]);
  });

  test('an order that would not add up to its total is refused before anything is written', async () => {
    const sandbox = shopFloor(version);
    const wrong = { ...threeWayOrder, total: money(6_047, 'EUR') };
    await expect(erpOn(sandbox).writeOrder(wrong, intentMemo('w'))).rejects.toThrow(/60\.46 EUR in Odoo, but its total is 60\.47 EUR/);
    expect(sandbox.snapshot().orders).toEqual([]);
  });

  test('an order that Odoo makes another total of is taken back, and a corrected one can be written', async () => {
    const sandbox = shopFloor(version);
    // Odoo rounds the price to cents: three times 0.335 becomes 3 × 0.34.
    const draft = { ...threeWayOrder, lines: [productLine('1', 'LAMP', 3, 'EAST', '0.335')], total: money(101, 'EUR') };
    await expect(erpOn(sandbox).writeOrder(draft, intentMemo('w'))).rejects.toMatchObject({ code: 'refused' });
    expect(sandbox.snapshot().orders).toEqual([]);
    const corrected = { ...draft, lines: [productLine('1', 'LAMP', 3, 'EAST', '0.34')], total: money(102, 'EUR') };
    await expect(erpOn(sandbox).writeOrder(corrected, intentMemo('w2'))).resolves.toMatchObject({ state: 'confirmed' });
  });

  test('many orders are read at once, in the order in which they were asked for, and one that is not there is null', async () => {
    const sandbox = shopFloor(version);
    const second = { ...threeWayOrder, key: { ...orderKey, orderId: 'second' } };
    const first = await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    const other = await erpOn(sandbox).writeOrder(second, intentMemo('w2'));
    const keys = [second.key, { ...orderKey, orderId: 'none' }, orderKey];
    await expect(erpOn(sandbox).findOrders(keys)).resolves.toEqual([other, null, first]);
  });

  test('an order that is there is only read, whatever the draft says now', async () => {
    const sandbox = shopFloor(version);
    const first = await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    const before = sandbox.snapshot();
    const again = await erpOn(sandbox).writeOrder({ ...threeWayOrder, reference: 'other' }, intentMemo('w2'));
    expect(again).toEqual(first);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('an order that is there with another total is a conflict that a person must look at', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const other = { ...threeWayOrder, lines: [productLine('1', 'LAMP', 1, 'EAST')], total: money(999, 'EUR') };
    await expect(erp.writeOrder(other, intentMemo('w2'))).rejects.toMatchObject({ code: 'conflict', facts: { outcome: 'not-applied' } });
  });

  test('a product that Odoo does not know is named, and nothing is written', async () => {
    const sandbox = shopFloor(version);
    const draft = { ...threeWayOrder, lines: [productLine('1', 'SOFA', 1, 'EAST')], total: money(999, 'EUR') };
    await expect(erpOn(sandbox).writeOrder(draft, intentMemo('w'))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('SOFA'),
    });
    expect(sandbox.snapshot().orders).toEqual([]);
  });

  test('an order is found by its channel order, and only by that', async () => {
    const sandbox = shopFloor(version);
    const written = await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    await expect(erpOn(sandbox).findOrder(orderKey)).resolves.toEqual(written);
    await expect(erpOn(sandbox).findOrder({ ...orderKey, orderId: 'gid://shop/Order/2' })).resolves.toBeNull();
    await expect(erpOn(sandbox).findOrder({ ...orderKey, scope: { ...orderKey.scope, connection: 'shop-us' } })).resolves.toBeNull();
  });

  test('a user with the rights of daily work alone finds orders too', async () => {
    const sandbox = shopFloor(version, { user: 'salesperson' });
    await expect(erpOn(sandbox).findOrder(orderKey)).resolves.toBeNull();
    const written = await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
    await expect(erpOn(sandbox).findOrder(orderKey)).resolves.toEqual(written);
  });

  test('stock says what is on the shelf and what of it is reserved', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const positions = await erp.stock({ nodes: ['EAST', 'WEST'], skus: ['LAMP', 'DESK'] });
    expect(new Set(positions.map(({ sku, node, sellable, reserved }) => `${sku} ${node} ${sellable}-${reserved}`))).toEqual(
      new Set(['DESK WEST 5-0', 'LAMP EAST 10-2', 'LAMP WEST 10-1']),
    );
  });

  test('products come with weight and size; one that is unknown is missing', async () => {
    const products = await erpOn(shopFloor(version)).products(['LAMP', 'SOFA', 'QM-SHIPPING']);
    expect(products.map(({ ref: _ref, ...product }) => product)).toEqual([
      { sku: 'LAMP', name: 'Lamp', storable: true, kit: null, grams: 450, millilitres: 1_800, millimetres: null },
      { sku: 'QM-SHIPPING', name: 'Shipping', storable: false, kit: null, grams: 0, millilitres: 0, millimetres: null },
    ]);
  });

  test('a reference that two products have counts as unknown', async () => {
    const sandbox = shopFloor(version);
    sandbox.addProduct({ sku: 'LAMP', name: 'Other lamp', grams: 1, millilitres: 1, kind: 'storable' });
    await expect(erpOn(sandbox).products(['LAMP'])).resolves.toEqual([]);
  });

  test('a line that waited gets its node in a delivery of its own, and is reserved', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const order = await erp.allocate({ key: orderKey, node: 'WEST', lineIds: ['3'] }, intentMemo('a'));
    expect(inShort(order)).toEqual(['EAST ready 1:2/2', 'WEST ready 2:1/1', 'WEST ready 3:1/1']);
  });

  test('lines that wait can go to different nodes one after the other', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    const draft = {
      ...threeWayOrder,
      lines: [productLine('1', 'LAMP', 1, null), productLine('2', 'LAMP', 2, null)],
      total: money(2_997, 'EUR'),
    };
    await erp.writeOrder(draft, intentMemo('w'));
    await erp.allocate({ key: orderKey, node: 'WEST', lineIds: ['1'] }, intentMemo('a1'));
    const order = await erp.allocate({ key: orderKey, node: 'EAST', lineIds: ['2'] }, intentMemo('a2'));
    expect(inShort(order)).toEqual(['WEST ready 1:1/1', 'EAST ready 2:2/2']);
  });

  test('a line that stands at another node is not taken away from there', async () => {
    const erp = erpOn(shopFloor(version));
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await expect(erp.allocate({ key: orderKey, node: 'WEST', lineIds: ['1'] }, intentMemo('a'))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('a shipment is done with its tracking numbers, and the goods have left the shelf', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const delivery = await erp.ship(eastShipment, intentMemo('s'));
    expect(delivery).toMatchObject({ node: 'EAST', state: 'done', trackingNumbers: ['1Z1', '1Z2'] });
    expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 8, reserved: 0 });
  });

  test('what a shipment leaves open waits in a backorder', async () => {
    const erp = erpOn(shopFloor(version));
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await erp.ship({ ...eastShipment, lines: [{ lineId: '1', units: 1 }] }, intentMemo('s'));
    const order = await erp.findOrder(orderKey);
    expect(order === null ? null : inShort(order)).toEqual([
      'EAST done 1:1/1',
      'WEST ready 2:1/1',
      'nowhere waiting 3:0/1',
      'EAST ready 1:1/1',
    ]);
  });

  test('lines of one node that lie in two deliveries go out together', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await erp.allocate({ key: orderKey, node: 'WEST', lineIds: ['3'] }, intentMemo('a'));
    const lines = [
      { lineId: '2', units: 1 },
      { lineId: '3', units: 1 },
    ];
    const delivery = await erp.ship({ ...eastShipment, node: 'WEST', lines }, intentMemo('s'));
    expect(delivery.lines.map((line) => line.lineId)).toEqual(['2', '3']);
    expect(sandbox.snapshot().orders[0]?.pickings.map((picking) => picking.state)).toEqual(['assigned', 'done', 'done']);
  });

  test('the same units in two parts are two shipments, even without tracking numbers', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const one = { ...eastShipment, lines: [{ lineId: '1', units: 1 }], trackingNumbers: [] };
    const first = intentMemo('s1');
    await erp.ship(one, first);
    await erp.ship(one, first);
    await erp.ship(one, intentMemo('s2'));
    expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 8, reserved: 0 });
  });

  test('goods that are not set aside are not shipped', async () => {
    const sandbox = shopFloor(version);
    sandbox.setStock({ sku: 'LAMP', node: 'EAST', units: 1 });
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await expect(erp.ship(eastShipment, intentMemo('s'))).rejects.toMatchObject({ code: 'refused', facts: { outcome: 'not-applied' } });
    expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 1, reserved: 1 });
  });

  test('goods that came in since are set aside and shipped', async () => {
    const sandbox = shopFloor(version);
    sandbox.setStock({ sku: 'LAMP', node: 'EAST', units: 1 });
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    sandbox.setStock({ sku: 'LAMP', node: 'EAST', units: 5 });
    await expect(erp.ship(eastShipment, intentMemo('s'))).resolves.toMatchObject({ state: 'done' });
  });

  test('more than is open is not shipped', async () => {
    const erp = erpOn(shopFloor(version));
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const shipment = { ...eastShipment, lines: [{ lineId: '1', units: 3 }] };
    await expect(erp.ship(shipment, intentMemo('s'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('2 open units'),
    });
  });

  test('a cancelled order keeps nothing reserved; what was shipped stays shipped', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await erp.ship(eastShipment, intentMemo('s'));
    const order = await erp.cancelOrder(orderKey, intentMemo('c'));
    expect(order.state).toBe('cancelled');
    expect(order.deliveries.map((delivery) => delivery.state)).toEqual(['done', 'cancelled', 'cancelled']);
    expect(sandbox.snapshot().quants.every((quant) => quant.reserved === 0)).toBe(true);
  });

  test('a cancelled order is not written anew', async () => {
    const sandbox = shopFloor(version);
    const erp = erpOn(sandbox);
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    await erp.cancelOrder(orderKey, intentMemo('c'));
    await expect(erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w2'))).resolves.toMatchObject({ state: 'cancelled' });
    expect(sandbox.snapshot().orders).toHaveLength(1);
  });

  test('an effect on an order that is not there is a fault that says so', async () => {
    await expect(erpOn(shopFloor(version)).cancelOrder(orderKey, intentMemo('c'))).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a probe of a ready Odoo finds nothing wrong', async () => {
    const sandbox = shopFloor(version);
    for (const sku of ['QM-TAX', 'QM-DISCOUNT', 'QM-OTHER'])
      sandbox.addProduct({ sku, name: sku, grams: 0, millilitres: 0, kind: 'service' });
    const { problems, notes: _notes, unsafe, ...who } = await erpOn(sandbox).probe();
    expect(unsafe).toEqual([]);
    expect(who).toEqual({ version: String(version), transport: version === 19 ? 'json-2' : 'json-rpc', user: 'qm' });
    expect(problems.filter((problem) => !problem.includes('digits'))).toEqual([]);
  });

  test('a probe names the warehouse that has no route and the services that are missing', async () => {
    const { problems } = await odooErp({ connection: 'odoo', nodes: ['EAST', 'WH', 'NORTH'], ...optionsFor(shopFloor(version)) }).probe();
    expect(problems.filter((problem) => problem.includes('arehouse'))).toEqual([
      expect.stringContaining('Warehouse WH has no route'),
      expect.stringContaining('no warehouse with the code NORTH'),
    ]);
    expect(problems.join()).toContain('no product QM-TAX');
  });
});

test('a company without euros writes orders in euros once it has a price list for them', async () => {
  const sandbox = shopFloor(19, { currency: 'USD' });
  const error = await erpOn(sandbox)
    .writeOrder(threeWayOrder, intentMemo('w'))
    .catch((thrown: unknown) => thrown);
  expect(isFault(error) && error.code).toBe('misconfigured');
  await prepareOdoo(optionsFor(sandbox), { nodes: [], products: [], stock: [], currency: 'EUR' });
  await expect(erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'))).resolves.toMatchObject({ total: money(6_046, 'EUR') });
});

test('without the app for deliveries by carriers an order goes out, but not with tracking numbers', async () => {
  const sandbox = shopFloor(19, { deliveryApp: false });
  const erp = erpOn(sandbox);
  // It is no drift: the app was never there.
  await expect(erp.probe()).resolves.toMatchObject({
    problems: expect.arrayContaining([expect.stringContaining('Delivery Costs')]),
    unsafe: [],
  });
  await erp.writeOrder(threeWayOrder, intentMemo('w'));
  await expect(erp.ship(eastShipment, intentMemo('s'))).rejects.toMatchObject({ code: 'misconfigured' });
  await expect(erp.ship({ ...eastShipment, trackingNumbers: [] }, intentMemo('s'))).resolves.toMatchObject({ state: 'done' });
});

test.each([
  ['an administrator', 'administrator'],
  ['somebody who may not see which apps there are', 'salesperson'],
] as const)('without the app for batches %s is told to install it, and orders go out without a batch', async (_who, user) => {
  for (const version of [17, 18, 19] as const) {
    const sandbox = shopFloor(version, { batchApp: false, user });
    const erp = odooErp({ connection: 'odoo', ...optionsFor(sandbox), lock: 'curated' });
    // It is no drift either, which would end the daemon.
    await expect(erp.probe()).resolves.toMatchObject({
      unsafe: [],
      notes: expect.arrayContaining([
        'This Odoo has no batches, so waves are released without them: install the app "Batch Transfers" if waves shall appear as batches (`release.batches: erp`).',
      ]),
    });
    await erp.writeOrder(threeWayOrder, intentMemo('w'));
    const wave = { node: 'EAST', name: 'Wave', scheduledAt: '2026-11-21T14:00:00.000Z', deliveries: [{ key: orderKey, node: 'EAST' }] };
    await expect(erp.batches?.write({ ...wave, key: { id: 'W1' } }, intentMemo('b'))).rejects.toMatchObject({
      code: 'misconfigured',
      facts: { outcome: 'not-applied', retry: { kind: 'never' } },
    });
    await expect(erp.ship(eastShipment, intentMemo('s'))).resolves.toMatchObject({ state: 'done' });
  }
});

test('a wrong key is a fault with advice, at the first call and not before', async () => {
  const erp = odooErp({ connection: 'odoo', ...optionsFor(shopFloor(19)), secret: { apiKey: 'wrong' } });
  await expect(erp.nodes()).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a password opens JSON-RPC where JSON-2 would need a key', async () => {
  const { secret } = optionsFor(shopFloor(19));
  const erp = odooErp({ connection: 'odoo', ...optionsFor(shopFloor(19)), secret: { password: secret.apiKey } });
  await expect(erp.probe()).resolves.toMatchObject({ transport: 'json-rpc' });
});

test('the country of an address must be one that Odoo knows', async () => {
  const draft = { ...threeWayOrder, shipTo: { ...address, country: 'XX' } };
  await expect(erpOn(shopFloor(19)).writeOrder(draft, intentMemo('w'))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('XX'),
  });
});

import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { csvOrderColumns } from './csv-orders.ts';
import { fileJsonSchema, fileSchemas } from './documented-schemas.ts';
import { givenFolder } from './testing/folder.ts';
import { acknowledgementColumns, cancellationColumns, shipmentColumns, stockColumns } from './written-text.ts';

const page = readFileSync(join(import.meta.dirname, '../FORMAT.md'), 'utf8');
const named = [...page.matchAll(/`([\w/.<>-]+)`/g)].map(([, name]) => name);

test.each([
  ['orders', csvOrderColumns],
  ['stock', stockColumns],
  ['shipments', shipmentColumns],
  ['cancellations', cancellationColumns],
  ['acknowledgements', acknowledgementColumns],
])('the page on the format names every column of %s', (_kind, columns) => {
  expect(columns.filter((column) => !named.includes(column))).toEqual([]);
});

test('the JSON schema of an order file says what must be there', () => {
  const order = z.object({ properties: z.object({ orders: z.object({ items: z.object({ required: z.array(z.string()) }) }) }) });
  const { required } = order.parse(fileJsonSchema('orders')).properties.orders.items;
  expect(required).toEqual(['order_id', 'placed_at', 'currency', 'taxes_included', 'payment', 'lines', 'total']);
});

test.each(Object.keys(fileSchemas))('there is a JSON schema of %s', (kind) => {
  const known = z.enum(['orders', 'items', 'stock', 'shipment', 'cancellation', 'acknowledgement']).parse(kind);
  expect(fileJsonSchema(known)).toMatchObject({ type: 'object' });
});

test.each(['json', 'csv'] as const)('everything that is written as %s is a file of the format', async (writes) => {
  const { channel, clock, partner } = givenFolder({ writes }, { takesAtOnce: false });
  const orderId = partner.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, unitPrice: '12.90' }] });
  const parcel = {
    carrier: 'Müller, Söhne',
    trackingNumbers: ['A 1', 'B'],
    trackingUrl: null,
    shippedAt: clock.now(),
    notifyCustomer: false,
  };
  await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: '1', units: 1 }], ...parcel }, intentMemo());
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 3, expected: null }], intentMemo());
  await channel.acknowledgement?.make({ orderId, ourRef: 'S00042' }, intentMemo());
  const written = partner.directory.paths().filter((path) => /^(?:shipments|stock|acknowledgements)\//.test(path));
  expect(written.map((path) => path.replace(/^.*\./, ''))).toEqual([writes, writes, writes]);
  if (writes === 'csv') return;
  const schemas = [fileSchemas.acknowledgement, fileSchemas.shipment, fileSchemas.stock];
  const parsed = written.map((path, at) => schemas[at]?.safeParse(JSON.parse(partner.directory.text(path) ?? '')).success);
  expect(parsed).toEqual([true, true, true]);
});

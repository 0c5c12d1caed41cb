import { expect, test } from 'vitest';
import { keyText, orderKey, parseKey } from './identity.ts';

const scope = { tenant: 'acme', company: '1', connection: 'shop-de' };

test('a channel order has one readable key', () => {
  expect(orderKey(scope, 'gid://shopify/Order/1')).toBe('acme/1/shop-de/order/gid%3A%2F%2Fshopify%2FOrder%2F1');
});

test('the same order id in two shops gives two keys', () => {
  expect(orderKey(scope, '1')).not.toBe(orderKey({ ...scope, connection: 'shop-fr' }, '1'));
});

test('a key without ids, such as that of a cursor, can be taken apart too', () => {
  expect(parseKey(keyText(scope, 'cursor'))).toEqual({ scope, kind: 'cursor', ids: [] });
});

test.each([
  '',
  'acme/1/shop-de',
  'acme/1/shop-de/order/%',
  'acme/1/shop-de/order/%61',
  'acme/1/shop-de/order/ä',
  'acme/1/shop-de/order/%u0041',
])('refuses %j as a key', (text) => {
  expect(() => parseKey(text)).toThrow(RangeError);
});

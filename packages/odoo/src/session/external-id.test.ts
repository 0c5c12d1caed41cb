import { expect, test } from 'vitest';
import { addressXid, lineIdOf, lineXid, orderXid, partnerXid } from './external-id.ts';
import { orderKey } from '../testing/shop-floor.ts';

test('an order and its lines are found again by ids made of connection, order and part', () => {
  expect(orderXid(orderKey)).toBe('__qm__.shop-2Deu_gid-3A-2F-2Fshop-2FOrder-2F1_order');
  expect(lineXid(orderKey, 'a b')).toBe('__qm__.shop-2Deu_gid-3A-2F-2Fshop-2FOrder-2F1_line_a-20b');
});

test('a line that is called like another part of the order has an id of its own', () => {
  expect(lineXid(orderKey, 'order')).not.toBe(orderXid(orderKey));
  expect(lineXid(orderKey, 'address')).not.toBe(addressXid(orderKey));
});

test('a line of another order is no line of this one', () => {
  const other = { ...orderKey, orderId: 'gid://shop/Order/11' };
  expect(lineIdOf(orderKey, lineXid(other, '1'))).toBeNull();
  expect(lineIdOf(orderKey, partnerXid('shop-eu', 'subject-1'))).toBeNull();
});

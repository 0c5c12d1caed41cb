import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { generateDay } from '../generated-day.ts';
import type { OrderEvent } from '../world.ts';
import { openShop, shopAddressOf, shopOrderOf } from './shop.ts';

const world = generateDay({ seed: 7 });
const access = { accessToken: 'token', webhookSecret: 'secret' };
const orders = world.events.filter((event): event is OrderEvent => event.kind === 'order');

test('every order of the day has in its shop exactly the total that the world says', () => {
  for (const shop of world.shops) {
    const sandbox = openShop(world, shop, access, virtualClock(world.startsAt));
    const ofShop = orders.filter((event) => event.shop === shop.connection);

    for (const { at, order } of ofShop) sandbox.placeOrder({ ...shopOrderOf(order, shop, world.currency), at });

    const totals = sandbox.snapshot().orders.map(({ total }) => Number(total).toFixed(2));
    expect(totals).toEqual(ofShop.map(({ order }) => decimalOf(money(order.totalMinor, world.currency))));
  }
});

test('the shops together offer what the warehouses have, and not a unit more', () => {
  const clock = virtualClock(world.startsAt);

  const offered = world.shops.flatMap((shop) => openShop(world, shop, access, clock).snapshot().inventory);

  const sum = (units: readonly number[]): number => units.reduce((left, right) => left + right, 0);
  expect(sum(offered.map(({ available }) => available))).toBe(sum(world.stock.map(({ units }) => units)));
});

test('an address without a street or postal code reaches the shop without them', () => {
  const address = {
    name: 'Ada',
    company: null,
    lines: [],
    postalCode: '',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: null,
  };

  expect(shopAddressOf(address)).toEqual({ name: 'Ada', city: 'Berlin', countryCode: 'DE' });
});

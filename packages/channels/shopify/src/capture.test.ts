import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenShop, type Given } from './testing/shop.ts';

const eur = (minor: number) => money(minor, 'EUR');

function givenAuthorized(presentment?: { readonly currency: string; readonly rate: number }) {
  const given = givenShop();
  const order = {
    lines: [{ sku: 'MUG', quantity: 2 }],
    financialStatus: 'AUTHORIZED',
    ...(presentment === undefined ? {} : { presentment }),
  } as const;
  return { ...given, id: given.shop.placeOrder(order).id };
}

function captureOf({ channel }: Given) {
  if (channel.capture === null) throw new RangeError('no capture');
  return channel.capture;
}

function orderOf({ shop }: Given) {
  return shop.snapshot().orders[0];
}

test('authorized money is taken', async () => {
  const given = givenAuthorized();
  await expect(captureOf(given).make({ orderId: given.id, amount: eur(2580) }, intentMemo())).resolves.toMatchObject({
    amount: eur(2580),
  });
  expect(orderOf(given)).toMatchObject({ financialStatus: 'PAID', captured: '25.8' });
});

test('a part of it can be taken, which lets the rest go', async () => {
  const given = givenAuthorized();
  await captureOf(given).make({ orderId: given.id, amount: eur(1290) }, intentMemo());
  await expect(captureOf(given).make({ orderId: given.id, amount: eur(1290) }, intentMemo('next'))).rejects.toMatchObject({
    code: 'refused',
  });
});

test('more than was authorized is not taken, and nothing is', async () => {
  const given = givenAuthorized();
  await expect(captureOf(given).make({ orderId: given.id, amount: eur(2581) }, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { outcome: 'not-applied' },
  });
  expect(orderOf(given)?.captured).toBe('0.0');
});

test('a capture that the same intent made before is found, and that of somebody else is not', async () => {
  const given = givenAuthorized();
  const request = { orderId: given.id, amount: eur(2580) };
  const ours = intentMemo();
  await captureOf(given).make(request, ours);
  const found = await Promise.all([captureOf(given).find(request, ours), captureOf(given).find(request, intentMemo('other'))]);
  expect(found.map(({ kind }) => kind)).toEqual(['found', 'absent']);
});

test('a capture of the same amount that was there before is not taken for ours', async () => {
  const given = givenAuthorized();
  const request = { orderId: given.id, amount: eur(2580) };
  const earlier = await captureOf(given).make(request, intentMemo());
  const ours = { ...intentMemo('next'), refs: { before: earlier.ref } };
  await expect(captureOf(given).find(request, ours)).resolves.toEqual({ kind: 'absent' });
});

test('of an order paid in yen the whole authorization is taken in yen, and no part of it', async () => {
  const given = givenAuthorized({ currency: 'JPY', rate: 160 });
  await expect(captureOf(given).make({ orderId: given.id, amount: eur(1000) }, intentMemo())).rejects.toMatchObject({
    code: 'unsupported',
  });
  await expect(captureOf(given).make({ orderId: given.id, amount: eur(2580) }, intentMemo())).resolves.toMatchObject({
    amount: eur(2580),
  });
});

test('our name of an order is one, the last', async () => {
  const { shop, channel } = givenShop();
  const { id } = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await channel.acknowledgement?.make({ orderId: id, ourRef: 'S00042' }, intentMemo());
  await channel.acknowledgement?.make({ orderId: id, ourRef: 'S00043' }, intentMemo());
  expect(shop.snapshot().orders[0]?.metafields).toEqual({ 'quartermaster.order': 'S00043' });
  await expect(channel.acknowledgement?.find({ orderId: id, ourRef: 'S00042' }, intentMemo())).resolves.toEqual({ kind: 'absent' });
});

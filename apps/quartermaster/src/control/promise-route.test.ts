import { roles } from '@quartermaster/flows';
import { expect, test } from 'vitest';
import { openSmallBusiness, operationsOf } from '../testing/small-business.ts';
import { authentication, hostNames } from './access.ts';
import { controlApp } from './control-app.ts';

async function openShop() {
  const business = await openSmallBusiness();
  const app = controlApp({
    context: business.context,
    operations: operationsOf(business),
    authenticate: authentication(roles.map((role) => ({ name: `a-${role}`, role, token: `token-of-the-${role}-which-is-long` }))),
    hosts: hostNames('127.0.0.1', []),
    pullEveryMs: 60_000,
  });
  return async (query: string) => {
    const headers = { host: '127.0.0.1:4781', authorization: 'Bearer token-of-the-viewer-which-is-long' };
    const answer = await app.request(`http://127.0.0.1:4781/promise?${query}`, { headers });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
}

test('a shop is told until when an order comes on which day', async () => {
  const ask = await openShop();
  const { status, body } = await ask('country=DE&postalCode=10115');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    at: '2026-11-23T07:00:00.000Z',
    holdsUntil: '2026-11-23T10:00:00.000Z',
    ways: [
      {
        node: 'BER',
        service: 'house/std',
        windows: [
          { orderBefore: '2026-11-23T10:00:00.000Z', leftMs: 3 * 3_600_000, dispatchDate: '2026-11-23', deliveryDate: '2026-11-25' },
          { orderBefore: '2026-11-24T10:00:00.000Z', deliveryDate: '2026-11-26' },
          { orderBefore: '2026-11-25T10:00:00.000Z', deliveryDate: '2026-11-27' },
        ],
      },
    ],
  });
});

test('where nothing goes there is no way, and a country that is none is refused', async () => {
  const ask = await openShop();
  expect(await ask('country=FR')).toMatchObject({ status: 200, body: { ways: [] } });
  expect(await ask('country=France')).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  expect(await ask('country=DE&postcode=1')).toMatchObject({ status: 400 });
});

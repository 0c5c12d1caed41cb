import { roles } from '@quartermaster/flows';
import { expect, test } from 'vitest';
import { openSmallBusiness, operationsOf } from '../testing/small-business.ts';
import { authentication, hostNames } from './access.ts';
import { controlApp } from './control-app.ts';

const slot = '2026-11-23T10:00:00.000Z';

/** A shop with one order that its wave has sourced; asked by a viewer. */
async function openDecided() {
  const business = await openSmallBusiness();
  const order = await business.order();
  business.clock.advanceTo(slot);
  await business.engine.wave(slot);
  const app = controlApp({
    context: business.context,
    operations: operationsOf(business),
    authenticate: authentication(roles.map((role) => ({ name: `a-${role}`, role, token: `token-of-the-${role}-which-is-long` }))),
    hosts: hostNames('127.0.0.1', []),
    pullEveryMs: 60_000,
  });
  const headers = { host: '127.0.0.1:4781', authorization: 'Bearer token-of-the-viewer-which-is-long', 'content-type': 'application/json' };
  const ask = async (path: string, body?: unknown) => {
    const answer = await app.request(
      `http://127.0.0.1:4781${path}`,
      body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
    );
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  return { business, order, ask };
}

test('a viewer asks why an order does not go faster, and is told what that costs it and the others', async () => {
  const { order, ask } = await openDecided();
  const path = `/orders/${encodeURIComponent(order)}/why-not`;
  expect(await ask(`${path}?node=BER`)).toMatchObject({
    status: 200,
    body: { kind: 'possible', decision: `wave:${slot}`, changeMinor: 0, ownChangeMinor: 0, othersChangeMinor: 0, moved: [] },
  });
  expect(await ask(`${path}?node=MUC`)).toMatchObject({
    status: 200,
    body: { kind: 'impossible', why: `there was no node MUC in wave:${slot}: BER` },
  });
  expect(await ask(path)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
});

test('a viewer has a wave decided again, exported, and its day played under another policy; what is not there is said', async () => {
  const { business, ask } = await openDecided();
  const told = business.events.length;
  expect((await ask('/decisions')).body).toEqual({ decisions: [`wave:${slot}`] });
  expect(await ask(`/decisions/${slot}/replay`)).toMatchObject({ status: 200, body: { same: true } });
  expect((await ask(`/decisions/${slot}/model?format=mps`)).body.text).toContain('NAME sourcing');
  expect(
    await ask('/simulate', { day: '2026-11-23', policy: { version: 1, name: 'dear', sourcing: { splitCost: '9.00' } } }),
  ).toMatchObject({
    status: 200,
    body: { day: '2026-11-23', policy: { name: 'dear' }, changedOrders: 0, run: { choice: { shipments: 1 } } },
  });
  expect(await ask('/simulate', { day: '2026-11-23', policy: { version: 1, name: 'wrong', waves: ['25:00'] } })).toMatchObject({
    status: 400,
  });
  expect(await ask('/simulate', { day: '2001-01-01', policy: { version: 1, name: 'dear' } })).toMatchObject({ status: 404 });
  expect(await ask('/fill-rate')).toMatchObject({ status: 200, body: { lines: 1, filled: 1, rate: 1 } });
  expect(await ask('/prices')).toMatchObject({ status: 200, body: { day: '2026-11-23', cutoffs: [{ node: 'BER' }] } });
  expect(await ask('/rule-prices')).toMatchObject({ status: 200, body: { rules: [] } });
  expect(await ask('/decisions/wave:never/replay')).toMatchObject({ status: 404, body: { detail: 'there is no decision wave:never' } });
  expect(business.events).toHaveLength(told);
});

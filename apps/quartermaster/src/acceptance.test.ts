import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { orderKey, type ConnectionId } from '@quartermaster/domain';
import { createEngine, settle, viewOrder, type FlowWorld } from '@quartermaster/flows';
import { miraklChannel } from '@quartermaster/mirakl';
import { createMiraklSandbox } from '@quartermaster/mirakl/sandbox';
import { walmartChannel } from '@quartermaster/walmart';
import { createWalmartSandbox } from '@quartermaster/walmart/sandbox';
import { expect, test } from 'vitest';
import { openSmallBusiness, type SmallBusiness } from './testing/small-business.ts';

// Marketplaces that wait for our word, from their sandboxes to the ERP: the daemon's steps are taken by hand.

const scope = { tenant: 'acme', company: 'eu', connection: 'market' };

/** The small business with one marketplace instead of its shop. */
function sellingOn(business: SmallBusiness, channel: FlowWorld['channels'] extends ReadonlyMap<ConnectionId, infer Each> ? Each : never) {
  const { settings } = business.context;
  const context: FlowWorld = {
    ...business.context,
    channels: new Map([['market', channel]]),
    settings: { ...settings, channels: [{ connection: 'market', mode: 'auto', share: 1, notifyCustomer: false }] },
  };
  const engine = createEngine(context);
  const at = async (instant: string, step: (() => Promise<unknown>) | null = null): Promise<void> => {
    business.clock.advanceTo(instant);
    await engine.pull('market');
    await step?.();
    await settle(engine, business.clock);
  };
  return { engine, at };
}

test('an order of a Mirakl marketplace is accepted when its stock is there, debited after that, and leaves', async () => {
  const business = await openSmallBusiness();
  const { clock, journal } = business;
  const market = createMiraklSandbox({ apiKey: 'key', shopId: 2000, clock, currency: 'EUR', taxesIncluded: true });
  market.addOffer({ sku: 'MUG', title: 'Mug', price: 1290, stock: {} });
  const fetch = sandboxFetch({ 'https://market.test': market.app });
  const { engine, at } = sellingOn(
    business,
    miraklChannel({ connection: 'market', origin: 'https://market.test', apiKey: 'key', clock, fetch }),
  );
  await at('2026-11-23T07:30:00.000Z');
  const where = { street_1: 'Beispielweg 1', zip_code: '53111', city: 'Bonn', country_iso_code: 'DEU' };
  const lines = [{ sku: 'MUG', quantity: 3, tax: 618 }];
  const id = market.placeOrder({
    lines,
    shipping: 490,
    address: { firstname: 'Ada', lastname: 'Example', ...where },
    state: 'WAITING_ACCEPTANCE',
  });
  const key = orderKey(scope, id);

  await at('2026-11-23T08:00:00.000Z');
  const before = { there: market.snapshot(id).state, here: await viewOrder(journal, key) };
  await at('2026-11-23T08:10:00.000Z', () => engine.publish());
  const accepted = market.snapshot(id);
  market.debit(id);
  await at('2026-11-23T09:00:00.000Z');
  const debited = await viewOrder(journal, key);
  await at('2026-11-23T10:00:00.000Z', () => engine.wave('2026-11-23T10:00:00.000Z'));

  expect(before.there).toBe('WAITING_ACCEPTANCE');
  expect(before.here).toMatchObject({ state: 'held', holds: [{ code: 'acceptance' }], acknowledgement: 'due' });
  expect(accepted).toMatchObject({ state: 'WAITING_DEBIT_PAYMENT', reference: `market/${id}` });
  expect(debited).toMatchObject({ state: 'open', holds: [], acknowledgement: 'done' });
  expect((await viewOrder(journal, key))?.state).toBe('shipped');
  expect(market.snapshot(id).shipments).toMatchObject([{ units: { MUG: 3 } }]);
});

test('an order of Walmart is acknowledged at once, though it is held', async () => {
  const business = await openSmallBusiness();
  const { clock, journal } = business;
  const keys = { clientId: 'acme-key', clientSecret: 'acme-secret', clock };
  const walmart = createWalmartSandbox({ ...keys, shipNodes: ['1000005050'] });
  walmart.addItem({ sku: 'VASE', title: 'Vase', price: 1290, stock: { '1000005050': 5 } });
  const fetch = sandboxFetch({ 'https://marketplace.walmartapis.com': walmart.app });
  const { at } = sellingOn(business, walmartChannel({ ...keys, connection: 'market', fetch }));
  await at('2026-11-23T07:30:00.000Z');
  const address = { name: 'Ada Example', line1: '1 Example Way', city: 'Warners', state: 'NY', postalCode: '13164', phone: '3155590000' };
  const id = walmart.placeOrder({ lines: [{ sku: 'VASE', quantity: 1 }], shipping: 490, address });

  await at('2026-11-23T08:00:00.000Z');

  const order = await viewOrder(journal, orderKey(scope, id));
  expect(order).toMatchObject({ state: 'held', acknowledgement: 'done' });
  expect(order?.holds.map(({ code }) => code)).toContain('unmapped-sku');
  expect(walmart.order(id)).toMatchObject({ acknowledged: true });
});

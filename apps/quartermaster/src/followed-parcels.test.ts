import { sandboxFetch, seededRandom } from '@quartermaster/connector-kit/sandbox';
import type { Carrier } from '@quartermaster/domain';
import { createEngine, explainOrder, settle, takeCarrierWebhook, type FlowWorld } from '@quartermaster/flows';
import { upsCarrier } from '@quartermaster/ups';
import { createUpsSandbox } from '@quartermaster/ups/sandbox';
import { expect, test } from 'vitest';
import { openSmallBusiness } from './testing/small-business.ts';

/** A business whose only carrier is UPS, with the parcel of one order labelled. */
async function openWithUps() {
  const business = await openSmallBusiness();
  const { clock } = business;
  const account = { clientId: 'id', clientSecret: 'secret', accountNumber: 'A1B2C3' };
  const services = [{ code: '11', name: 'UPS Standard', from: 'DE', to: 'DE', baseMinor: 300, perPoundMinor: 10, days: 2 }];
  const sandbox = createUpsSandbox({ ...account, clock, currency: 'EUR', services, webhookCredential: 'hush' });
  let alerts = 0;
  const fetch = sandboxFetch({
    'https://ups.test': (request) => {
      if (request.url.includes('/subscription/')) alerts += 1;
      return sandbox.app(request);
    },
  });
  const ups: Carrier = upsCarrier({
    ...account,
    connection: 'house',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    baseUrl: 'https://ups.test',
    serviceMap: { std: '11' },
    webhookCredentials: ['hush'],
    clock,
    fetch,
    random: seededRandom(1),
  });
  const { settings } = business.context;
  // UPS's own surcharges are not in the tariff of this business.
  const sourcing = { ...settings.sourcing, labelPriceTolerancePercent: 500 };
  const context: FlowWorld = { ...business.context, settings: { ...settings, sourcing }, carriers: new Map([['house', ups]]) };
  const engine = createEngine(context);
  const key = await business.order();
  clock.advanceTo('2026-11-23T10:00:00.000Z');
  await engine.wave(clock.now());
  await settle(engine, clock);
  return { ...business, context, engine, key, sandbox, alerts: () => alerts };
}

test('UPS is asked to tell of a parcel, is believed with its credential, and is asked anew before the 14 days are over', async () => {
  const { clock, context, engine, journal, key, sandbox, alerts } = await openWithUps();
  const follow = async (at: string) => {
    clock.advanceTo(at);
    for (const { headers, body } of sandbox.takeWebhooks()) await takeCarrierWebhook(context, 'house', { rawBody: body, headers });
    await engine.followParcels('house');
    await settle(engine, clock);
  };
  const [label] = sandbox.snapshot().labels;
  const first = alerts();
  clock.advanceTo('2026-11-23T17:00:00.000Z');
  sandbox.scan(label?.trackingNumber ?? '', 'accepted');
  for (let day = 24; day <= 30; day += 1) await follow(`2026-11-${day}T17:30:00.000Z`);
  for (let day = 1; day <= 5; day += 1) await follow(`2026-12-0${day}T17:30:00.000Z`);
  const under = await explainOrder(journal, key);
  const renewed = alerts();
  clock.advanceTo('2026-12-06T09:00:00.000Z');
  sandbox.scan(label?.trackingNumber ?? '', 'delivered');
  await follow('2026-12-06T09:05:00.000Z');

  expect([first, renewed]).toEqual([1, 2]);
  expect(under?.parcels).toMatchObject([{ state: 'picked-up', trackingNumber: label?.trackingNumber }]);
  expect((await explainOrder(journal, key))?.parcels).toMatchObject([{ state: 'delivered' }]);
  expect(await journal.read((tx) => tx.counts.waitingRecords('parcel'))).toEqual(new Map());
});

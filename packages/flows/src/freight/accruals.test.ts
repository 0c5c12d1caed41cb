import { money, type Label } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { after, draft, now, openCaseOf, settings, sourced } from '../testing/givens.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { keepAccruals, keepEarlierAccruals, readAccruals } from './accruals.ts';

const days = ['2026-11-22', '2026-11-23', '2026-11-24'];

test('a bought label is owed from the day on which it was bought, with its order, parcel, articles and place', async () => {
  const scene = await openScene();
  const order = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const [label] = (await scene.case(order)).shipments.flatMap(({ labels }) => labels);
  expect(await readAccruals(scene.journal, days)).toMatchObject([
    {
      orderId: order,
      shipmentId: '1',
      carrier: 'House',
      service: 'std',
      trackingNumber: label?.label.trackingNumber.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''),
      boughtOn: '2026-11-23',
      voidedOn: null,
      price: label?.label.price,
      grams: 800,
      items: [{ sku: 'MUG', units: 2 }],
      destination: { country: 'DE', postalArea: '101' },
      promisedOn: '2026-11-27',
      references: expect.arrayContaining(['#1001 1/1']),
    },
  ]);
  expect(await readAccruals(scene.journal, ['2026-11-22'])).toEqual([]);
});

test('a label that was given back is owed no more, from the day on which the carrier took it', async () => {
  const scene = await openScene();
  const labelled = labelledCase();
  const withdrawn = withdraw(labelled, 'voided');

  await keep(scene, null, labelled);
  await keep(scene, labelled, withdraw(labelled, 'asked'));
  expect((await readAccruals(scene.journal, days)).map(({ voidedOn }) => voidedOn)).toEqual([null]);
  await keep(scene, labelled, withdrawn, '2026-11-24T09:00:00.000Z');
  expect((await readAccruals(scene.journal, days)).map(({ voidedOn }) => voidedOn)).toEqual(['2026-11-24']);
  await keep(scene, withdrawn, withdrawn, '2026-11-25T09:00:00.000Z');
  expect((await readAccruals(scene.journal, days)).map(({ voidedOn }) => voidedOn)).toEqual(['2026-11-24']);
});

test('a step in which no label changed writes nothing and looks nothing up', async () => {
  const scene = await openScene();
  const labelled = labelledCase();
  await keep(scene, null, labelled);
  const silent = await scene.journal.transaction((tx) =>
    keepAccruals({ ...tx, records: unusable(tx.records) }, settings(), {
      before: labelled,
      after: { ...labelled, cancelAsked: true },
      now,
    }),
  );
  expect(silent).toBe(0);
});

test('labels of orders from before the audit are taken in once', async () => {
  const scene = await openScene();
  const order = labelledCase();
  await scene.journal.transaction((tx) =>
    tx.records.put('order', order.key, { state: order.state, body: order, at: now, name: order.order.name, version: 0 }),
  );
  const times = [1, 2].map(() => () => keepEarlierAccruals(scene.journal, settings(), () => now));
  const kept = [];
  for (const time of times) kept.push(await time());
  expect(kept).toEqual([1, 0]);
  expect(await readAccruals(scene.journal, days)).toHaveLength(1);
});

function labelledCase(): OrderCase {
  const planned = sourced(openCaseOf(), now, draft('BER', [{ lineId: 'l1', sku: 'MUG', units: 2 }]));
  const [shipment, ...others] = planned.shipments;
  if (shipment === undefined) throw new Error('nothing was planned');
  const label: Label = {
    ref: 'L1',
    carrier: 'House',
    service: 'std',
    trackingNumber: 'T1',
    trackingUrl: null,
    price: money(450, 'EUR'),
    charges: [],
    boughtAt: now,
    document: { format: 'pdf', base64: null, url: null },
  };
  return { ...after(planned), shipments: [{ ...shipment, labels: [{ parcel: 1, revision: 1, label }] }, ...others] };
}

function withdraw(given: OrderCase, outcome: 'asked' | 'voided'): OrderCase {
  const shipments = given.shipments.map((shipment) => ({
    ...shipment,
    labels: [],
    withdrawn: shipment.labels.map((label) => ({ ...label, outcome })),
  }));
  return { ...given, shipments };
}

async function keep({ journal }: Scene, before: OrderCase | null, given: OrderCase, at = now): Promise<void> {
  await journal.transaction((tx) => keepAccruals(tx, settings(), { before, after: given, now: at }));
}

/** Whatever is asked of it is one thing too much. */
function unusable<Thing extends object>(thing: Thing): Thing {
  return new Proxy(thing, {
    get(_of, name) {
      throw new Error(`${String(name)} was asked for`);
    },
  });
}

import { randomFaults } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import type { FlowEvent } from './context.ts';
import { masked } from './event-fields.ts';
import { eventCatalogue, orderHappenings, placeOf, safeEvent, toldOf } from './events.ts';
import { settings, withEasyPost } from './testing/givens.ts';
import { openScene } from './testing/scene.ts';
import { toldAfterCommit } from './told-after-commit.ts';

const at = '2026-11-23T07:00:00.000Z';
const asItIs = (text: string) => text;
const event = (name: string, fields: Readonly<Record<string, unknown>>): FlowEvent => ({ at, event: name, ...fields });

test('a day with faults tells only events of the catalogue, and every field of them in its form', async () => {
  const faults = { easypost: randomFaults({ share: 0.3, seed: 5 }) };
  const scene = await openScene({ settings: withEasyPost, faults });
  scene.order();
  scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  scene.order({ financialStatus: 'PENDING' });
  await scene.engine.publish();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const told = scene.events.map((event) => safeEvent(event, asItIs));

  expect(told.filter((event) => JSON.stringify(event).includes(masked) || event.event === 'event.unknown')).toEqual([]);
  expect(told.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['order.received', 'order.sourced', 'wave.decided', 'intent.fault', 'intent.done', 'stock.published']),
  );
  expect(scene.events.map(({ event }) => event)).toEqual(told.map(({ event }) => event));
});

test('what the catalogue does not know leaves only the word that there was something', () => {
  expect(safeEvent(event('order.exploded', { name: 'Ada Example' }), asItIs)).toEqual({ at, level: 'error', event: 'event.unknown' });
});

test('a field that the catalogue does not have stays inside, and one that is missing is null', () => {
  expect(safeEvent(event('circuit.closed', { name: 'Ada Example' }), asItIs)).toEqual({
    at,
    level: 'info',
    event: 'circuit.closed',
    connection: null,
  });
});

test.each([
  ['a mail address', 'no user ada@example.org there', `no user ${masked} there`],
  ['a telephone number', 'call +49 30 7788990 first', `call ${masked} first`],
  ['what a vendor quotes', 'the name "Ada Example" is too long', `the name "${masked}" is too long`],
])('%s does not leave in words', (_what, words, safe) => {
  expect(safeEvent(event('erp.note', { connection: 'erp', what: words }), asItIs)).toMatchObject({ what: safe });
});

test('an error tells where it came from and nothing of what it says', () => {
  const place = placeOf(new TypeError('Ada Example has no address'));

  expect(place).toMatch(/^events\.test\.ts:\d+:\d+$/);
  expect(safeEvent(event('step.failed', { step: 'wave', error: 'TypeError', place }), asItIs)).toMatchObject({ place });
});

test('what can happen to an order is known by its name, and nothing else is', () => {
  expect(orderHappenings.map((happening) => toldOf(`order.${happening}`)).filter((told) => told === null)).toEqual([]);
  expect(['order.nothing', 'operation.', 'constructor', 'toString'].map(toldOf)).toEqual([null, null, null, null]);
  expect(Object.keys(eventCatalogue).filter((name) => !/^[a-z]+\.[a-z-]+$/.test(name))).toEqual([]);
});

test('what was rolled back is not told, and what was run twice is told once', async () => {
  const scene = await openScene({ settings: () => settings() });
  const told: string[] = [];
  let runs = 0;
  const twice = {
    ...scene.journal,
    transaction: async <Result>(work: Parameters<typeof scene.journal.transaction<Result>>[0]) => {
      runs += 1;
      await scene.journal
        .transaction(async (tx) => {
          await work(tx);
          throw new RangeError('rolled back');
        })
        .catch(() => undefined);
      return scene.journal.transaction(work);
    },
  };
  const { journal, log } = toldAfterCommit(twice, ({ event }) => told.push(event));

  await journal.transaction(async () => log({ at, event: 'circuit.closed', connection: 'shop' }));
  await journal
    .transaction(async () => {
      log({ at, event: 'daemon.stopped' });
      throw new RangeError('no');
    })
    .catch(() => undefined);
  log({ at, event: 'circuit.closed', connection: 'erp' });

  expect(runs).toBe(2);
  expect(told).toEqual(['circuit.closed', 'circuit.closed']);
});

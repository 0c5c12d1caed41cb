import type { OrderCommand } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { contextOf } from './world.ts';
import { commandPayloadSchema, dropCommands, recordCommand } from './intents.ts';
import { draft, openCaseOf, sourced } from './testing/givens.ts';
import { openScene, type Scene } from './testing/scene.ts';

const now = '2026-11-23T10:00:00.000Z';
const order = sourced(
  openCaseOf(),
  now,
  draft('BER', [{ lineId: 'l1', sku: 'MUG', units: 2 }]),
  draft('HAM', [{ lineId: 'l2', sku: 'LAMP', units: 1 }]),
);
type Recorded = Parameters<typeof recordCommand>[3];
const voiding = (shipmentId: string, ref: string): Recorded => ({
  kind: 'void-label',
  shipmentId,
  revision: 1,
  parcel: 1,
  label: { ref, trackingNumber: `T-${ref}` },
});
const changingAddress: Recorded = { kind: 'change-address', addressHash: 'b' };

test('a command that is asked for twice is one intent', async () => {
  const scene = await openScene();

  for (const command of [buying(1), buying(1)]) await record(scene, command);

  expect(await states(scene)).toEqual(['ready']);
});

test('a command that was given up and is asked for again gets an intent of its own', async () => {
  const scene = await openScene();
  await record(scene, buying(1));
  await drop(scene, { shipmentId: '1', commands: ['buy-label'], label: null });

  await record(scene, buying(1));

  expect(await states(scene)).toEqual(['cancelled', 'ready']);
});

test('commands of one shipment are dropped without those of another', async () => {
  const scene = await openScene();
  for (const shipmentId of ['1', '2']) await record(scene, { kind: 'ship', shipmentId, revision: 1 });

  await drop(scene, { shipmentId: '1', commands: ['ship', 'buy-label'], label: null });

  expect(await states(scene)).toEqual(['cancelled', 'ready']);
});

test('a label that is taken back drops its own voiding only, also beside a label whose id begins alike', async () => {
  const scene = await openScene();
  for (const ref of ['shp_1', 'shp_12']) await record(scene, voiding('1', ref));

  await drop(scene, { shipmentId: '1', commands: ['void-label'], label: { ref: 'shp_1', trackingNumber: 'T-shp_1' } });

  expect((await scene.intents(order.key)).map(({ payload, state }) => [commandPayloadSchema.parse(payload).label?.ref, state])).toEqual([
    ['shp_1', 'cancelled'],
    ['shp_12', 'ready'],
  ]);
});

test('a change of address that comes while an earlier one is under way is written after it', async () => {
  const scene = await openScene();
  await record(scene, changingAddress);
  await record(scene, changingAddress);
  expect(await states(scene)).toEqual(['ready']);
  await scene.journal.transaction(async (tx) => {
    for (const { id, token } of await tx.intents.claim({ worker: 'w', now, limit: 1, leaseMs: 60_000 }))
      await tx.intents.markSent(id, token);
  });

  await record(scene, changingAddress);

  expect(await states(scene)).toEqual(['sent', 'ready']);
});

test('a carrier that is no longer in the config still gets its intent, to be refused when its turn comes', async () => {
  const scene = await openScene();
  const carriers = new Map();

  await scene.journal.transaction((tx) => recordCommand(tx, { ...context(scene), carriers }, order, buying(1), now));

  expect((await scene.intents(order.key)).map(({ scope, safety }) => [scope.connection, safety])).toEqual([['house', 'read-back']]);
});

function buying(parcel: number): Recorded {
  return { kind: 'buy-label', shipmentId: '1', revision: 1, parcel };
}

async function record(scene: Scene, command: Recorded): Promise<void> {
  await scene.journal.transaction((tx) => recordCommand(tx, context(scene), order, command, now));
}

async function drop(scene: Scene, which: Omit<Extract<OrderCommand, { kind: 'drop' }>, 'kind'>): Promise<void> {
  await scene.journal.transaction((tx) => dropCommands(tx, order, which));
}

async function states(scene: Scene): Promise<string[]> {
  return (await scene.intents(order.key)).map(({ state }) => state);
}

function context(scene: Scene) {
  const nothing = {
    learn: async () => {},
    refresh: async () => {},
    get: () => undefined,
    has: () => false,
    note: () => undefined,
    seen: () => [],
  };
  return { ...contextOf(scene.context), catalogue: nothing };
}

import { expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function wavesBehave(bench: () => Workbench): void {
  async function twoDeliveries() {
    const { product } = bench();
    const lamp = await product({ units: { QME: 4 } });
    const floor = floorOf(bench());
    return [await floor.delivery([{ product: lamp.id, units: 2 }]), await floor.delivery([{ product: lamp.id, units: 2 }])].map(
      (each) => each.id,
    );
  }

  test('deliveries go into a batch of somebody once, are worked off together, and a repeat finds it done', async () => {
    const { client, operations, unique } = bench();
    const transfers = await twoDeliveries();
    const request = { key: unique('batch'), transfers, user: client.user.id };
    const batch = await operations.waves.batch(request);
    expect(batch).toMatchObject({
      state: 'in_progress',
      isWave: false,
      user: client.user.id,
      transfers: [{ batch: batch.id }, { batch: batch.id }],
    });
    await expect(operations.waves.batch(request)).resolves.toEqual(batch);
    for (const _again of [1, 2])
      await expect(operations.waves.finish(batch.id)).resolves.toMatchObject({
        state: 'done',
        transfers: [{ state: 'done' }, { state: 'done' }],
      });
    await expect(operations.waves.batch(request)).resolves.toMatchObject({ id: batch.id, state: 'done' });
  });

  test('transfers come and go; the last one that goes takes the running batch with it', async () => {
    const { operations, unique } = bench();
    const [first = 0, second = 0] = await twoDeliveries();
    const { id } = await operations.waves.batch({ key: unique('batch'), transfers: [first] });
    await expect(operations.waves.add({ batch: id, transfers: [second] })).resolves.toMatchObject({ transfers: [{}, {}] });
    await expect(operations.waves.remove({ batch: id, transfers: [first] })).resolves.toMatchObject({
      state: 'in_progress',
      transfers: [{ id: second }],
    });
    await operations.waves.remove({ batch: id, transfers: [second] });
    await expect(operations.deliveries.read(second)).resolves.toMatchObject({ batch: null, state: 'assigned' });
  });

  test('a batch takes no delivery that has left and none of another kind', async () => {
    const { operations, product, unique } = bench();
    const [first = 0, second = 0] = await twoDeliveries();
    const { id } = await operations.waves.batch({ key: unique('batch'), transfers: [first] });
    await operations.deliveries.ship([{ delivery: second }]);
    await expect(operations.waves.add({ batch: id, transfers: [second] })).rejects.toMatchObject({ code: 'refused' });
    const lamp = await product({ units: { QMW: 1 } });
    const west = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }], { warehouse: bench().node('QMW').id });
    await expect(operations.waves.add({ batch: id, transfers: [west.id] })).rejects.toMatchObject({ code: 'refused' });
  });

  test('a batch is dissolved and its deliveries stay as they are', async () => {
    const { operations, unique } = bench();
    const [first = 0] = await twoDeliveries();
    const { id } = await operations.waves.batch({ key: unique('batch'), transfers: [first] });
    for (const _again of [1, 2]) await expect(operations.waves.cancel(id)).resolves.toMatchObject({ state: 'cancel' });
    await expect(operations.deliveries.read(first)).resolves.toMatchObject({ batch: null, state: 'assigned' });
  });

  test('single lines go into a wave, what stays is split off, and a repeat finds them there', async () => {
    const { operations, product, unique } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const bulb = await product({ units: { QME: 1 } });
    const delivery = await floorOf(bench()).delivery([
      { product: lamp.id, units: 1 },
      { product: bulb.id, units: 1 },
    ]);
    const lines = delivery.moves.filter((move) => move.product === lamp.id).flatMap((move) => move.lines.map((line) => line.id));
    const request = { key: unique('wave'), lines };
    const wave = await operations.waves.wave(request);
    expect(wave).toMatchObject({
      isWave: true,
      state: 'in_progress',
      transfers: [{ order: delivery.order, moves: [{ product: lamp.id, units: 1 }] }],
    });
    await expect(operations.waves.wave(request)).resolves.toEqual(wave);
    await expect(operations.deliveries.read(delivery.id)).resolves.toMatchObject({ batch: null, moves: [{ product: bulb.id }] });
    await expect(operations.waves.finish(wave.id)).resolves.toMatchObject({ state: 'done' });
  });

  test('deliveries without goods leave the batch when it is worked off', async () => {
    const { operations, product, unique } = bench();
    const [first = 0] = await twoDeliveries();
    const none = await floorOf(bench()).delivery([{ product: (await product()).id, units: 1 }]);
    const { id } = await operations.waves.batch({ key: unique('batch'), transfers: [first, none.id] });
    await expect(operations.waves.finish(id)).resolves.toMatchObject({ state: 'done', transfers: [{ id: first, state: 'done' }] });
    await expect(operations.deliveries.read(none.id)).resolves.toMatchObject({ batch: null, state: 'confirmed' });
    expect(firstMove(none).units).toBe(0);
  });

  test('a batch with nothing set aside is not worked off', async () => {
    const { operations, product, unique } = bench();
    const none = await floorOf(bench()).delivery([{ product: (await product()).id, units: 1 }]);
    const { id } = await operations.waves.batch({ key: unique('batch'), transfers: [none.id] });
    await operations.waves.reserve(id);
    await expect(operations.waves.finish(id)).rejects.toMatchObject({ code: 'refused' });
  });
}

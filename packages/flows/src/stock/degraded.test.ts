import { epochMs, type Clock } from '@quartermaster/domain';
import { inventoryPolicySchema } from '@quartermaster/inventory';
import { describe, expect, test } from 'vitest';
import { runDaemon } from '../daemon.ts';
import { settle } from '../engine.ts';
import { createOperations } from '../operations/operations.ts';
import { commitPolicySchema } from '../policy/commit-timing.ts';
import type { FlowSettings } from '../settings.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { flowBoard } from '../waves/flow-board.ts';
import { atpOf } from './atp.ts';

const minute = 60_000;
const at = (time: string) => `2026-11-23T${time}:00.000Z`;
const asked = { by: 'mia', reason: 'the truck is here, and we counted by hand' };

/** Stock is committed as soon as an order comes; what is committed leaves with a wave, at 10:00 and 13:00. */
const policy =
  (syncWindows: object, more: Partial<FlowSettings> = {}) =>
  (given: FlowSettings): FlowSettings => ({
    ...given,
    commit: commitPolicySchema.parse({ when: 'on-confirm' }),
    inventory: inventoryPolicySchema.parse({ syncWindows }),
    ...more,
  });

describe('fallback procedures when external platforms are delayed: raise buffer, stop selling, hold release', () => {
  test('drill: the ERP falls silent, so channels show less, then nothing, then nothing is released; it comes back, and all of that ends by itself', async () => {
    let silent = false;
    const scene = await openScene({
      startsAt: at('08:00'),
      faults: { odoo: () => (silent ? 'error-before' : null) },
      settings: policy({ erp: { minutes: 30, stopAfterMinutes: 90, holdAfterMinutes: 60 } }),
    });
    const seen: Record<string, unknown> = {};
    const look = (time: string) => async () => {
      const open = (await scene.openExceptions()).map(({ code, subjectKey }) => `${code} ${subjectKey}`);
      const { tooOld } = await flowBoard(scene.journal, scene.context.settings, scene.clock.now());
      seen[time] = { shows: shown(scene), open: open.sort(), held: tooOld.length > 0 };
    };
    let key = '';
    await live(scene, at('11:20'), {
      [at('08:01')]: () => (key = scene.order()),
      [at('08:25')]: look('before'),
      [at('08:26')]: () => (silent = true),
      [at('08:45')]: look('within the window'),
      [at('09:15')]: look('buffer'),
      [at('09:45')]: look('held'),
      [at('10:20')]: look('stopped, and the wave could not be'),
      [at('10:30')]: () => (silent = false),
      [at('11:15')]: look('back'),
    });

    expect(seen).toEqual({
      before: { shows: 19, open: [], held: false },
      'within the window': { shows: 19, open: ['connection-down erp'], held: false },
      // What may have gone since: one unit at each of the two warehouses at the least.
      buffer: { shows: 17, open: ['connection-down erp', 'stock-behind erp'], held: false },
      held: { shows: 17, open: ['connection-down erp', 'stock-behind erp'], held: true },
      'stopped, and the wave could not be': { shows: 0, open: ['connection-down erp', 'stock-behind erp'], held: true },
      back: { shows: 19, open: [], held: false },
    });
    expect(steps(scene)).toEqual([
      'degraded erp raise-buffer',
      'degraded erp hold-release',
      'degraded erp stop-selling',
      'recovered erp raise-buffer',
      'recovered erp stop-selling',
      'recovered erp hold-release',
    ]);
    expect((await scene.case(key)).state).toBe('shipped');
  });

  test('while it is held, nobody releases but a supervisor who says why', async () => {
    let silent = false;
    const scene = await silentErp(() => silent);
    const key = scene.order();
    await live(scene, at('09:50'), { [at('08:26')]: () => (silent = true) });
    const { releaseShipments } = createOperations(scene.context);
    const late = { evenIfLate: true };

    expect(await releaseShipments({ ...asked, requestId: 'request-1', role: 'supervisor' })).toMatchObject({ kind: 'refused' });
    expect(await releaseShipments({ ...asked, requestId: 'request-2', role: 'operator' }, late)).toMatchObject({ kind: 'refused' });
    expect((await scene.case(key)).shipments).toMatchObject([{ released: false }]);

    expect(await releaseShipments({ ...asked, requestId: 'request-3', role: 'supervisor' }, late)).toMatchObject({ kind: 'done' });
    expect((await scene.case(key)).shipments).toMatchObject([{ released: true }]);
    const audit = await scene.journal.read((tx) => tx.audit.list({ limit: 100 }));
    expect(JSON.stringify(audit)).toContain(asked.reason);
  });

  test('qm atp answers while the ERP is silent, by what it had last, and says what is kept back and why', async () => {
    let silent = false;
    const scene = await silentErp(() => silent);
    await live(scene, at('09:15'), { [at('08:26')]: () => (silent = true) });

    const view = await atpOf(scene.context, 'MUG');

    expect(view?.offered).toBe(18);
    expect(
      view?.nodes.flatMap(({ node, steps }) => steps.flatMap(({ step, units }) => (step === 'uncertain' ? [[node, units]] : []))),
    ).toEqual([
      ['BER', -1],
      ['HAM', -1],
    ]);
    expect(view?.behind).toEqual([
      expect.stringMatching(/^erp does not answer: this is by what it had at 2026-11-23T08:2/),
      expect.stringMatching(
        /^erp: it was last read at .*, and its window is 30 minutes: less of BER, HAM is shown by what may have gone since until it is read again\.$/,
      ),
    ]);
  });

  test('what an order took after the ERP was read last is not shown again, though the ERP cannot say so', async () => {
    let silent = false;
    const scene = await silentErp(() => silent);
    await live(scene, at('09:15'), {
      [at('08:24')]: () => scene.order({ lines: [{ sku: 'MUG', quantity: 5 }] }),
      [at('08:26')]: () => (silent = true),
    });
    expect(shown(scene)).toBeLessThanOrEqual(15);
  });

  test('a shop falls silent: it shows less, then nothing, its orders are not released, since a cancellation may be unread; it comes back, and they leave', async () => {
    const scene = await openScene({
      shops: ['shop', 'market'],
      startsAt: at('08:00'),
      settings: policy({ market: { minutes: 30, stopAfterMinutes: 90, holdAfterMinutes: 60 } }),
    });
    const keys = [scene.order({ shop: 'shop' }), scene.order({ shop: 'market' })];
    await scene.at(at('08:10'));
    await scene.engine.sourceBetweenWaves();
    await scene.at(at('08:10'));
    const pullShop = async (time: string) => {
      scene.clock.advanceTo(at(time));
      await scene.engine.pull('shop');
      for (let turn = 1; turn <= 3; turn += 1) await settled(scene, () => scene.engine.publish());
    };

    await pullShop('08:50');
    const buffered = shown(scene, 'market');
    await pullShop('09:45');
    await scene.engine.wave(at('10:00'));
    await settled(scene, async () => undefined);

    expect([buffered < 9, shown(scene, 'market'), shown(scene, 'shop') > 0]).toEqual([true, 0, true]);
    const released = async () => (await Promise.all(keys.map(scene.case))).map(({ shipments }) => shipments.map((each) => each.released));
    expect(await released()).toEqual([[true], [false]]);
    await scene.at(at('13:00'), 'wave');
    for (let turn = 1; turn <= 3; turn += 1) await settled(scene, () => scene.engine.publish());
    expect([await released(), shown(scene, 'market') > 0]).toEqual([[[true], [true]], true]);
  });

  test('a warehouse whose counts stop coming is not released from, and nothing of it is for sale; the others go on', async () => {
    const scene = await openScene({
      startsAt: at('08:00'),
      settings: policy(
        { 'count/HAM': { minutes: 60, fallback: 'stop-selling', holdAfterMinutes: 60 } },
        { counts: [{ node: 'HAM', freshHours: 26 }] },
      ),
    });
    const file = { name: 'ham.csv', text: 'sku,sellable\nMUG,10\n', modifiedAt: at('07:50') };
    const engine = scene.restart({ readCountFile: async () => file });
    await settled(scene, () => engine.publish());
    const early = shown(scene);
    scene.clock.advanceTo(at('09:30'));
    await settled(scene, () => engine.publish());

    const { tooOld } = await flowBoard(scene.journal, scene.context.settings, at('09:30'));
    expect([early, shown(scene)]).toEqual([20, 10]);
    expect(tooOld).toEqual([
      'count/HAM: it was last counted at 2026-11-23T07:50:00.000Z, and its window is 60 minutes: nothing of HAM is for sale, and nothing is released from HAM until it is read again',
    ]);
  });
});

function silentErp(silent: () => boolean): Promise<Scene> {
  return openScene({
    startsAt: at('08:00'),
    faults: { odoo: () => (silent() ? 'error-before' : null) },
    settings: policy({ erp: { minutes: 30, stopAfterMinutes: 120, holdAfterMinutes: 60 } }),
  });
}

/** The daemon runs until a moment; what happens meanwhile happens at its time. */
async function live(scene: Scene, until: string, happenings: Readonly<Record<string, () => unknown>>): Promise<void> {
  const left = Object.entries(happenings).sort(([one], [other]) => epochMs(one) - epochMs(other));
  const stop = new AbortController();
  const clock: Clock = {
    now: () => scene.clock.now(),
    async sleep(ms, signal) {
      await scene.clock.sleep(ms, signal);
      for (let [next] = left; next !== undefined && next[0] <= scene.clock.now(); [next] = left) {
        left.shift();
        await next[1]();
      }
      if (scene.clock.now() >= until) stop.abort();
    },
  };
  const every = { pullEveryMs: 10 * minute, publishEveryMs: 10 * minute, restMs: 5 * minute };
  await runDaemon(scene.engine, { ...scene.context, clock }, { ...every, signal: stop.signal });
}

async function settled(scene: Scene, step: () => Promise<unknown>): Promise<void> {
  await step();
  await settle(scene.engine, scene.clock);
}

function steps(scene: Scene): string[] {
  return scene.events.flatMap((event) =>
    event.event === 'source.degraded' || event.event === 'source.recovered'
      ? [`${event.event.slice('source.'.length)} ${String(event.source)} ${String(event.step)}`]
      : [],
  );
}

function shown(scene: Scene, shop = 'shop'): number {
  return ['BER', 'HAM'].reduce((sum, location) => sum + (scene.shops[shop]?.stock('MUG', location).available ?? 0), 0);
}

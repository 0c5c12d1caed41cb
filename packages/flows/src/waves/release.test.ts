import { releasePolicySchema, type ReleasePolicy } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import type { FlowSettings } from '../settings.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { releaseStanding } from './release-standing.ts';
import { pickWavesSince } from './pick-waves.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

test('an order is validated before it is sourced, and sourced before it is released to the warehouse: a shipment that is not released gets no label', async () => {
  const scene = await openScene({ settings: withRelease({ earliestMinutes: 60 }) });
  const paid = scene.order();
  const unpaid = scene.order({ financialStatus: 'PENDING' });

  await scene.at(morning, 'wave');

  expect((await scene.case(unpaid)).state).toBe('held');
  expect(await scene.case(paid)).toMatchObject({ state: 'committed', shipments: [{ state: 'written', released: false, labels: [] }] });
  await scene.at(afternoon, 'wave');
  expect((await scene.case(paid)).state).toBe('shipped');
});

test('orders are released by what the policy asks of payment, risk and stock, and what lacks it is looked at again at every wave', async () => {
  const scene = await openScene({ settings: withRelease({ needs: { stock: 'reserved' } }) });
  const key = scene.order();

  await scene.at(morning, 'wave');
  const first = await scene.case(key);
  await scene.at(afternoon, 'wave');

  expect(first.shipments.map(({ state, released }) => [state, released])).toEqual([['written', false]]);
  expect((await scene.case(key)).state).toBe('shipped');
});

test('what is released together is kept as pick waves of a node, by what the policy groups them by', async () => {
  const scene = await openScene({
    settings: withRelease({
      groupBy: ['zone'],
      zones: [
        { name: 'cage', articles: ['LAMP'] },
        { name: 'hall', articles: ['MUG'] },
      ],
    }),
  });
  const mugs = [scene.order(), scene.order()];
  const lamp = scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });

  await scene.at(morning, 'wave');

  expect(
    (await pickWaves(scene)).map(({ node, zone, name, shipments }) => [node, zone, name, shipments.map(({ order }) => order)]),
  ).toEqual([
    ['BER', 'hall', 'BER 11-23 10:00 hall house/std #1', mugs],
    ['BER', 'cage', 'BER 11-23 10:00 cage house/std #2', [lamp]],
  ]);
});

test('no more is in flight at a node than the policy allows', async () => {
  const scene = await openScene({ settings: withRelease({ mostInFlight: { BER: 1 } }) });
  const keys = [scene.order(), scene.order()];

  await scene.at(morning, 'wave');

  expect((await Promise.all(keys.map(scene.case))).map(({ shipments }) => shipments.map(({ released }) => released))).toEqual([
    [true],
    [false],
  ]);
});

test('a crew works by the shifts of the policy, not on holidays of its node, and on single dates as the planning program says', async () => {
  const crew = { BER: { shifts: [{ from: '09:00', to: '15:00', people: 2 }] } };
  const scene = await openScene({ settings: withRelease({ crew }) });
  scene.order();
  await scene.at('2026-11-23T09:59:00.000Z');
  const capacity = async (more: Partial<FlowSettings>) => {
    const settings = { ...scene.context.settings, ...more };
    const { plan } = releaseStanding(await scene.cases(), settings, morning, {
      pending: new Set(),
      outages: [],
      tooOld: { nodes: new Map(), channels: new Map() },
    });
    return plan.nodes.find(({ node }) => node === 'BER')?.cutoffs[0]?.capacityMinutes;
  };
  await scene.engine.wave(morning);
  const closed = scene.context.settings.nodes.map((node) => ({
    ...node,
    calendar: { days: [1, 2, 3, 4, 5], holidays: [{ name: 'stocktaking', on: '2026-11-23' }], openOn: [], cutoffOn: {} },
  }));
  const crewDates = { BER: { '2026-11-23': [{ from: '11:00', to: '12:00', people: 5 }] } };

  expect(await capacity({})).toBe(2 * 240);
  expect(await capacity({ nodes: closed })).toBe(0);
  expect(await capacity({ nodes: closed, crewDates })).toBe(5 * 60);
});

function withRelease(release: object): (settings: FlowSettings) => FlowSettings {
  const parsed: ReleasePolicy = releasePolicySchema.parse(release);
  return (settings) => ({ ...settings, release: parsed });
}

async function pickWaves(scene: Scene) {
  return (await scene.journal.read((tx) => pickWavesSince(tx, '2026-11-23T00:00:00.000Z', 100))).map(({ body }) => body);
}

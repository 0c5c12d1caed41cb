import { expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import { withEasyPost } from '../testing/givens.ts';
import { ada, openScene, type Scene } from '../testing/scene.ts';

type Asked = Partial<FlowSettings['checks']['carrierAddresses']>;

const asking =
  (asked: Asked = {}) =>
  (given: FlowSettings): FlowSettings => {
    const { checks } = flowSettingsSchema.shape;
    return {
      ...withEasyPost(given),
      checks: checks.parse({ ...given.checks, carrierAddresses: { askedOf: ['house', 'post'], ...asked } }),
    };
  };

const nowhere = { ...ada, address1: '0 Nowhere' };
const numberless = { ...ada, address1: 'Invalidenstr.' };

const asked = (scene: Scene) =>
  scene.events.flatMap((event) => (event.event === 'addresses.asked' ? [[event['connection'], event['asked'], event['answered']]] : []));
const holdsOf = async (scene: Scene, key: string) => (await scene.case(key)).holds.map(({ code, reason }) => [code, reason]);

test('address validation by a carrier: an order to a place that it does not know is held before anything is committed, and says why without the address', async () => {
  const scene = await openScene({ settings: asking() });
  const good = scene.order();
  const bad = scene.order({ address: nowhere });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect((await scene.case(good)).state).toBe('shipped');
  expect(await holdsOf(scene, bad)).toEqual([['address', expect.stringMatching(/^post knows no such place/)]]);
  expect(JSON.stringify(await holdsOf(scene, bad))).not.toContain('Nowhere');
  expect(await scene.intents(bad)).toEqual([]);
});

test('each place is asked about once, however many orders go there', async () => {
  const scene = await openScene({ settings: asking() });
  scene.order();
  scene.order({ address: numberless });
  scene.order({ address: numberless });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(asked(scene)).toEqual([['post', 2, 2]]);
  scene.order();
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  expect(asked(scene)).toHaveLength(1);
});

test('a new address is asked about, and lifts the hold of the old one', async () => {
  const scene = await openScene({ settings: asking() });
  const key = scene.order({ address: nowhere });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect((await scene.case(key)).state).toBe('held');
  scene.shops['shop']?.changeAddress('#1001', ada);
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a person who knows better releases the order, and the same answer does not hold it again', async () => {
  const scene = await openScene({ settings: asking() });
  const key = scene.order({ address: nowhere });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const person = { requestId: 'r-1', by: 'mia', role: 'supervisor', reason: 'the customer sent a plan' } as const;
  await createOperations(scene.context).releaseOrder(person, { order: key, code: 'address' });
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a carrier that does not answer holds no order up', async () => {
  const scene = await openScene({
    settings: asking(),
    faults: { easypost: (_call, { url }) => (url.endsWith('/v2/addresses') ? 'error-before' : null) },
  });
  const key = scene.order({ address: nowhere });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(asked(scene)).toEqual([['post', 1, 0]]);
  expect((await scene.case(key)).state).toBe('shipped');
});

test('where the policy asks nobody, nobody is told of an address', async () => {
  const scene = await openScene({ settings: asking({ askedOf: [] }) });
  scene.order({ address: nowhere });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(asked(scene)).toEqual([]);
});

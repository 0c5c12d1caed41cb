import { expect, test } from 'vitest';
import { endOf, peopleToForget } from './forgetting.ts';
import { openScene } from './testing/scene.ts';
import { orderAt, type Stage } from './testing/agreeing.ts';

const ended = '2026-11-20T08:00:00.000Z';

function orderOf(subject: string, stage: Stage) {
  const given = orderAt(stage, [1]);
  return endOf({ ...given, order: { ...given.order, subject } }, ended);
}

test('who has had all parcels for so many days is forgotten, and nobody sooner', () => {
  const orders = [orderOf('ada', 'confirmed'), orderOf('ben', 'cancelled'), orderOf('cleo', 'labelled')];
  expect(peopleToForget(orders, '2026-12-20T08:00:00.000Z', 30)).toEqual(['ada', 'ben']);
  expect(peopleToForget(orders, '2026-12-20T07:59:59.999Z', 30)).toEqual([]);
});

test('who waits for another parcel is not forgotten', () => {
  expect(peopleToForget([orderOf('ada', 'confirmed'), orderOf('ada', 'written')], '2027-01-20T08:00:00.000Z', 30)).toEqual([]);
});

test('a channel that forgets does so once a day, and writes down why', async () => {
  const scene = await openScene({
    settings: (given) => ({ ...given, channels: given.channels.map((each) => ({ ...each, forgetAfterDays: 30 })) }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const { subject, id } = (await scene.case(key)).order;
  expect(await scene.engine.forget('shop')).toBe(0);

  scene.clock.advanceTo('2026-12-23T11:00:00.000Z');
  const forgotten = [await scene.engine.forget('shop'), await scene.engine.forget('shop')];

  expect(forgotten).toEqual([1, null]);
  expect(await scene.journal.read((tx) => tx.vault.get(subject, `person/${id}`))).toBeNull();
  expect(await scene.journal.read((tx) => tx.audit.list({ key: subject, limit: 10 }))).toMatchObject([
    { event: 'person.erased', actor: 'quartermaster' },
  ]);
});

import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault, orderKey, plainDelivery, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { openFollowing, type Following } from '../testing/following.ts';
import { address, withEasyPost } from '../testing/givens.ts';
import { openScene } from '../testing/scene.ts';

const request: LabelRequest = {
  shipFrom: address('10115', 'Berlin'),
  shipTo: address('20095', 'Hamburg'),
  parcel: { number: 1, grams: 400, millimetres: null, items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
  service: 'std',
  format: 'pdf',
  shipAt: '2026-11-23T10:00:00.000Z',
  delivery: plainDelivery,
  reference: '#1001 1/1',
  priceLimit: null,
};

const refusal = new ConnectorFault('refused', {
  connector: 'easypost',
  operation: 'label.buy',
  outcome: 'not-applied',
  retry: { kind: 'never' },
  message: 'no',
});

/** Somebody buys a label under a key, and the journal hears nothing of it. */
async function buyBehindItsBack({ scene }: Pick<Following, 'scene'>, key: string) {
  const memo = intentMemo(key);
  const label = await scene.context.carriers.get('post')?.buy(request, memo);
  if (label === undefined) throw new Error('there is no carrier');
  return label;
}

const later = async ({ scene }: Pick<Following, 'scene'>, at: string) => {
  scene.clock.advanceTo(at);
  const unknown = await scene.engine.sweepLabels('post');
  await scene.at(at);
  return unknown;
};

describe('a paid label that the journal does not know', () => {
  test('of a parcel that has one already is given back', async () => {
    const given = await openFollowing();
    const label = await buyBehindItsBack(given, `${given.order}/buy-label/1/1/1/2`);

    const unknown = [await later(given, '2026-11-23T10:31:00.000Z'), await later(given, '2026-11-23T16:31:00.000Z')];

    const { labels } = given.scene.easypost.snapshot();
    expect(unknown).toEqual([1, 0]);
    expect(labels.find(({ trackingCode }) => trackingCode === label.trackingNumber)?.refundStatus).not.toBeNull();
    expect(labels.find(({ trackingCode }) => trackingCode === given.number)?.refundStatus).toBeNull();
    expect((await given.scene.case(given.order)).shipments[0]?.labels.map(({ label: { trackingNumber } }) => trackingNumber)).toEqual([
      given.number,
    ]);
  });

  test('of a parcel that has one already is never given back when a parcel travels on it: a person is told', async () => {
    const given = await openFollowing();
    const label = await buyBehindItsBack(given, `${given.order}/buy-label/1/1/1/2`);
    given.scene.easypost.scan(label.trackingNumber, 'accepted');

    await later(given, '2026-11-23T10:31:00.000Z');

    expect(await given.codes()).toEqual(['label-unknown']);
    expect(given.scene.easypost.snapshot().refunds).toEqual([]);
  });

  test('of a purchase that was given up to a person is met by it, and the order goes on', async () => {
    let breaks = true;
    const scene = await openScene({
      settings: withEasyPost,
      carrier: (carrier) => ({
        ...carrier,
        async buy(label, memo) {
          const bought = await carrier.buy(label, memo);
          if (breaks) throw new Error('a defect behind the purchase');
          return bought;
        },
      }),
    });
    const order = scene.order();
    await scene.at('2026-11-23T10:00:00.000Z', 'wave');
    const before = (await scene.intents(order)).find(({ kind }) => kind === 'buy-label')?.state;
    breaks = false;

    const unknown = await later({ scene }, '2026-11-23T10:31:00.000Z');

    expect([before, unknown]).toEqual(['dead', 1]);
    expect((await scene.case(order)).state).toBe('shipped');
    expect(scene.easypost.snapshot().labels).toHaveLength(1);
    expect(await scene.openExceptions()).toEqual([]);
  });

  test('of a purchase that was refused as far as we knew is used, because its parcel still waits for one', async () => {
    let refuses = true;
    const scene = await openScene({
      settings: withEasyPost,
      carrier: (carrier) => ({ ...carrier, buy: (label, memo) => (refuses ? Promise.reject(refusal) : carrier.buy(label, memo)) }),
    });
    const order = scene.order();
    await scene.at('2026-11-23T10:00:00.000Z', 'wave');
    const [intent] = (await scene.intents(order)).filter(({ kind }) => kind === 'buy-label');
    refuses = false;
    const label = await buyBehindItsBack({ scene }, intent?.key ?? '');

    await later({ scene }, '2026-11-23T10:31:00.000Z');

    expect(intent?.state).toBe('failed');
    expect((await scene.case(order)).shipments[0]?.labels).toMatchObject([{ label: { trackingNumber: label.trackingNumber } }]);
    expect((await scene.case(order)).state).toBe('shipped');
    expect(await scene.openExceptions()).toEqual([]);
  });

  test('of an order that is not ours to know is told to a person, once, and never given back', async () => {
    const given = await openFollowing();
    const key = orderKey({ tenant: 'acme', company: 'eu', connection: 'shop' }, '999');
    const label = await buyBehindItsBack(given, `${key}/buy-label/1/1/1/1`);

    await later(given, '2026-11-23T10:31:00.000Z');
    const told = await given.scene.openExceptions();
    const how = { by: 'ann', reason: 'it was a trial', at: '2026-11-23T12:00:00.000Z' };
    await given.scene.journal.transaction((tx) => tx.exceptions.resolve({ id: told[0]?.id ?? 0 }, how));
    await later(given, '2026-11-23T16:31:00.000Z');

    expect(await given.codes()).toEqual([]);
    expect(told).toMatchObject([
      {
        code: 'label-unknown',
        subjectKey: `post/${label.ref}`,
        reason: `post has a paid label ${label.trackingNumber} (${label.ref}), and this journal has no order of the key ${key}/buy-label/1/1/1/1: see there whether a parcel travels on it, and give it back otherwise`,
      },
    ]);
    expect(given.scene.easypost.snapshot().refunds).toEqual([]);
  });

  test.each([
    ['was bought by another program', 'order-77'],
    ['is of another company', `${orderKey({ tenant: 'acme', company: 'us', connection: 'shop' }, '999')}/buy-label/1/1/1/1`],
    ['has a key that only looks like one', 'acme/eu/buy-label/1/1/1/1'],
  ])('is left alone when it %s', async (_what, key) => {
    const given = await openFollowing();
    await buyBehindItsBack(given, key);

    expect(await later(given, '2026-11-23T10:31:00.000Z')).toBe(0);
    expect(await given.codes()).toEqual([]);
  });

  test('is left alone while its purchase may be coming in just now', async () => {
    const given = await openFollowing();
    await buyBehindItsBack(given, `${given.order}/buy-label/1/1/1/2`);

    expect(await later(given, '2026-11-23T10:29:00.000Z')).toBe(0);
  });
});

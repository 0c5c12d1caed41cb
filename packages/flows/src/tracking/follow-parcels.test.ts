import { ConnectorFault } from '@quartermaster/domain';
import { trackingStanding } from '@quartermaster/fulfilment';
import { describe, expect, test } from 'vitest';
import { explainOrder } from '../explain.ts';
import { applyEvent } from '../order-cases.ts';
import { overview } from '../overview.ts';
import { standingFigures } from '../standing-figures.ts';
import { openFollowing, type Following } from '../testing/following.ts';
import { contextOf } from '../world.ts';
import { takeCarrierWebhook } from './carrier-webhooks.ts';

const refusal = new ConnectorFault('refused', {
  connector: 'post',
  operation: 'parcel.track',
  outcome: 'not-applied',
  retry: { kind: 'never' },
  message: 'not a number of ours',
});

const stateOf = async (given: Following) => trackingStanding((await given.parcel()).scans).state;
const waiting = ({ scene }: Following) => scene.journal.read((tx) => tx.counts.waitingRecords('parcel'));
const moved = ({ scene }: Following) => scene.events.flatMap((event) => (event.event === 'parcel.moved' ? [event['state']] : []));

describe('a parcel whose carrier tells nothing by itself', () => {
  test('is asked after by its age until it has arrived, and never again', async () => {
    const given = await openFollowing();
    await given.follow('2026-11-23T21:00:00.000Z');
    const soon = given.asked();
    await given.follow('2026-11-23T22:00:01.000Z');
    given.scan('2026-11-24T08:00:00.000Z', 'accepted');
    await given.follow('2026-11-24T10:00:02.000Z');
    given.scan('2026-11-25T12:00:00.000Z', 'delivered');
    await given.follow('2026-11-25T13:00:00.000Z');
    const asked = given.asked();
    await given.follow('2026-12-24T00:00:00.000Z');

    expect([soon, asked, given.asked()]).toEqual([0, 3, 3]);
    expect(moved(given)).toEqual(['label-created', 'picked-up', 'delivered']);
    expect(await waiting(given)).toEqual(new Map());
    expect(await given.codes()).toEqual([]);
  });

  test('is asked after again when the answer was lost, and the carrier is noted as away until it answers', async () => {
    let broken = true;
    const given = await openFollowing({
      faults: { easypost: (_call, request) => (broken && request.url.includes('/trackers') ? 'drop-after' : null) },
    });
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    await expect(given.follow('2026-11-23T22:00:01.000Z')).rejects.toThrow();
    broken = false;

    await given.follow('2026-11-23T22:05:00.000Z');

    expect(await stateOf(given)).toBe('picked-up');
  });

  test('that the carrier refuses to tell of holds up no other, and is asked after at its time again', async () => {
    const refused: string[] = [];
    const given = await openFollowing({
      carrier: (carrier) => ({
        ...carrier,
        tracking: carrier.tracking && {
          atMost: 2,
          async track(numbers) {
            const { tracking } = carrier;
            if (tracking === null || numbers.some((number) => refused.includes(number))) throw refusal;
            return (await Promise.all(numbers.map((number) => tracking.track([number])))).flat();
          },
        },
      }),
    });
    refused.push(given.number);
    const other = given.scene.order();
    await given.scene.at('2026-11-23T13:00:00.000Z', 'wave');
    const [shipment] = (await given.scene.case(other)).shipments;
    given.scene.easypost.scan(shipment?.labels[0]?.label.trackingNumber ?? '', 'accepted');

    const looked = await given.follow('2026-11-24T02:00:00.000Z');

    expect(looked).toBe(2);
    expect(given.scene.events.filter(({ event }) => event === 'parcel.not-read')).toHaveLength(1);
    expect(await waiting(given)).toEqual(
      new Map([
        ['picked-up', 1],
        ['unknown', 1],
      ]),
    );
  });
});

describe('a parcel whose carrier tells by itself', () => {
  test('is where the webhooks say, worked off at the next turn, each once, and asked after seldom', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    const [webhook] = given.scene.easypost.takeWebhooks();
    if (webhook === undefined) throw new Error('no webhook');
    const take = () => takeCarrierWebhook(given.scene.context, 'post', { rawBody: webhook.body, headers: webhook.headers });
    const answers = [await take(), await take()];
    const before = (await given.parcel()).scans;
    await given.follow('2026-11-23T18:01:00.000Z');
    await given.follow('2026-11-24T06:00:00.000Z');

    expect(answers).toEqual([
      { kind: 'taken', known: false },
      { kind: 'taken', known: true },
    ]);
    expect(before).toEqual([]);
    expect(await stateOf(given)).toBe('picked-up');
    expect(given.asked()).toBe(0);
  });

  test('is asked after as any other once nothing has come from the carrier for a day', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    await given.deliver();
    await given.follow('2026-11-23T18:01:00.000Z');
    given.scan('2026-11-24T17:00:00.000Z', 'underway');

    for (const hour of ['06:00', '12:00', '18:00', '18:30']) await given.follow(`2026-11-24T${hour}:00.000Z`);

    expect(await stateOf(given)).toBe('in-transit');
    expect(given.asked()).toBe(1);
  });

  test('is at the same place in whatever order the webhooks come', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    given.scan('2026-11-24T07:00:00.000Z', 'stopped');
    given.scan('2026-11-24T12:00:00.000Z', 'delivered');
    for (const { body, headers } of given.scene.easypost.takeWebhooks().toReversed()) {
      await takeCarrierWebhook(given.scene.context, 'post', { rawBody: body, headers });
      await given.follow('2026-11-24T12:01:00.000Z');
    }

    expect(await stateOf(given)).toBe('delivered');
    expect(await waiting(given)).toEqual(new Map());
    expect(await given.codes()).toEqual([]);
  });

  test('is followed by the next process when one died with its webhooks taken', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    await given.deliver();

    await given.scene.restart().followParcels('post');

    expect(await stateOf(given)).toBe('picked-up');
  });

  test('is not believed of whoever cannot sign, and nothing is kept', async () => {
    const given = await openFollowing();
    given.scan('2026-11-23T18:00:00.000Z', 'accepted');
    const [webhook] = given.scene.easypost.takeWebhooks();
    const rawBody = Uint8Array.from([...(webhook?.body ?? []), 32]);

    expect(await takeCarrierWebhook(given.scene.context, 'post', { rawBody, headers: { ...webhook?.headers } })).toEqual({
      kind: 'rejected',
    });
    expect(await takeCarrierWebhook(given.scene.context, 'nobody', { rawBody, headers: {} })).toEqual({ kind: 'unknown-channel' });
    expect(await given.scene.journal.read((tx) => tx.inbox.pending(9))).toEqual([]);
  });

  test('leaves the words of the carrier in the vault only, and none once the person is forgotten', async () => {
    const given = await openFollowing();
    given.scan('2026-11-24T07:00:00.000Z', 'stopped');
    await given.deliver();
    const { journal } = given.scene;
    const { subject, connection, labelRef } = await given.parcel();
    const words = () => journal.read((tx) => tx.vault.get(subject, `tracking/${connection}/${labelRef}`));
    const kept = await words();
    const arrivals = JSON.stringify(await journal.read((tx) => tx.inbox.pending(9)));
    await given.follow('2026-11-24T07:01:00.000Z');
    const rest = JSON.stringify([await given.parcel(), await given.scene.openExceptions(), given.scene.events]);
    await journal.transaction((tx) => tx.vault.erase(subject));
    given.scan('2026-11-24T08:00:00.000Z', 'stopped');
    await given.deliver();

    expect(kept).toContain('Mr. Smith');
    expect([arrivals, rest].filter((text) => /Smith|FRANCISCO/.test(text))).toEqual([]);
    expect(await words()).toBeNull();
  });
});

describe('somebody is told', () => {
  test('of a parcel that is stopped, until it moves again', async () => {
    const given = await openFollowing();
    given.scan('2026-11-24T07:00:00.000Z', 'stopped');
    await given.deliver();
    await given.follow('2026-11-24T07:01:00.000Z');
    const [told] = await given.scene.openExceptions();
    given.scan('2026-11-24T12:00:00.000Z', 'underway');
    await given.deliver();
    await given.follow('2026-11-24T12:01:00.000Z');

    expect(told).toMatchObject({
      code: 'parcel-stopped',
      owner: 'operations',
      subjectKey: `${given.order}/shipment/1/parcel/1`,
      reason: `parcel ${given.number} is stopped (other) since 2026-11-24T07:00:00.000Z`,
    });
    expect(await given.codes()).toEqual([]);
  });

  test('of a parcel that was not handed over, and of one that is late, until it is there', async () => {
    const given = await openFollowing();
    await given.follow('2026-11-24T10:30:00.000Z');
    const after = await given.codes();
    for (const day of ['25', '26', '27', '28']) await given.follow(`2026-11-${day}T10:30:00.000Z`);
    const late = await given.codes();
    given.scan('2026-11-28T11:00:00.000Z', 'delivered');
    await given.follow('2026-11-28T23:00:00.000Z');

    expect(after).toEqual(['parcel-not-handed-over']);
    expect(late).toEqual(['parcel-not-handed-over', 'parcel-late']);
    expect(await given.codes()).toEqual([]);
  });

  test('once, though a person has seen to it and the parcel stays where it is', async () => {
    const given = await openFollowing();
    await given.follow('2026-11-24T10:30:00.000Z');
    const [told] = await given.scene.openExceptions();
    await given.scene.journal.transaction((tx) =>
      tx.exceptions.resolve({ id: told?.id ?? 0 }, { by: 'ann', reason: 'asked the depot', at: '2026-11-24T11:00:00.000Z' }),
    );

    await given.follow('2026-11-25T00:00:00.000Z');

    expect(await given.codes()).toEqual([]);
  });
});

test('where parcels are shows in the order, in the overview and in the figures', async () => {
  const given = await openFollowing();
  const { journal, context, clock } = given.scene;
  given.scan('2026-11-24T08:00:00.000Z', 'stopped');
  await given.follow('2026-11-24T08:05:00.000Z');

  const explained = await explainOrder(journal, given.order);
  const seen = await overview({ journal, settings: context.settings, clock })();
  const figures = await standingFigures(context, { pullEveryMs: 60_000 });

  expect(explained?.parcels).toMatchObject([
    {
      shipmentId: '1',
      parcel: 1,
      trackingNumber: given.number,
      state: 'exception',
      since: '2026-11-24T08:00:00.000Z',
      concerns: ['parcel-stopped'],
    },
  ]);
  expect(explained?.exceptions).toMatchObject([{ code: 'parcel-stopped', open: true }]);
  expect(seen.parcels).toEqual({ exception: 1 });
  expect(figures.parcels).toEqual(new Map([['exception', 1]]));
});

test('a label that is used no more is followed no more, and nothing is told of it', async () => {
  const given = await openFollowing();
  await given.follow('2026-11-24T10:30:00.000Z');
  const before = await given.codes();
  const { labelRef: ref } = await given.parcel();
  await given.scene.journal.transaction((tx) =>
    applyEvent(tx, contextOf(given.scene.context), given.order, {
      kind: 'label-voided',
      shipmentId: '1',
      ref,
      outcome: { kind: 'voided' },
    }),
  );
  given.scan('2026-11-24T11:00:00.000Z', 'stopped');
  await given.deliver();
  await given.follow('2026-11-25T10:30:00.000Z');

  expect(before).toEqual(['parcel-not-handed-over']);
  expect(await given.codes()).toEqual(['label-lost']);
  expect(await waiting(given)).toEqual(new Map());
});

describe('a carrier that has to be asked to tell of a parcel', () => {
  const pushing = (asked: string[], endsAt: string | null, takes = true): Parameters<typeof openFollowing>[0] => ({
    carrier: (carrier) => ({
      ...carrier,
      trackingPush: {
        safety: 'natural',
        async make({ trackingNumber }) {
          asked.push(trackingNumber);
          if (!takes) throw new Error('a defect');
          return { ref: trackingNumber, endsAt };
        },
        find: async () => ({ kind: 'absent' }),
      },
    }),
  });

  test('is asked once for each label, and anew before it stops', async () => {
    const asked: string[] = [];
    const given = await openFollowing(pushing(asked, '2026-11-30T10:00:00.000Z'));
    const first = [...asked];
    given.scan('2026-11-24T08:00:00.000Z', 'accepted');
    for (const day of ['24', '25', '26', '27', '28', '29']) {
      await given.follow(`2026-11-${day}T10:30:00.000Z`);
      await given.scene.at(`2026-11-${day}T10:31:00.000Z`);
    }

    expect(first).toEqual([given.number]);
    expect(asked).toEqual([given.number, given.number]);
    expect((await given.parcel()).push).toEqual({ endsAt: '2026-11-30T10:00:00.000Z' });
  });

  test('and does not take it holds up no order: its parcels are asked after, and a person is told once', async () => {
    const asked: string[] = [];
    const given = await openFollowing(pushing(asked, null, false));
    await given.follow('2026-11-23T22:30:00.000Z');

    expect((await given.scene.case(given.order)).state).toBe('shipped');
    expect(await given.codes()).toEqual(['parcels-not-told']);
    expect(given.asked()).toBe(1);
  });
});

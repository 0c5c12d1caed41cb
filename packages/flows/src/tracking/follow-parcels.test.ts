import { ConnectorFault } from '@quartermaster/domain';
import { trackingStanding } from '@quartermaster/fulfilment';
import { describe, expect, test } from 'vitest';
import { explainOrder } from '../why/explain.ts';
import { applyEvent } from '../order-cases.ts';
import { overview } from '../overview.ts';
import { standingFigures } from '../standing-figures.ts';
import { openFollowing, type Following } from '../testing/following.ts';
import { contextOf } from '../world.ts';

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
  const seen = await overview({ journal, settings: context.settings, clock, pullEveryMs: 60_000 })();
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

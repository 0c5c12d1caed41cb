import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import type { TrackingAnswer } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { sendcloudCarrier } from './index.ts';
import { given, keys, request } from './testing/given.ts';

/** What is made of an answer of `GET /parcels/tracking/{number}`. */
async function read(answer: unknown, status = 200): Promise<TrackingAnswer | undefined> {
  const carrier = sendcloudCarrier({
    connection: 'cloud',
    ...keys,
    currency: 'EUR',
    clock: virtualClock('2026-11-23T09:00:00.000Z'),
    fetch: sandboxFetch({ 'https://panel.sendcloud.sc': async () => Response.json(answer, { status }) }),
  });
  return (await carrier.tracking?.track(['3SYZXG1']))?.[0];
}

function event(more: Record<string, unknown>) {
  return {
    event_at: '2026-11-23T10:00:00Z',
    event_type: 'carrier',
    status_code: 'at-customs',
    status_description: 'At customs',
    sub_status_code: 'none',
    ...more,
  };
}

test('an event has its time, its state, and the words of the carrier', async () => {
  expect(await read({ details: { expected_delivery_date: '2026-11-25' }, events: [event({})] })).toEqual({
    trackingNumber: '3SYZXG1',
    events: [
      {
        at: '2026-11-23T10:00:00.000Z',
        isZoneKnown: true,
        state: 'in-transit',
        reason: null,
        vendorCode: 'at-customs',
        text: 'At customs',
        place: null,
      },
    ],
    dueOn: '2026-11-25',
    problem: null,
  });
});

test('the finer code counts where we know it, and the words where we know no code', async () => {
  const answer = await read({
    events: [
      event({ status_code: 'in_delivery', sub_status_code: 'refused-by-recipient' }),
      event({ status_code: 'zz_9', status_description: 'Delivered' }),
      event({ status_code: 'zz_9', status_description: 'Beamed up' }),
    ],
  });
  expect(answer?.events.map(({ state, reason, vendorCode }) => [state, reason, vendorCode])).toEqual([
    ['exception', 'refused', 'refused-by-recipient'],
    ['delivered', null, 'zz_9'],
    ['unknown', null, 'zz_9'],
  ]);
});

test('an event without a zone is taken for UTC and says so, and one without a time is left out', async () => {
  const answer = await read({ events: [event({ event_at: '2026-11-23T10:00:00' }), event({ event_at: 'soon' }), 'rubbish'] });
  expect(answer?.events.map(({ at, isZoneKnown }) => [at, isZoneKnown])).toEqual([['2026-11-23T10:00:00.000Z', false]]);
});

test.each([404, 422])('a number that Sendcloud does not take (%i) is a problem of its own answer', async (status) => {
  expect((await read({ detail: 'Parcel does not exist' }, status))?.problem).toBe('Sendcloud knows no parcel of this number.');
});

test('a 404 of somebody in between says nothing of the parcel', async () => {
  await expect(read('<html>not here</html>', 404)).rejects.toMatchObject({ code: 'not-found' });
});

test('a parcel that nobody has scanned has no events and no problem', async () => {
  const { carrier } = given();
  const { trackingNumber } = await carrier.buy(request(), intentMemo('K1'));
  expect(await carrier.tracking?.track([trackingNumber])).toEqual([{ trackingNumber, events: [], dueOn: null, problem: null }]);
});

import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { trackingReasons, trackingStates } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { meaningOf, statusTable } from './status-table.ts';
import { account, request } from './testing/account.ts';
import { answerOf } from './tracking.ts';

const mapping = new URL('../../../../../shared/specs/mappings/dhl_express.json', import.meta.url);

describe('status codes', () => {
  test('each means what it meant before', () => expect(statusTable).toMatchSnapshot());

  test('there are 44, each with a state and a reason of ours', () => {
    expect(Object.keys(statusTable)).toHaveLength(44);
    const strange = Object.values(statusTable).filter(
      ([state, reason = 'other']) => !trackingStates.includes(state) || !trackingReasons.includes(reason),
    );
    expect(strange).toEqual([]);
  });

  test.skipIf(!existsSync(mapping))('they are those of our reading of DHL’s list (skipped where the reference material is absent)', () => {
    const { codes }: { codes: Record<string, { status: string; reason?: string }> } = JSON.parse(readFileSync(mapping, 'utf8'));
    const words = (text: string) => text.replaceAll('_', '-');
    expect(statusTable).toEqual(
      Object.fromEntries(
        Object.entries(codes).map(([code, { status, reason }]) => [
          code,
          [words(status), ...(reason === undefined ? [] : [words(reason)])],
        ]),
      ),
    );
  });

  test('one that is not in the table is unknown', () => expect(meaningOf('ZZ')).toEqual({ state: 'unknown', reason: null }));
});

describe('what happened to a parcel', () => {
  const event = {
    date: '2026-11-25',
    time: '10:15:00',
    GMTOffset: '+08:00',
    typeCode: 'BA',
    description: ' Bad address ',
    serviceArea: [{ code: 'SIN', description: 'SINGAPORE-SG' }],
  };
  const told = (change: Partial<typeof event>) =>
    answerOf('1', [{ shipmentTrackingNumber: '1', events: [{ ...event, ...change }] }]).events[0];

  test('is told in the time of the world, with DHL’s code and words', () => {
    expect(told({})).toEqual({
      at: '2026-11-25T02:15:00.000Z',
      isZoneKnown: true,
      state: 'exception',
      reason: 'address',
      vendorCode: 'BA',
      text: 'Bad address',
      place: 'SINGAPORE-SG',
    });
  });

  test('says so where only the local time is known', () => {
    expect(told({ GMTOffset: '' })).toMatchObject({ at: '2026-11-25T10:15:00.000Z', isZoneKnown: false });
  });

  test('does not keep who signed for it', () => {
    expect(told({ typeCode: 'OK', description: 'Delivered - Signed for by: A LOVELACE' })?.text).toBe('Delivered - Signed for by');
  });

  test('without a time is nothing', () => expect(told({ time: '' })).toBeUndefined());

  test('is asked for parcel by parcel, with the offset of each time', async () => {
    const { carrier, requests, sandbox } = account();
    const { trackingNumber } = await carrier.buy(request, intentMemo());
    sandbox.scan(trackingNumber, 'accepted');
    const [answer] = (await carrier.tracking?.track([trackingNumber])) ?? [];
    expect(answer).toMatchObject({ dueOn: '2026-11-26', events: [{ at: '2026-11-23T08:00:00.000Z', isZoneKnown: true }] });
    expect(requests.at(-1)?.url.searchParams.get('requestGMTOffsetPerEvent')).toBe('true');
  });

  test('is not known where the answer is about another parcel', () => {
    expect(answerOf('2', [{ shipmentTrackingNumber: '1', events: [event] }]).problem).toBe('DHL knows nothing of it.');
  });
});

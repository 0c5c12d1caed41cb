import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { statusTable } from './status-table.ts';
import { meaningOfPair, meaningOfUnified, standardEvents } from './tracking-codes.ts';
import { account, request } from './testing/account.ts';
import { questionOf } from './parcel-tracking.ts';
import { eventsOf, sameNumber, timeOf } from './unified-tracking.ts';
import { readElements } from './xml.ts';

const trackingUser = { user: 'zt12345', password: 'geheim' };

test('the meaning of every code that DHL publishes stays as it is', () => {
  expect({ pairs: statusTable, standard: standardEvents }).toMatchSnapshot();
});

describe('Unified Tracking', () => {
  test('has one call in five seconds, and does not know a parcel until DHL has its data', async () => {
    const { carrier, clock, sandbox } = account();
    const one = await carrier.buy(request, intentMemo('one'));
    const two = await carrier.buy(request, intentMemo('two'));
    const begun = Date.parse(clock.now());
    sandbox.scan(one.trackingNumber, 'delivered');
    const answers = (await carrier.tracking?.track([one.trackingNumber, two.trackingNumber])) ?? [];
    expect(answers.map(({ problem }) => problem)).toEqual([null, 'No shipment with given tracking number found.']);
    expect(Date.parse(clock.now()) - begun).toBeGreaterThanOrEqual(5_000);
  });

  test('tells by the standard event where it has one, else by its own code', () => {
    expect(meaningOfUnified('PO', 'transit')).toEqual(['out-for-delivery', null]);
    expect(meaningOfUnified('The shipment has been processed in the parcel center.', 'transit')).toEqual(['in-transit', null]);
    expect(meaningOfUnified('toString', 'constructor')).toEqual(['unknown', null]);
  });

  test('keeps the words and the code of an event that has no meaning yet', () => {
    const event = {
      timestamp: '2026-11-23T09:50:00',
      statusCode: 'teleported',
      status: 'Beamed',
      location: { address: { addressLocality: 'Bonn', countryCode: 'DE' } },
    };
    expect(eventsOf({ id: '1', events: [event] })).toEqual([
      {
        at: '2026-11-23T09:50:00.000Z',
        isZoneKnown: false,
        state: 'unknown',
        reason: null,
        vendorCode: 'teleported',
        text: 'Beamed',
        place: 'Bonn, DE',
      },
    ]);
  });

  test('takes the state of the parcel where there are no events, and leaves out what has no time', () => {
    const status = { timestamp: '2026-11-23T09:50:00+01:00', statusCode: 'delivered', status: 'ZU' };
    expect(eventsOf({ id: '1', status, events: [] }).map(({ state, at }) => [state, at])).toEqual([
      ['delivered', '2026-11-23T08:50:00.000Z'],
    ]);
    expect(eventsOf({ id: '1', status: { statusCode: 'delivered' } })).toEqual([]);
    expect(timeOf('soon')).toBeNull();
  });

  test('a number is the same with and without the zeros before it', () => {
    expect([sameNumber('00340434', '340434'), sameNumber('340434', '340435')]).toEqual([true, false]);
  });
});

describe('Parcel DE Tracking', () => {
  test('asks for twenty parcels a call and tells event and reason in German time', async () => {
    const { carrier, calls, sandbox } = account({ carrier: { trackingUser } });
    const label = await carrier.buy(request, intentMemo());
    sandbox.scan(label.trackingNumber, 'accepted');
    sandbox.scan(label.trackingNumber, 'delivered');
    const numbers = [...Array.from({ length: 20 }, () => label.trackingNumber), '00340434161094015902'];
    const answers = (await carrier.tracking?.track(numbers)) ?? [];
    expect(answers.map(({ problem }) => problem === null)).toEqual([...Array.from({ length: 20 }, () => true), false]);
    expect(calls.filter((call) => call.includes('/tracking/')).length).toBe(2);
    expect(answers[0]?.events.map(({ at, isZoneKnown, state, vendorCode, place }) => [at, isZoneKnown, state, vendorCode, place])).toEqual([
      ['2026-11-23T09:00:00.000Z', true, 'label-created', 'PARCV/NRQRD', 'Bonn, Germany'],
      ['2026-11-23T09:00:00.000Z', true, 'picked-up', 'SHRCU/SERPT', 'Bonn, Germany'],
      ['2026-11-23T09:00:00.000Z', true, 'delivered', 'DLVRD/NGHBR', 'Bonn, Germany'],
    ]);
  });

  test('says of a user that DHL does not take that it is so, without its password', async () => {
    const { carrier } = account({ carrier: { trackingUser: { user: 'zt12345', password: 'wrong & <secret>' } } });
    const fault: unknown = await carrier.tracking?.track(['1']).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'unauthorized', facts: { vendorCode: '5' } });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  test('a page of somebody in between is no answer', async () => {
    const { carrier } = account({ carrier: { trackingUser }, faults: () => 'malformed-before' });
    await expect(carrier.tracking?.track(['1'])).rejects.toMatchObject({ code: 'malformed-reply' });
  });

  test('what is asked and answered stands in attributes, whatever is in them', () => {
    const question = questionOf({ user: 'a&b', password: '"<>' }, ['1', '2']);
    expect(readElements(question.replace(' />', '>'))[0]?.attributes).toMatchObject({
      appname: 'a&b',
      password: '"<>',
      'piece-code': '1;2',
    });
    expect(readElements('<data name="x" text="5 &gt; 4 &#228;&#xe4;"/>')).toEqual([
      { name: 'x', attributes: { name: 'x', text: '5 > 4 ää' } },
    ]);
  });

  test('a pair that is not in the table goes by its standard event, else is not known', () => {
    expect(meaningOfPair('NTDEL', 'NHOME', 'ZN')).toEqual(['delivery-attempted', 'not-home']);
    expect(meaningOfPair('NEWXX', 'NEWXX', 'ZF')).toEqual(['available-for-pickup', null]);
    expect(meaningOfPair('NEWXX', 'NEWXX', '')).toEqual(['unknown', null]);
  });
});

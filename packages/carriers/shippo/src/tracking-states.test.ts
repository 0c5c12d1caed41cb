import { trackingReasons, trackingStates } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { meaningOf, meaningsBySubstatus, statesByStatus } from './tracking-states.ts';

test('every status of Shippo has a word of ours', () => {
  expect(Object.keys(statesByStatus).map((status) => `${status}: ${wordOf(status, null)}`)).toMatchInlineSnapshot(`
    [
      "UNKNOWN: unknown",
      "PRE_TRANSIT: label-created",
      "TRANSIT: in-transit",
      "DELIVERED: delivered",
      "RETURNED: return-in-transit",
      "FAILURE: exception, other",
    ]
  `);
});

test('every substatus under its own status says what there is to say', () => {
  expect(Object.entries(meaningsBySubstatus).map(([code, { of }]) => `${of}/${code}: ${wordOf(of, code)}`)).toMatchInlineSnapshot(`
    [
      "PRE_TRANSIT/information_received: label-created",
      "TRANSIT/address_issue: exception, address",
      "TRANSIT/contact_carrier: exception, action-required",
      "TRANSIT/delayed: in-transit, delay",
      "TRANSIT/delivery_attempted: delivery-attempted",
      "TRANSIT/delivery_rescheduled: in-transit, delay",
      "TRANSIT/delivery_scheduled: in-transit",
      "TRANSIT/location_inaccessible: delivery-attempted, access",
      "TRANSIT/notice_left: delivery-attempted, not-home",
      "TRANSIT/out_for_delivery: out-for-delivery",
      "TRANSIT/package_accepted: picked-up",
      "TRANSIT/package_arrived: in-transit",
      "TRANSIT/package_damaged: exception, damaged",
      "TRANSIT/package_departed: in-transit",
      "TRANSIT/package_forwarded: in-transit",
      "TRANSIT/package_held: in-transit, held",
      "TRANSIT/package_processed: in-transit",
      "TRANSIT/package_processing: in-transit",
      "TRANSIT/pickup_available: available-for-pickup",
      "TRANSIT/reschedule_delivery: delivery-attempted, action-required",
      "DELIVERED/delivered: delivered",
      "RETURNED/return_to_sender: return-in-transit",
      "RETURNED/package_unclaimed: return-in-transit, undeliverable",
      "FAILURE/package_undeliverable: exception, undeliverable",
      "FAILURE/package_disposed: lost, destroyed",
      "FAILURE/package_lost: lost, lost",
      "UNKNOWN/other: unknown",
    ]
  `);
});

test('a substatus under a foreign status gives its reason and leaves the state', () => {
  expect(meaningOf('FAILURE', 'address_issue')).toEqual({ state: 'exception', reason: 'address' });
  expect(meaningOf('DELIVERED', 'package_held').state).toBe('delivered');
});

test('a status of tomorrow is unknown, and hides nothing', () => {
  expect(meaningOf('TELEPORTED', 'package_lost')).toEqual({ state: 'unknown', reason: null });
});

test('a substatus of tomorrow leaves the status as it is', () => {
  expect(meaningOf('TRANSIT', 'package_admired')).toEqual({ state: 'in-transit', reason: null });
  expect(meaningOf('FAILURE', null)).toEqual({ state: 'exception', reason: 'other' });
});

test('all words are of our tables', () => {
  const meanings = Object.values(meaningsBySubstatus);
  expect(
    meanings.every(({ state, reason }) => trackingStates.includes(state) && (reason === null || trackingReasons.includes(reason))),
  ).toBe(true);
});

function wordOf(status: string, substatus: string | null): string {
  const { state, reason } = meaningOf(status, substatus);
  return reason === null ? state : `${state}, ${reason}`;
}

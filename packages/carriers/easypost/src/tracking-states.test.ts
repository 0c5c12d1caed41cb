import { expect, test } from 'vitest';
import { details, stateOf, statesByStatus } from './tracking-states.ts';

test('every status of EasyPost has a word of ours', () => {
  expect(Object.keys(statesByStatus).map((status) => `${status}: ${wordOf(status, 'status_update')}`)).toMatchInlineSnapshot(`
    [
      "unknown: unknown",
      "pre_transit: label-created",
      "in_transit: in-transit",
      "out_for_delivery: out-for-delivery",
      "delivered: delivered",
      "available_for_pickup: available-for-pickup",
      "return_to_sender: return-in-transit",
      "failure: exception",
      "cancelled: cancelled",
      "error: unknown",
    ]
  `);
});

test('every detail says of a parcel on its way what there is to say', () => {
  expect(Object.keys(details).map((detail) => `${detail}: ${wordOf('in_transit', detail)}`)).toMatchInlineSnapshot(`
    [
      "address_correction: in-transit, address",
      "arrived_at_destination: in-transit",
      "arrived_at_facility: in-transit",
      "arrived_at_pickup_location: available-for-pickup",
      "awaiting_information: in-transit, action-required",
      "cancelled: cancelled",
      "damaged: exception, damaged",
      "delayed: in-transit, delay",
      "delivery_exception: exception, other",
      "departed_facility: in-transit",
      "departed_origin_facility: in-transit",
      "expired: info",
      "failure: exception, other",
      "held: in-transit, held",
      "in_transit: in-transit",
      "label_created: label-created",
      "lost: lost, lost",
      "missorted: in-transit, misrouted",
      "out_for_delivery: out-for-delivery",
      "received_at_destination_facility: in-transit",
      "received_at_origin_facility: picked-up",
      "refused: exception, refused",
      "return: return-in-transit",
      "status_update: in-transit",
      "transferred_to_destination_carrier: in-transit",
      "transit_exception: exception, other",
      "unknown: in-transit",
      "weather_delay: in-transit, weather",
    ]
  `);
});

test('a parcel that is delivered is delivered, whatever the detail', () => {
  expect(stateOf('delivered', 'delivery_exception').state).toBe('delivered');
});

test('a status of tomorrow is unknown, and hides nothing', () => {
  expect(stateOf('teleported', 'lost')).toEqual({ state: 'unknown', reason: null });
});

test('a detail of tomorrow leaves the status as it is', () => {
  expect(stateOf('in_transit', 'admired')).toEqual({ state: 'in-transit', reason: null });
});

function wordOf(status: string, detail: string): string {
  const { state, reason } = stateOf(status, detail);
  return reason === null ? state : `${state}, ${reason}`;
}

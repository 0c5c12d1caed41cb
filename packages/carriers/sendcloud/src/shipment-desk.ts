import { parseReply } from '@quartermaster/connector-kit';
import { connector, wordsOf } from './faults.ts';
import type { DeskTools, LabelDesk, Sold, Standing } from './label-desk.ts';
import { shipmentDraftOf } from './shipment-draft.ts';
import { labelStandingOf } from './status-table.ts';
import { wireShipmentSchema, type WireShipment } from './wire.ts';

/** Labels on the way out: Sendcloud keeps our reference, takes it once, and finds the shipment by it. */
export function shipmentDesk({ client, clock }: DeskTools): LabelDesk {
  return {
    draftOf: (request, given) => shipmentDraftOf(request, { ...given, now: clock.now() }),
    send: (draft, redact) => client.announce(draft, redact),
    refsOf: () => ({}),
    async standingAfter(reply) {
      const { data } = parseReply(wireShipmentSchema, reply, { connector, operation: 'label.buy', outcome: 'unknown' });
      return standingOf(data, reply.text);
    },
    async lookUp(externalReference, { redact }) {
      const { raw, shipments } = await client.shipmentsUnder(externalReference, redact);
      // A filter that Sendcloud should not know would give all shipments: only ours count.
      const ours = shipments.filter((shipment) => shipment.external_reference_id === externalReference);
      const [first, second] = ours;
      if (first === undefined) return shipments.length === 0 ? { kind: 'free' } : notFiltered(externalReference);
      return second === undefined ? standingOf(first, raw) : severalUnder(externalReference, ours);
    },
  };
}

/** How a shipment of ours stands. Only what says that it failed has failed: one without a number may have a label all the same. */
export function standingOf(shipment: WireShipment, raw: string): Standing {
  const [parcel] = shipment.parcels;
  if (parcel === undefined) return { kind: 'announcing' };
  const sold: Sold = {
    ref: shipment.id,
    parcelId: parcel.id,
    trackingNumber: parcel.tracking_number ?? '',
    trackingUrl: parcel.tracking_url || null,
    boughtAt: parcel.announced_at ?? null,
    file: parcel.label_file || null,
    cost: null,
  };
  switch (labelStandingOf(parcel.status?.code ?? parcel.status?.message)) {
    case 'failed':
      return { kind: 'failed', reason: wordsOf(shipment.errors) || 'the carrier did not take the shipment' };
    case 'given-back':
      return { kind: 'given-back', raw, sold };
    case 'announcing':
      return { kind: 'announcing' };
    case 'there':
      return sold.trackingNumber === '' ? { kind: 'announcing' } : { kind: 'bought', raw, sold };
  }
}

function severalUnder(externalReference: string, shipments: readonly WireShipment[]): Standing {
  const ids = shipments.map(({ id }) => id).join(', ');
  return {
    kind: 'unclear',
    check: `Several Sendcloud shipments have the external reference ${externalReference} (${ids}): keep one and cancel the others in Sendcloud's panel.`,
  };
}

function notFiltered(externalReference: string): Standing {
  return {
    kind: 'unclear',
    check: `Sendcloud answered the search for the external reference ${externalReference} with other shipments: look for it in Sendcloud's panel.`,
  };
}

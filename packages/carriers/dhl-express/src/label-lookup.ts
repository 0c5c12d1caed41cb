import { addDays, isFault, localDate, type Instant, type LabelDocument } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { monthsAround } from './moments.ts';
import { wireImagesSchema, wireTrackingSchema } from './wire.ts';

/** What tracking says of a reference. */
export type Found =
  | { readonly kind: 'one'; readonly trackingNumber: string }
  /** DHL knows no such shipment, or not yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly trackingNumbers: readonly string[] };

/**
 * Looks a shipment up by our reference: tracking by reference, account and date. The days are those between which it was made and is handed over, with one to spare on both sides, for DHL does not say in
 * which zone it counts them. Has no effect, so it is repeated as a read is.
 */
export async function findByReference(
  client: DhlClient,
  reference: string,
  given: { readonly accountNumber: string; readonly from: Instant; readonly to: Instant; readonly redact: Redact },
): Promise<Found> {
  const operation = 'shipment.find';
  try {
    const reply = await client({
      operation,
      method: 'GET',
      path: '/tracking',
      query: {
        shipmentReference: reference,
        shipmentReferenceType: 'CU',
        shipperAccountNumber: given.accountNumber,
        dateRangeFrom: addDays(localDate(given.from, 'UTC'), -1),
        dateRangeTo: addDays(localDate(given.to, 'UTC'), 1),
        trackingView: 'shipment-details-only',
        levelOfDetail: 'shipment',
      },
      kind: 'read',
      redact: given.redact,
    });
    const { shipments } = readReply(wireTrackingSchema, reply, operation);
    const numbers = (shipments ?? [])
      // Where references are told, it must be ours; the answer is the only thing between a stranger's shipment and our label.
      .filter(({ shipperReferences }) => !shipperReferences?.length || shipperReferences.some(({ value }) => value === reference))
      .flatMap(({ shipmentTrackingNumber }) => shipmentTrackingNumber || []);
    const distinct = [...new Set(numbers)];
    const [first] = distinct;
    if (first === undefined) return { kind: 'none' };
    return distinct.length === 1 ? { kind: 'one', trackingNumber: first } : { kind: 'several', trackingNumbers: distinct };
  } catch (error) {
    if (isFault(error) && error.facts.status === 404 && saysNoData(error.facts)) return { kind: 'none' };
    throw error;
  }
}

/** DHL's own words of a shipment that it does not know. Another 404 comes from somebody in between, and says nothing of shipments. */
export function saysNoData({ message, vendorCode }: { readonly message: string; readonly vendorCode?: string }): boolean {
  return /no shipments? found|no data found|data not found/i.test(message) || /^not? data found$/i.test(vendorCode ?? '');
}

/**
 * The waybill of a shipment as DHL keeps it; null where it keeps none. It is filed by the month of its hand-over: those around `day` are asked for. DHL has it as PDF and TIFF alone, whatever the label
 * was.
 */
export async function waybillOf(
  client: DhlClient,
  trackingNumber: string,
  given: { readonly accountNumber: string; readonly day: string; readonly redact: Redact },
): Promise<{ readonly document: LabelDocument; readonly raw: string } | null> {
  const operation = 'label.get-image';
  for (const month of monthsAround(given.day)) {
    try {
      const reply = await client({
        operation,
        method: 'GET',
        path: `/shipments/${encodeURIComponent(trackingNumber)}/get-image`,
        query: { shipperAccountNumber: given.accountNumber, typeCode: 'waybill', pickupYearAndMonth: month, encodingFormat: 'pdf' },
        kind: 'read',
        redact: given.redact,
      });
      const { documents } = readReply(wireImagesSchema, reply, operation);
      const waybill = (documents ?? []).find(({ content, encodingFormat }) => content !== '' && encodingFormat.toLowerCase() === 'pdf');
      if (waybill !== undefined) return { document: { format: 'pdf', base64: waybill.content, url: null }, raw: reply.text };
    } catch (error) {
      if (!isFault(error) || !isRefusal(error) || error.facts.status !== 404) throw error;
    }
  }
  return null;
}

import type { HttpReply } from '@quartermaster/connector-kit';
import { isFault, type LabelDocument, type LabelFormat } from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import type { Redact } from './faults.ts';
import { versions } from './limits.ts';
import { wireRecoveredSchema } from './wire.ts';

/** What a label is looked up by: its number, or the reference that it was bought under. */
export type LookUpBy = { readonly trackingNumber: string } | { readonly reference: string };

/** What the label recovery said. `raw` is the answer as it came. */
export type LookedUp =
  | {
      readonly kind: 'found';
      readonly shipment: string;
      readonly trackingNumber: string;
      readonly document: LabelDocument;
      readonly raw: string;
    }
  /** UPS knows no such shipment, or not yet. */
  | { readonly kind: 'not-there' }
  /** There was one, and it was given back. */
  | { readonly kind: 'voided' }
  /** Several shipments carry the reference. */
  | { readonly kind: 'several'; readonly trackingNumbers: readonly string[] }
  /** UPS knows something and does not give the label, with its words. */
  | { readonly kind: 'withheld'; readonly reason: string; readonly vendorCode: string | null };

/**
 * Codes of the label recovery. Those of six digits are of its published list; the REST interface was seen to answer 9801031 for the text of 300007. A code that is not here decides nothing: above
 * all it does not say that there is no label.
 */
const meanings: Readonly<Record<string, 'not-there' | 'voided' | 'several'>> = {
  300007: 'not-there',
  9801031: 'not-there',
  300033: 'voided',
  300001: 'several',
  300035: 'several',
};

/** Asks for a bought label. Has no effect, so it is repeated as a read is. */
export async function lookUp(
  client: UpsClient,
  by: LookUpBy,
  given: { readonly format: LabelFormat; readonly accountNumber: string; readonly redact: Redact },
): Promise<LookedUp> {
  let reply: HttpReply;
  try {
    reply = await client.call({
      operation: 'label.recover',
      method: 'POST',
      path: `/labels/${versions.recovery}/recovery`,
      body: recoveryDraftOf(by, given),
      kind: 'read',
      redact: given.redact,
    });
  } catch (error) {
    if (!isFault(error) || error.facts.status === undefined || ![400, 404].includes(error.facts.status)) throw error;
    const { vendorCode } = error.facts;
    if (vendorCode === undefined) throw error;
    const meaning = meanings[vendorCode];
    if (meaning === 'several') return { kind: 'several', trackingNumbers: [] };
    return meaning === undefined ? { kind: 'withheld', reason: error.facts.message, vendorCode } : { kind: meaning };
  }
  const recovered = readReply(wireRecoveredSchema, reply, 'label.recover').LabelRecoveryResponse;
  const candidates = recovered.TrackingCandidate ?? [];
  if (candidates.length > 1) return { kind: 'several', trackingNumbers: candidates.map(({ TrackingNumber }) => TrackingNumber) };
  const results = recovered.LabelResults ?? [];
  const label = results[0];
  const trackingNumber = label?.TrackingNumber ?? recovered.ShipmentIdentificationNumber ?? candidates[0]?.TrackingNumber;
  const image = label?.LabelImage?.GraphicImage;
  if (!trackingNumber || !image) return { kind: 'withheld', reason: 'the answer has no label in it', vendorCode: null };
  return {
    kind: 'found',
    shipment: recovered.ShipmentIdentificationNumber ?? trackingNumber,
    trackingNumber,
    document: { format: label?.LabelImage?.LabelImageFormat?.Code?.toLowerCase() ?? given.format, base64: image, url: null },
    raw: reply.text,
  };
}

export function recoveryDraftOf(
  by: LookUpBy,
  given: { readonly format: LabelFormat; readonly accountNumber: string },
): Record<string, unknown> {
  return {
    LabelRecoveryRequest: {
      Request: { SubVersion: '1903' },
      LabelSpecification: {
        LabelImageFormat: { Code: given.format.toUpperCase() },
        ...(given.format === 'zpl' ? { LabelStockSize: { Height: '6', Width: '4' } } : {}),
      },
      ...('trackingNumber' in by
        ? { TrackingNumber: by.trackingNumber }
        : { ReferenceValues: { ReferenceNumber: { Value: by.reference }, ShipperNumber: given.accountNumber } }),
    },
  };
}

import type { HttpReply } from '@quartermaster/connector-kit';
import { isFault, type LabelDocument, type LabelFormat } from '@quartermaster/domain';
import { readReply, withPictures, type UspsClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { imageOf } from './label-draft.ts';
import { wireReprintSchema, type WireMetadata } from './wire.ts';

/** What a label is looked up by: its number, or the key that it was bought under. */
export type ReprintBy = { readonly trackingNumber: string } | { readonly idempotencyKey: string };

/** What the reprint said. */
export type Reprinted =
  | { readonly kind: 'found'; readonly metadata: WireMetadata; readonly document: LabelDocument; readonly reply: HttpReply }
  /** USPS knows no such label of the last 45 days. */
  | { readonly kind: 'not-there' }
  /** There is one, and it was given back. */
  | { readonly kind: 'given-back' }
  /** There is one, and it is not printed again; or something else is in the way, with USPS's words. */
  | { readonly kind: 'withheld'; readonly reason: string; readonly vendorCode: string | null };

/**
 * Codes of USPS's error inventory (github.com/USPS/api-examples, read 2026-11). It names 160378 for a number that is not found; that it says the same of a key is our reading, and so is 160185, which
 * it says of orders to be cancelled. A code that is not here decides nothing.
 */
const meanings: Readonly<Record<string, 'not-there' | 'given-back'>> = {
  160378: 'not-there',
  160185: 'not-there',
  160379: 'given-back',
  160380: 'given-back',
};

/** Prints a label once more: what also tells whether it is there. USPS does so three times per label, and up to its mailing day. */
export async function reprint(
  client: UspsClient,
  by: ReprintBy,
  given: { readonly format: LabelFormat; readonly redact: Redact },
): Promise<Reprinted> {
  const operation = 'label.reprint';
  const { receiptOption: _receipt, ...imageInfo } = imageOf(given.format);
  try {
    const reply = await client.call({
      operation,
      method: 'POST',
      path: `/labels/v3/label-reprint${'trackingNumber' in by ? `/${encodeURIComponent(by.trackingNumber)}` : ''}`,
      headers: { ...withPictures, ...('idempotencyKey' in by ? { 'x-idempotency-key': by.idempotencyKey } : {}) },
      body: { imageInfo },
      kind: 'read',
      isPaid: true,
      redact: given.redact,
    });
    const printed = readReply(wireReprintSchema, reply, operation);
    const metadata = printed.labelMetadata ?? printed.returnLabelMetadata;
    const image = printed.labelImage ?? printed.returnLabelImage;
    if (!metadata || !image) return { kind: 'withheld', reason: 'the answer has no label in it', vendorCode: null };
    return { kind: 'found', metadata, document: { format: given.format, base64: image, url: null }, reply };
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    const { vendorCode = null, message } = error.facts;
    const meaning = vendorCode === null ? undefined : meanings[vendorCode];
    return meaning === undefined ? { kind: 'withheld', reason: message, vendorCode } : { kind: meaning };
  }
}

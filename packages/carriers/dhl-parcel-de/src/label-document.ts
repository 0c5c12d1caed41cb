import { isFault, type LabelDocument, type LabelFormat } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isDone, itemWords, notDone, type Redact } from './faults.ts';
import { paths } from './limits.ts';
import { wireOrdersSchema, type WireDocument } from './wire.ts';

const operation = 'label.get';

/** What came of asking for the label of a shipment: DHL gives it until the shipment is closed for its day, and not of one that was deleted. */
export type LabelLookUp =
  | { readonly kind: 'found'; readonly document: LabelDocument; readonly raw: string }
  | { readonly kind: 'not-there'; readonly reason: string };

/** How labels are asked for: by the purchase and afterwards. */
export type Printing = {
  /** Paper of the label, such as `910-300-600`; without it as the account has it. */
  readonly printFormat?: string;
};

/** The query for a label in our format. Throws `unsupported` for one that DHL does not make. */
export function printQuery(format: LabelFormat, { printFormat }: Printing, during: string): string {
  if (format === 'png') throw notDone('unsupported', during, 'DHL makes no label as PNG', 'Ask for PDF or ZPL.');
  const query = new URLSearchParams({
    docFormat: format === 'zpl' ? 'ZPL2' : 'PDF',
    includeDocs: 'include',
    ...(printFormat === undefined ? {} : { printFormat }),
  });
  return query.toString();
}

/** The label of a shipment that is bought. */
export async function lookUpLabel(
  client: DhlClient,
  number: string,
  given: Printing & { readonly format: LabelFormat; readonly redact: Redact },
): Promise<LabelLookUp> {
  const query = printQuery(given.format, given, operation);
  try {
    const reply = await client.call({
      operation,
      method: 'GET',
      path: `${paths.shipping}/orders?shipment=${encodeURIComponent(number)}&${query}`,
      kind: 'read',
      redact: given.redact,
    });
    const [item] = readReply(wireOrdersSchema, reply, operation).items;
    if (item === undefined) return { kind: 'not-there', reason: 'DHL answered without the shipment.' };
    const document = isDone(item) ? documentOf(item.label, given.format) : null;
    return document === null
      ? { kind: 'not-there', reason: isDone(item) ? 'DHL answered without the label.' : given.redact(itemWords(item)) }
      : { kind: 'found', document, raw: reply.text };
  } catch (error) {
    if (!isFault(error) || (error.facts.status !== 400 && error.facts.status !== 404)) throw error;
    return { kind: 'not-there', reason: error.facts.message };
  }
}

/** A label as DHL sends it: PDF in base64, ZPL as text. Null where neither came. */
export function documentOf(label: WireDocument | null | undefined, format: LabelFormat): LabelDocument | null {
  if (!label) return null;
  if (format === 'zpl' && label.zpl2) return { format, base64: Buffer.from(label.zpl2, 'utf8').toString('base64'), url: null };
  if (label.b64) return { format, base64: label.b64, url: null };
  return label.url ? { format, base64: null, url: label.url } : null;
}

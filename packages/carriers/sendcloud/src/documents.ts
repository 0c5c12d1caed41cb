import { ConnectorFault, isFault, type LabelDocument, type LabelFormat } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import { connector, notDone, type Redact } from './faults.ts';

const operation = 'label.document';

/**
 * The label of a parcel in a format. Throws `not-found` while Sendcloud has none, `unsupported` where it has another format only (a label that was bought as ZPL of the carrier's own can be had as
 * nothing else), `malformed-reply` for one that is not whole.
 */
export async function documentOf(client: SendcloudClient, parcelId: number, format: LabelFormat, redact: Redact): Promise<LabelDocument> {
  const found = await client.labelOf(parcelId, format, redact);
  if (found === null)
    throw new ConnectorFault('not-found', {
      connector,
      operation,
      outcome: 'not-applied',
      retry: { kind: 'safely' },
      message: `Sendcloud has no label of parcel ${parcelId}`,
      advice: 'It is asked for again; a label that was cancelled has none.',
    });
  if (isWhole(found.base64, format)) return { format, base64: found.base64, url: null };
  const other = (['pdf', 'zpl', 'png'] as const).find((one) => one !== format && isWhole(found.base64, one));
  if (other !== undefined)
    throw notDone(
      'unsupported',
      operation,
      `the label of parcel ${parcelId} is there as ${other} and not as ${format}`,
      `Ask for ${other}.`,
    );
  throw new ConnectorFault('malformed-reply', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message: `what came for the label of parcel ${parcelId} is no whole ${format}`,
    advice: 'It is asked for again.',
  });
}

/** The label of a bought parcel, in the format that was asked for; where Sendcloud has it in another only, in that: a label that was paid for must not be lost for its format. */
export async function bestDocumentOf(
  client: SendcloudClient,
  parcelId: number,
  format: LabelFormat,
  redact: Redact,
): Promise<LabelDocument> {
  for (const one of new Set([format, 'pdf', 'zpl'] as const))
    try {
      return await documentOf(client, parcelId, one, redact);
    } catch (error) {
      if (!isFault(error) || error.facts.retry.kind !== 'never' || !otherFormatMayDo.has(error.code)) throw error;
    }
  throw notDone('unsupported', operation, `Sendcloud gives the label of parcel ${parcelId} in no format`, 'Print it in Sendcloud’s panel.');
}

const otherFormatMayDo: ReadonlySet<string> = new Set(['unsupported', 'invalid-request']);

const beginnings: Readonly<Record<LabelFormat, string>> = { pdf: '%PDF', zpl: '^XA', png: '\u0089PNG' };
const ends: Readonly<Record<LabelFormat, string>> = { pdf: '%%EOF', zpl: '^XZ', png: 'IEND' };

/** Whether a document begins and ends as its format does: half of one must not be printed. */
export function isWhole(base64: string, format: LabelFormat): boolean {
  const bytes = Buffer.from(base64, 'base64');
  const [begins, endsWith] = [bytes.subarray(0, 1_024), bytes.subarray(-1_024)].map((part) => part.toString('latin1'));
  return begins !== undefined && begins.includes(beginnings[format]) && endsWith !== undefined && endsWith.includes(ends[format]);
}

import type { LabelDocument, LabelFormat } from '@quartermaster/domain';
import type { ShippoClient } from './client.ts';
import { notDone, type Redact } from './faults.ts';
import { documentOf } from './translate.ts';

/** The document of a label once more. Shippo keeps a label in the format that it was bought in, and turns it into no other: that is the fault `unsupported`. */
export async function labelDocument(
  client: ShippoClient,
  label: { readonly ref: string; readonly format: LabelFormat },
  redact: Redact,
): Promise<LabelDocument> {
  const document = documentOf(await client.transaction(label.ref, redact), label.format);
  if (document === null) throw notDone('not-found', operation, `transaction ${label.ref} has no label`);
  if (document.format !== label.format)
    throw notDone('unsupported', operation, `the label is a ${document.format} and Shippo does not make a ${label.format} of it`);
  return document;
}

const operation = 'label.document';

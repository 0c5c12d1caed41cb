import { notDoneBy } from '@quartermaster/connector-kit';
import type { LabelDocument, LabelFormat } from '@quartermaster/domain';
import { readShipment, type EasyPostClient } from './client.ts';
import { connector } from './faults.ts';
import { documentOf } from './translate.ts';
import type { WireShipment } from './wire.ts';

/**
 * The document of a label once more. EasyPost turns a PNG into the other formats and nothing else into anything (its documentation of labels): what it cannot give is the fault `unsupported`,
 * and is not given in another format.
 */
export async function labelDocument(
  client: EasyPostClient,
  label: { readonly ref: string; readonly format: LabelFormat },
  redact: (text: string) => string,
): Promise<LabelDocument> {
  const kept = documentIn(readShipment(await client.getShipment(label.ref, redact), 'shipment.get', 'not-applied'), label.format);
  if (kept.document?.format === label.format) return kept.document;
  if (kept.document === null) throw notDone('not-found', `shipment ${label.ref} has no label`);
  if (kept.document.format !== 'png' || label.format === 'png')
    throw notDone('unsupported', `the label is a ${kept.document.format} and EasyPost does not make a ${label.format} of it`);
  const converted = documentIn(await client.convertLabel(label.ref, label.format, redact), label.format);
  if (converted.document?.format === label.format) return converted.document;
  throw notDone('unsupported', `EasyPost did not make a ${label.format} of the label`);
}

function documentIn({ postage_label }: WireShipment, format: LabelFormat): { readonly document: LabelDocument | null } {
  return { document: postage_label ? documentOf(postage_label, format) : null };
}

const notDone = (code: 'not-found' | 'unsupported', message: string) => notDoneBy(connector)(code, 'label.document', message);

import {
  isFault,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type Manifested,
  type ManifestRequest,
} from '@quartermaster/domain';
import { labelAddressOf, placeOf } from './address.ts';
import { readReply, withPictures, type UspsClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { manifestLabels } from './limits.ts';
import { wireScanFormSchema, type WireScanForm } from './wire.ts';

const operation = 'manifest.make';

/** "barcode … is already part of another SCAN Form with efn …", of USPS's error inventory (read 2026-11). */
const alreadyOnAForm = '160040';

/**
 * Makes a SCAN form. A label goes on one form once: where an earlier try of the same intent was not answered, the second is told the number of the form that the first made, and that is the answer
 * then, without its picture, which USPS gives once. USPS refuses a form as a whole where one label does not fit; the reason names it.
 */
export function scanForms(
  client: UspsClient,
  clock: Clock,
  redactorFor: (...addresses: readonly Address[]) => Redact,
): NonNullable<Carrier['manifest']> {
  async function make(request: ManifestRequest, memo: EffectMemo): Promise<Manifested> {
    const draft = scanFormDraftOf(request);
    const mayBeMade = (memo.refs[sentRef] ?? '') !== '';
    await client.takeTurn({ isPaid: false });
    await memo.saveRefs({ [sentRef]: clock.now() });
    try {
      const reply = await client.call({
        operation,
        method: 'POST',
        path: '/scan-forms/v3/scan-form',
        headers: withPictures,
        body: draft,
        kind: 'once',
        redact: redactorFor(request.from),
      });
      return formOf(request, readReply(wireScanFormSchema, reply, operation, 'unknown'));
    } catch (error) {
      if (!isFault(error) || !isRefusal(error)) throw error;
      const ref = mayBeMade && error.facts.vendorCode === alreadyOnAForm ? formIn(error.facts.message) : null;
      if (ref !== null) return { ref, document: null, left: [] };
      await memo.saveRefs({ [sentRef]: '' });
      throw error;
    }
  }

  return {
    safety: 'claim',
    make,
    async find(request, memo) {
      if ((memo.refs[sentRef] ?? '') === '') return { kind: 'absent' };
      return { kind: 'found', result: await make(request, memo) };
    },
  };
}

/** When the form was asked for; empty where that was refused. */
const sentRef = 'manifestSentAt';

function formOf({ labels }: ManifestRequest, form: WireScanForm): Manifested {
  const taken = form.trackingNumbers ?? labels.map(({ trackingNumber }) => trackingNumber);
  return {
    ref: form.manifestNumber,
    document: form.SCANFormImage ? { format: 'pdf', base64: form.SCANFormImage, url: null } : null,
    left: labels
      .filter(({ trackingNumber }) => !taken.includes(trackingNumber))
      .map(({ ref }) => ({ ref, reason: 'USPS did not put it on the form.' })),
  };
}

/** The number of the form that a refusal names. */
function formIn(message: string): string | null {
  return /with efn\s+\[?(\w{10,})\]?/i.exec(message)?.[1] ?? null;
}

/** All labels of a form have one day of mailing; it is set to the day of the form. */
export function scanFormDraftOf({ from, day, labels }: ManifestRequest): Record<string, unknown> {
  const place = placeOf(from);
  if (place === null)
    throw notDone('invalid-request', operation, 'the node is not at an address of the United States', 'Correct the address of the node.');
  if (labels.length === 0 || labels.length > manifestLabels)
    throw notDone('invalid-request', operation, `a SCAN form takes 1 to ${manifestLabels} labels`, 'Make several forms.');
  return {
    imageInfo: { imageType: 'PDF', labelType: '8.5X11LABEL' },
    mailingDate: day,
    overwriteMailingDate: true,
    entryFacilityZIPCode: place.zip,
    destinationEntryFacilityType: 'NONE',
    shipment: { trackingNumbers: labels.map(({ trackingNumber }) => trackingNumber) },
    fromAddress: labelAddressOf(from),
  };
}

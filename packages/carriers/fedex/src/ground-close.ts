import { isFault, type Carrier, type Manifested, type ManifestRequest } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { companyOf } from './translate.ts';
import { wireClosedSchema, type WireClosed } from './wire.ts';

type CloseTools = {
  readonly client: FedexClient;
  readonly accountNumber: string;
  readonly redact: Redact;
};

const operation = 'manifest.close';

/**
 * The end of a day of FedEx Ground. It closes all that the account has open, not a choice of labels; Express needs none, so its labels are left with that reason. After an outcome that is not known
 * the report is asked for once more by the number of the last label: only what was closed has one.
 */
export function groundClose({ client, accountNumber, redact }: CloseTools): NonNullable<Carrier['manifest']> {
  const account = { value: accountNumber };

  async function reprint(request: ManifestRequest): Promise<Manifested | null> {
    // The latest: an earlier close of the day may have taken on the ones before it.
    const last = groundOf(request).at(-1);
    if (last === undefined) return null;
    try {
      const reply = await client.call({
        operation: 'manifest.reprint',
        method: 'POST',
        path: '/ship/v1/endofday/',
        body: {
          closeReqType: 'RGCDR',
          accountNumber: account,
          groundServiceCategory: 'GROUND',
          reprintOption: 'BY_TRACKING_NUMBER',
          trackingNumber: last.trackingNumber,
          closeDate: request.day,
        },
        kind: 'read',
        redact,
      });
      const closed = readReply(wireClosedSchema, reply, 'manifest.reprint').output;
      return (closed.closeDocuments ?? []).length === 0 ? null : manifestedOf(closed, request);
    } catch (error) {
      if (isFault(error) && isRefusal(error)) return null;
      throw error;
    }
  }

  return {
    safety: 'read-back',
    async make(request) {
      if (groundOf(request).length === 0)
        throw notDone('refused', operation, 'none of the labels is one of FedEx Ground', 'FedEx Express needs no end of the day.');
      try {
        const reply = await client.call({
          operation,
          method: 'PUT',
          path: '/ship/v1/endofday/',
          body: { closeReqType: 'GCDR', accountNumber: account, groundServiceCategory: 'GROUND', closeDate: request.day },
          kind: 'once',
          redact,
        });
        return manifestedOf(readReply(wireClosedSchema, reply, operation, 'unknown').output, request);
      } catch (error) {
        // Where nothing is open any more, what was asked for may have been closed before.
        const before = isFault(error) && isRefusal(error) ? await reprint(request) : null;
        if (before === null) throw error;
        return before;
      }
    },
    async find(request) {
      const closed = await reprint(request);
      return closed === null ? { kind: 'absent' } : { kind: 'found', result: closed };
    },
  };
}

function groundOf({ labels }: ManifestRequest): ManifestRequest['labels'] {
  return labels.filter((label) => companyOf(label) === 'FDXG');
}

function manifestedOf({ closeDocuments }: WireClosed, request: ManifestRequest): Manifested {
  const [document] = closeDocuments ?? [];
  const image = document?.parts?.find((part) => part.image)?.image;
  return {
    ref: document?.accessReference || `FDXG/${request.day}`,
    document: image ? { format: formatOf(image), base64: image, url: null } : null,
    left: request.labels
      .filter((label) => companyOf(label) !== 'FDXG')
      .map(({ ref }) => ({ ref, reason: 'FedEx Express needs no end of the day: a label counts when it is scanned.' })),
  };
}

/** The manifest comes as text, other reports as PDF. */
function formatOf(image: string): string {
  return Buffer.from(image.slice(0, 8), 'base64').toString('latin1').startsWith('%PDF') ? 'pdf' : 'txt';
}

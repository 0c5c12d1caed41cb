import { beforeTheEffect, notDoneBy } from '@quartermaster/connector-kit';
import { ConnectorFault, type Address, type Carrier, type Manifested, type ManifestRequest } from '@quartermaster/domain';
import { readShipment, type EasyPostClient } from './client.ts';
import { connector } from './faults.ts';
import type { WireScanForm, WireShipment } from './wire.ts';

type Redact = (text: string) => string;
type Left = Manifested['left'][number];

/**
 * Puts the labels of a day on a scan form. A form is of one carrier, and a label stands on one form only: so the labels are read before, and those that stand on one are found again. What
 * cannot stand on this form is left, with the reason.
 */
export function scanForms(tools: {
  readonly client: EasyPostClient;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
}): NonNullable<Carrier['manifest']> {
  const { client, redactorFor } = tools;

  async function shipmentsOf({ labels }: ManifestRequest, redact: Redact): Promise<WireShipment[]> {
    const shipments: WireShipment[] = [];
    for (const { ref } of labels) shipments.push(readShipment(await client.getShipment(ref, redact), 'shipment.get', 'not-applied'));
    return shipments;
  }

  async function standing(
    request: ManifestRequest,
    redact: Redact,
  ): Promise<{ readonly form: WireScanForm | null; readonly sorted: Sorted }> {
    const sorted = sort(await shipmentsOf(request, redact));
    return { sorted, form: sorted.formId === null ? null : await client.getScanForm(sorted.formId, redact) };
  }

  return {
    safety: 'read-back',

    async make(request, memo) {
      const redact = redactorFor(request.from);
      const { form, sorted } = await beforeTheEffect(() => standing(request, redact));
      if (form !== null) return manifested(form, sorted);
      if (sorted.taken.length === 0) throw refused(`none of ${request.labels.length} labels can stand on a scan form`);
      const made = await client.createScanForm(
        sorted.taken.map(({ id }) => id),
        redact,
      );
      await memo.saveRefs({ scanFormId: made.id });
      return manifested(made, sorted);
    },

    async find(request) {
      const { form, sorted } = await standing(request, redactorFor(request.from));
      return form === null ? { kind: 'absent' } : { kind: 'found', result: manifested(form, sorted) };
    },
  };
}

type Sorted = {
  /** Labels for the form; those that stand on it already where there is one. */
  readonly taken: readonly WireShipment[];
  readonly left: readonly Left[];
  /** The form that labels of these stand on. */
  readonly formId: string | null;
};

/** Of the shipments those that can stand on one form together: bought, not given back, of the carrier that has most of them. */
function sort(shipments: readonly WireShipment[]): Sorted {
  const gone = shipments.filter(isNoLabel);
  const live = shipments.filter((shipment) => !isNoLabel(shipment));
  const formId = live.find(({ scan_form }) => scan_form)?.scan_form?.id ?? null;
  const carrier = formId === null ? mostFrequent(live.map(carrierOf)) : null;
  const fits = (shipment: WireShipment) => (formId === null ? carrierOf(shipment) === carrier : shipment.scan_form?.id === formId);
  return {
    taken: live.filter(fits),
    left: [
      ...gone.map(({ id }) => ({ ref: id, reason: 'there is no label any more' })),
      ...live.filter((shipment) => !fits(shipment)).map((shipment) => ({ ref: shipment.id, reason: whyNot(shipment, formId) })),
    ],
    formId,
  };
}

function whyNot({ scan_form, ...shipment }: WireShipment, formId: string | null): string {
  if (scan_form) return `it stands on the form ${scan_form.id}`;
  return formId === null
    ? `a form is of one carrier, and this label is of ${carrierOf(shipment)}`
    : `the form ${formId} was made without it`;
}

function isNoLabel({ refund_status, postage_label }: WireShipment): boolean {
  return !postage_label || (Boolean(refund_status) && refund_status !== 'rejected');
}

function carrierOf({ selected_rate }: Pick<WireShipment, 'selected_rate'>): string {
  return selected_rate?.carrier ?? 'an unknown carrier';
}

function mostFrequent(names: readonly string[]): string | null {
  const counted = [...new Set(names)].map((name) => ({ name, count: names.filter((each) => each === name).length }));
  return counted.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))[0]?.name ?? null;
}

function manifested(form: WireScanForm, { left }: Sorted): Manifested {
  if (form.status === 'failed') throw refused(`the scan form failed: ${form.message ?? 'no reason given'}`);
  if (form.status === 'creating') throw underWay();
  return { ref: form.id, document: form.form_url ? { format: 'pdf', base64: null, url: form.form_url } : null, left };
}

function refused(message: string): ConnectorFault {
  return notDoneBy(connector)('refused', 'manifest.make', message, 'Hand the parcels over without a form, or ask EasyPost.');
}

function underWay(): ConnectorFault {
  return new ConnectorFault('conflict', {
    connector,
    operation: 'manifest.make',
    outcome: 'unknown',
    retry: { kind: 'after', ms: 5_000 },
    message: 'EasyPost is still making the scan form',
    advice: 'It is looked for again.',
  });
}

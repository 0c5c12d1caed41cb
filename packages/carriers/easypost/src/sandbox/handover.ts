import { documentTypes, sampleDocument } from '@quartermaster/connector-kit/sandbox';
import { epochMs, type Clock, type Instant } from '@quartermaster/domain';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { bodyOf, impossible, invalid, notFound, originOf } from './answers.ts';
import type { EasyPostState, StoredShipment } from './state.ts';

const idsSchema = z.array(z.object({ id: z.string() })).min(1);
const batchRequestSchema = z.object({ batch: z.object({ reference: z.string().nullish(), shipments: idsSchema }) });
const instant = z.iso.datetime({ offset: true });
const pickupRequestSchema = z.object({
  pickup: z
    .object({
      reference: z.string().nullish(),
      address: z.looseObject({ street1: z.string().min(1), country: z.string().length(2), phone: z.string().optional() }),
      min_datetime: instant,
      max_datetime: instant,
      is_account_address: z.boolean().optional(),
      instructions: z.string().optional(),
      shipment: z.object({ id: z.string() }).optional(),
      batch: z.object({ id: z.string() }).optional(),
    })
    .refine(({ shipment, batch }) => (shipment === undefined) !== (batch === undefined), 'a shipment or a batch')
    .refine(({ min_datetime: from, max_datetime: until }) => epochMs(from) < epochMs(until), 'ends after it begins'),
});
const pickupPurchaseSchema = z.object({ carrier: z.string(), service: z.string() });
const formRequestSchema = z.object({ scan_form: z.object({ shipments: idsSchema }) });

type Batch = { readonly id: string; readonly reference: string | null; readonly createdAt: Instant; readonly shipments: readonly string[] };
type Pickup = {
  readonly id: string;
  readonly request: z.infer<typeof pickupRequestSchema>['pickup'];
  readonly carriers: readonly string[];
  status: 'unknown' | 'scheduled' | 'canceled';
};
type Form = { readonly id: string; readonly createdAt: Instant; readonly codes: readonly string[] };

/** EasyPost puts shipments into a batch behind the scenes. */
const batchTakesMs = 3_000;

/** Batches, pickups and scan forms. A pickup is of labels of one carrier, is bought once and may be cancelled; a label stands on one form. */
export function serveHandover(
  app: Hono,
  state: EasyPostState,
  clock: Clock,
): { readonly pickups: () => readonly { id: string; status: string }[] } {
  const batches = new Map<string, Batch>();
  const pickups = new Map<string, Pickup>();
  const forms = new Map<string, Form>();

  /** The labels of these ids, or the answer why they are none. */
  function labelsOf(context: Context, ids: readonly string[]): StoredShipment[] | Response {
    const shipments = ids.map((id) => state.find(id));
    if (shipments.includes(null)) return notFound(context);
    const found = shipments.filter((shipment) => shipment !== null);
    if (found.some(({ bought, refund }) => bought === null || (refund !== null && refund.status !== 'rejected')))
      return impossible(context, 'SHIPMENT.POSTAGE.REQUIRED', 'Every shipment must have a label.');
    return found;
  }

  app.post('/v2/batches', async (context) => {
    const parsed = batchRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const ids = parsed.data.batch.shipments.map(({ id }) => id);
    const labels = labelsOf(context, ids);
    if (labels instanceof Response) return labels;
    const batch: Batch = {
      id: state.newId('batch'),
      reference: parsed.data.batch.reference ?? null,
      createdAt: clock.now(),
      shipments: ids,
    };
    batches.set(batch.id, batch);
    return context.json(batchJson(batch), 201);
  });

  app.get('/v2/batches/:id', (context) => {
    const batch = batches.get(context.req.param('id'));
    return batch === undefined ? notFound(context) : context.json(batchJson(batch));
  });

  app.post('/v2/pickups', async (context) => {
    const parsed = pickupRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const request = parsed.data.pickup;
    const batch = request.batch === undefined ? null : batches.get(request.batch.id);
    if (batch === undefined) return notFound(context);
    if (batch !== null && isCreating(batch)) return impossible(context, 'BATCH.STATE.INVALID', 'The batch is still being created.');
    const labels = labelsOf(context, batch?.shipments ?? [request.shipment?.id ?? '']);
    if (labels instanceof Response) return labels;
    const carriers = [...new Set(labels.map(({ bought }) => bought?.rate.tariff.carrier ?? ''))];
    const pickup: Pickup = { id: state.newId('pickup'), request, carriers, status: 'unknown' };
    pickups.set(pickup.id, pickup);
    return context.json(pickupJson(pickup), 201);
  });

  app.get('/v2/pickups/:id', (context) => withPickup(context, (pickup) => context.json(pickupJson(pickup))));

  app.post('/v2/pickups/:id/buy', async (context) => {
    const parsed = pickupPurchaseSchema.safeParse(await bodyOf(context));
    return withPickup(context, (pickup) => {
      if (!parsed.success) return invalid(context, parsed.error);
      if (pickup.status !== 'unknown') return impossible(context, 'PICKUP.STATE.INVALID', 'The pickup was bought before.');
      if (!pickup.carriers.includes(parsed.data.carrier) || pickup.carriers.length !== 1) return notFound(context);
      pickup.status = 'scheduled';
      return context.json(pickupJson(pickup));
    });
  });

  app.post('/v2/pickups/:id/cancel', (context) =>
    withPickup(context, (pickup) => {
      if (pickup.status !== 'scheduled') return impossible(context, 'PICKUP.STATE.INVALID', 'The pickup is not scheduled.');
      pickup.status = 'canceled';
      return context.json(pickupJson(pickup));
    }),
  );

  app.post('/v2/scan_forms', async (context) => {
    const parsed = formRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const labels = labelsOf(
      context,
      parsed.data.scan_form.shipments.map(({ id }) => id),
    );
    if (labels instanceof Response) return labels;
    if (labels.some(({ scanFormId }) => scanFormId !== null))
      return impossible(context, 'SCAN_FORM.INVALID', 'A shipment stands on a scan form already.');
    if (new Set(labels.map(({ bought }) => bought?.rate.tariff.carrier)).size > 1)
      return impossible(context, 'SCAN_FORM.INVALID', 'All shipments of a scan form must be of one carrier.');
    const form: Form = { id: state.newId('sf'), createdAt: clock.now(), codes: labels.map(({ bought }) => bought?.trackingCode ?? '') };
    forms.set(form.id, form);
    for (const label of labels) label.scanFormId = form.id;
    return context.json(formJson(form, originOf(context)));
  });

  app.get('/v2/scan_forms/:id', (context) => {
    const form = forms.get(context.req.param('id'));
    return form === undefined ? notFound(context) : context.json(formJson(form, originOf(context)));
  });

  app.get('/scan_forms/:file', (context) => {
    const form = forms.get(context.req.param('file').replace(/\.pdf$/, ''));
    if (form === undefined) return notFound(context);
    return context.body(new Uint8Array(sampleDocument('pdf', ['SCAN FORM', ...form.codes])), 200, { 'content-type': documentTypes.pdf });
  });

  function isCreating({ createdAt }: Batch): boolean {
    return epochMs(clock.now()) < epochMs(createdAt) + batchTakesMs;
  }

  function batchJson(batch: Batch): Record<string, unknown> {
    const creating = isCreating(batch);
    return {
      id: batch.id,
      object: 'Batch',
      mode: 'test',
      state: creating ? 'creating' : 'purchased',
      num_shipments: batch.shipments.length,
      reference: batch.reference,
      created_at: batch.createdAt,
      shipments: creating ? [] : batch.shipments.map((id) => ({ id, batch_status: 'postage_purchased', batch_message: null })),
    };
  }

  function withPickup(context: Context, answer: (pickup: Pickup) => Response): Response {
    const pickup = pickups.get(context.req.param('id') ?? '');
    return pickup === undefined ? notFound(context) : answer(pickup);
  }

  return { pickups: () => [...pickups.values()].map(({ id, status }) => ({ id, status })) };
}

/** Several carriers fetch nothing together: no rate, and a message. */
function pickupJson({ id, request, carriers, status }: Pickup): Record<string, unknown> {
  const [carrier] = carriers;
  const together = carriers.length === 1;
  return {
    id,
    object: 'Pickup',
    mode: 'test',
    status,
    reference: request.reference ?? null,
    min_datetime: request.min_datetime,
    max_datetime: request.max_datetime,
    is_account_address: false,
    instructions: request.instructions ?? null,
    messages: together ? [] : [{ carrier: 'EasyPost', type: 'rate_error', message: 'The parcels are of several carriers.' }],
    confirmation: status === 'scheduled' ? `WTC${id.slice(-8)}` : null,
    address: { object: 'Address', ...request.address },
    carrier_accounts: [],
    pickup_rates: together
      ? [
          {
            id: `pickuprate_${id.slice(7)}`,
            object: 'PickupRate',
            mode: 'test',
            service: 'NextDay',
            rate: '0.00',
            currency: 'USD',
            carrier,
            pickup_id: id,
          },
        ]
      : [],
  };
}

function formJson({ id, createdAt, codes }: Form, origin: string): Record<string, unknown> {
  return {
    id,
    object: 'ScanForm',
    created_at: createdAt,
    updated_at: createdAt,
    tracking_codes: codes,
    status: 'created',
    message: null,
    form_url: `${origin}/scan_forms/${id}.pdf`,
    form_file_type: null,
    batch_id: null,
    confirmation: null,
  };
}

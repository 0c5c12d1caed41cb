import { epochMs, type Clock } from '@quartermaster/domain';
import type { Context, Hono } from 'hono';
import { manifestRequestSchema, pickupRequestSchema } from './requests.ts';
import { bodyOf, invalid, notFound, refuse } from './replies.ts';
import type { ShipEngineState, StoredLabel } from './state.ts';

type StoredPickup = { readonly id: string; readonly labelIds: readonly string[]; readonly carrierId: string; cancelledAt: string | null };
type StoredManifest = {
  readonly id: string;
  readonly requestId: string;
  readonly labels: readonly StoredLabel[];
  readonly createdAt: string;
  readonly doneAt: number;
};

/** Pickups and manifests. A manifest is made of labels that go from a warehouse of ShipEngine's, one per carrier account and warehouse. */
export function handoverRoutes(
  app: Hono,
  { state, clock, manifestTakesMs }: { readonly state: ShipEngineState; readonly clock: Clock; readonly manifestTakesMs: number },
): void {
  const pickups = new Map<string, StoredPickup>();
  const manifests: StoredManifest[] = [];
  const isDone = ({ doneAt }: StoredManifest) => doneAt <= epochMs(clock.now());

  app.post('/v1/pickups', async (context) => {
    const body = await bodyOf(context, pickupRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const { label_ids: labelIds, pickup_window: window } = body.data;
    const labels = labelIds.map((id) => state.label(id));
    if (labels.some((label) => label === null || label.status !== 'completed'))
      return refuse(invalid('label_ids', 'A label does not exist or was voided.', 'invalid_identifier'));
    const carriers = new Set(labels.map((label) => label?.tariff.carrierId));
    const [carrierId] = carriers;
    if (carriers.size > 1 || carrierId === undefined) return refuse(invalid('label_ids', 'All labels must be of one carrier.'));
    if (window.start_at >= window.end_at || window.start_at.slice(0, 10) !== window.end_at.slice(0, 10) || window.end_at < clock.now())
      return refuse(invalid('pickup_window', 'The window must be within one day to come.'));
    const taken = [...pickups.values()].some(
      (pickup) => pickup.cancelledAt === null && pickup.labelIds.some((id) => labelIds.includes(id)),
    );
    if (taken) return refuse(invalid('label_ids', 'A pickup is booked for a label already.', 'identifier_conflict'));
    const pickup: StoredPickup = { id: `pik_${state.newId().replace('se-', '')}`, labelIds, carrierId, cancelledAt: null };
    pickups.set(pickup.id, pickup);
    return context.json(pickupJson(pickup));
  });

  app.get('/v1/pickups', (context) =>
    context.json({ pickups: [...pickups.values()].map(pickupJson), total: pickups.size, page: 1, pages: 1 }),
  );

  app.delete('/v1/pickups/:id', (context) => {
    const pickup = pickups.get(context.req.param('id'));
    if (pickup === undefined) return notFound();
    if (pickup.cancelledAt !== null) return refuse(invalid('pickup_id', 'The pickup was cancelled already.', 'invalid_status'));
    pickup.cancelledAt = clock.now();
    return context.json({ pickup_id: pickup.id });
  });

  app.post('/v1/manifests', async (context) => {
    const body = await bodyOf(context, manifestRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const asked = body.data.label_ids.map((id) => ({ id, label: state.label(id) }));
    const errors = asked.flatMap(({ id, label }) => {
      const message = reasonAgainst(label);
      return message === null
        ? []
        : [{ error_source: 'shipengine', error_type: 'business_rules', error_code: 'unspecified', message: `${id}: ${message}` }];
    });
    const fit = asked.flatMap(({ label }) => (label !== null && reasonAgainst(label) === null ? [label] : []));
    const groups = Map.groupBy(fit, ({ tariff, request }) => `${tariff.carrierId} ${request.shipment.warehouse_id}`);
    const made = [...groups.values()].map((labels): StoredManifest => {
      const createdAt = clock.now();
      return { id: state.newId(), requestId: state.newId(), labels, createdAt, doneAt: epochMs(createdAt) + manifestTakesMs };
    });
    for (const manifest of made) {
      manifests.push(manifest);
      for (const label of manifest.labels) label.manifestId = manifest.id;
    }
    if (made.length === 0 && errors.length > 0)
      return Response.json({ request_id: '00000000-0000-4000-8000-000000000001', errors }, { status: 400 });
    return context.json({ ...manifestsJson(context, made), request_id: '00000000-0000-4000-8000-000000000001', errors });
  });

  app.get('/v1/manifests', (context) => {
    const wanted = context.req.queries('label_ids') ?? [];
    const found = manifests.filter(
      (manifest) => isDone(manifest) && (wanted.length === 0 || manifest.labels.some(({ id }) => wanted.includes(id))),
    );
    return context.json({ manifests: manifestsJson(context, found).manifests, total: found.length, page: 1, pages: 1 });
  });

  app.get('/v1/manifests/requests/:id', (context) => {
    const found = manifests.filter(({ requestId }) => requestId === context.req.param('id'));
    return found.length === 0 ? notFound() : context.json({ ...manifestsJson(context, found), errors: [] });
  });

  function manifestsJson(context: Context, some: readonly StoredManifest[]): Record<string, unknown> {
    const { origin } = new URL(context.req.url);
    return {
      manifests: some.filter(isDone).map(({ id, labels, createdAt }) => ({
        manifest_id: id,
        form_id: id,
        created_at: createdAt,
        ship_date: createdAt,
        shipments: labels.length,
        label_ids: labels.map((label) => label.id),
        warehouse_id: labels[0]?.request.shipment.warehouse_id,
        submission_id: id,
        carrier_id: labels[0]?.tariff.carrierId,
        manifest_download: { href: `${origin}/v1/downloads/10/sandbox/manifest-${id}.pdf` },
      })),
      manifest_requests: some.map((manifest) => ({
        manifest_request_id: manifest.requestId,
        status: isDone(manifest) ? 'completed' : 'in_progress',
      })),
    };
  }
}

function reasonAgainst(label: StoredLabel | null): string | null {
  if (label === null) return 'There is no such label.';
  if (label.status !== 'completed') return 'The label is not valid.';
  if (label.manifestId !== null) return 'The label is on a manifest already.';
  return label.request.shipment.warehouse_id === undefined ? 'The label goes from no warehouse.' : null;
}

function pickupJson({ id, labelIds, carrierId, cancelledAt }: StoredPickup): Record<string, unknown> {
  return {
    pickup_id: id,
    label_ids: labelIds,
    carrier_id: carrierId,
    confirmation_number: id,
    ...(cancelledAt === null ? {} : { cancelled_at: cancelledAt }),
  };
}

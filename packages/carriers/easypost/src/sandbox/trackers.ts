import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { Hono } from 'hono';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { bodyOf, invalid, notFound } from './answers.ts';
import type { EasyPostState, StoredShipment } from './state.ts';

/** A webhook as it goes over the wire. */
export type SandboxWebhook = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

type Scan = { readonly status: string; readonly detail: string; readonly message: string; readonly at: Instant };

/** What the carrier says when it scans a parcel. */
const scans = {
  accepted: { status: 'in_transit', detail: 'received_at_origin_facility', message: 'Accepted at origin facility' },
  underway: { status: 'in_transit', detail: 'departed_facility', message: 'Departed the depot' },
  stopped: { status: 'failure', detail: 'delivery_exception', message: 'Not at this address: ask Mr. Smith next door' },
  delivered: { status: 'delivered', detail: 'arrived_at_destination', message: 'Delivered, front door' },
} as const;
export type SandboxScan = keyof typeof scans;

/** Numbers of EasyPost's test mode, each with a fate of its own. */
const testFates = ['pre_transit', 'in_transit', 'out_for_delivery', 'delivered', 'return_to_sender', 'failure', 'unknown'];

/** Trackers of all bought labels, and of numbers that were asked for; every scan queues a webhook. */
export function trackers(state: EasyPostState, given: { readonly clock: { now(): Instant }; readonly webhookSecret: string | undefined }) {
  const scanned = new Map<string, Scan[]>();
  const asked = new Map<string, string>();
  let waiting: SandboxWebhook[] = [];

  function trackerOf(shipment: StoredShipment): Record<string, unknown> {
    const { bought } = shipment;
    if (bought === null) return {};
    const { carrier } = bought.rate.tariff;
    const created: Scan = { status: 'pre_transit', detail: 'label_created', message: 'Shipping Label Created', at: bought.at };
    return json({
      id: `trk_${shipment.id.slice(4)}`,
      code: bought.trackingCode,
      carrier,
      shipmentId: shipment.id,
      scans: [created, ...(scanned.get(bought.trackingCode) ?? [])],
    });
  }

  function testTracker(code: string): Record<string, unknown> {
    const fate = testFates[Number(/^EZ(\d)0{8}\1$/.exec(code)?.[1] ?? 0) - 1] ?? 'unknown';
    const at = instantOf(epochMs(given.clock.now()) - 86_400_000);
    return json({
      id: `trk_${code}`,
      code,
      carrier: asked.get(code) ?? 'USPS',
      shipmentId: null,
      scans: [{ status: fate, detail: 'status_update', message: fate, at }],
    });
  }

  function all(): Record<string, unknown>[] {
    return [
      ...state.all().flatMap((shipment) => (shipment.bought === null ? [] : [trackerOf(shipment)])),
      ...[...asked.keys()].map(testTracker),
    ];
  }

  function tell(tracker: Record<string, unknown>): void {
    const body = Buffer.from(
      JSON.stringify({
        id: state.newId('evt'),
        object: 'Event',
        mode: 'test',
        description: 'tracker.updated',
        created_at: given.clock.now(),
        previous_attributes: {},
        pending_urls: [],
        completed_urls: [],
        status: 'pending',
        result: tracker,
      }),
    );
    const secret = given.webhookSecret?.normalize('NFKD');
    const signature =
      secret === undefined ? {} : { 'x-hmac-signature': `hmac-sha256-hex=${createHmac('sha256', secret).update(body).digest('hex')}` };
    waiting.push({ body, headers: { 'content-type': 'application/json', ...signature } });
  }

  return {
    scan(code: string, what: SandboxScan): void {
      const shipment = state.all().find(({ bought }) => bought?.trackingCode === code);
      if (shipment === undefined) return;
      scanned.set(code, [...(scanned.get(code) ?? []), { ...scans[what], at: given.clock.now() }]);
      tell(trackerOf(shipment));
    },

    takeWebhooks(): readonly SandboxWebhook[] {
      const taken = waiting;
      waiting = [];
      return taken;
    },

    serve(app: Hono): void {
      app.get('/v2/trackers', (context) => {
        const { tracking_code: code, carrier } = context.req.query();
        const found = all().filter(
          (tracker) =>
            (code === undefined || tracker['tracking_code'] === code) && (carrier === undefined || tracker['carrier'] === carrier),
        );
        return context.json({ trackers: found.toReversed().slice(0, 20), has_more: found.length > 20 });
      });

      app.get('/v2/trackers/:id', (context) => {
        const tracker = all().find(({ id }) => id === context.req.param('id'));
        return tracker === undefined ? notFound(context) : context.json(tracker);
      });

      // A tracker that is there is given again (EasyPost's documentation of trackers).
      app.post('/v2/trackers', async (context) => {
        const parsed = trackerRequestSchema.safeParse(await bodyOf(context));
        if (!parsed.success) return invalid(context, parsed.error);
        const { tracking_code: code, carrier = 'USPS' } = parsed.data.tracker;
        const there = all().find((tracker) => tracker['tracking_code'] === code);
        if (there !== undefined) return context.json(there);
        asked.set(code, carrier);
        return context.json(testTracker(code));
      });
    },
  };
}

const trackerRequestSchema = z.object({ tracker: z.object({ tracking_code: z.string().min(1), carrier: z.string().optional() }) });

function json(given: {
  readonly id: string;
  readonly code: string;
  readonly carrier: string;
  readonly shipmentId: string | null;
  readonly scans: readonly Scan[];
}) {
  const last = given.scans.at(-1);
  return {
    id: given.id,
    object: 'Tracker',
    mode: 'test',
    tracking_code: given.code,
    status: last?.status ?? 'unknown',
    status_detail: last?.detail ?? 'unknown',
    created_at: given.scans[0]?.at ?? null,
    updated_at: last?.at ?? null,
    signed_by: null,
    weight: null,
    est_delivery_date: null,
    shipment_id: given.shipmentId,
    carrier: given.carrier,
    tracking_details: given.scans.map(({ status, detail, message, at }) => ({
      object: 'TrackingDetail',
      message,
      description: message,
      status,
      status_detail: detail,
      datetime: at,
      source: given.carrier,
      carrier_code: '',
      tracking_location: { object: 'TrackingLocation', city: 'SAN FRANCISCO', state: 'CA', country: 'US', zip: '94104' },
    })),
    carrier_detail: null,
    public_url: `https://track.easypost.test/${given.id}`,
  };
}

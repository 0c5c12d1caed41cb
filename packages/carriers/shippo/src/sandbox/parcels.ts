import type { Clock, Instant } from '@quartermaster/domain';
import type { Hono } from 'hono';
import { createHmac } from 'node:crypto';
import { notFound } from './answers.ts';
import type { ShippoState, StoredTransaction } from './state.ts';

/** A webhook as it goes over the wire. */
export type SandboxWebhook = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

/** What the carrier says when it scans a parcel. */
const scans = {
  accepted: { status: 'TRANSIT', code: 'package_accepted', text: 'Your shipment has been accepted.' },
  delivered: { status: 'DELIVERED', code: 'delivered', text: 'Your shipment has been delivered.' },
} as const;
export type SandboxScan = keyof typeof scans;

type Told = { readonly status: string; readonly code: string; readonly text: string; readonly at: Instant; readonly id: string };

const mocked = ['PRE_TRANSIT', 'TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE', 'UNKNOWN'];

/** The ways of bought parcels and of Shippo's mock numbers. Every scan queues a webhook. In test mode Shippo follows its mock numbers alone; the sandbox follows its labels as well. */
export function parcels(state: ShippoState, given: { readonly clock: Clock; readonly webhookSecret: string | undefined }) {
  const scanned = new Map<string, Told[]>();
  let waiting: SandboxWebhook[] = [];

  function trackJson(transaction: StoredTransaction): Record<string, unknown> {
    const { rate } = transaction;
    const created: Told = {
      status: 'PRE_TRANSIT',
      code: 'information_received',
      text: 'The shipping label has been created.',
      at: transaction.createdAt,
      id: `${transaction.id.slice(0, 28)}0000`,
    };
    return json({
      carrier: rate.tariff.carrier,
      service: rate.tariff.service,
      number: transaction.trackingNumber,
      transaction: transaction.id,
      told: [created, ...(scanned.get(transaction.trackingNumber) ?? [])],
    });
  }

  function mockJson(number: string): Record<string, unknown> | null {
    const status = number.replace(/^SHIPPO_/, '');
    if (!mocked.includes(status)) return null;
    const told = [{ status, code: '', text: `Mock event ${status}`, at: given.clock.now(), id: '0'.repeat(32) }];
    return json({ carrier: 'shippo', service: 'shippo_priority', number, transaction: null, told });
  }

  function tell(track: Record<string, unknown>): void {
    const body = Buffer.from(JSON.stringify({ event: 'track_updated', test: true, data: track }));
    const seconds = Math.floor(Date.parse(given.clock.now()) / 1_000);
    const signature = (secret: string) => createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
    waiting.push({
      body,
      headers: {
        'content-type': 'application/json',
        ...(given.webhookSecret === undefined ? {} : { 'shippo-auth-signature': `t=${seconds},v1=${signature(given.webhookSecret)}` }),
      },
    });
  }

  return {
    scan(number: string, what: SandboxScan): boolean {
      const transaction = state.transactions().find(({ trackingNumber }) => trackingNumber === number);
      if (transaction === undefined) return false;
      transaction.isScanned = true;
      scanned.set(number, [...(scanned.get(number) ?? []), { ...scans[what], at: given.clock.now(), id: state.newId() }]);
      tell(trackJson(transaction));
      return true;
    },

    takeWebhooks(): readonly SandboxWebhook[] {
      const taken = waiting;
      waiting = [];
      return taken;
    },

    serve(app: Hono): void {
      app.get('/tracks/:carrier/:number', (context) => {
        const { carrier, number } = context.req.param();
        if (carrier === 'shippo') {
          const mock = mockJson(number);
          return mock === null ? notFound(context) : context.json(mock);
        }
        if (!state.tariffs().some((tariff) => tariff.carrier === carrier))
          return context.json({ detail: `Carrier with name '${carrier}' is not supported.` }, 400);
        const transaction = state.transactions().find(({ trackingNumber }) => trackingNumber === number);
        return transaction === undefined || transaction.rate.tariff.carrier !== carrier
          ? notFound(context)
          : context.json(trackJson(transaction));
      });
    },
  };
}

function json(given: {
  readonly carrier: string;
  readonly service: string;
  readonly number: string;
  readonly transaction: string | null;
  readonly told: readonly Told[];
}): Record<string, unknown> {
  const history = given.told.map(({ status, code, text, at, id }) => ({
    object_id: id,
    object_created: at,
    object_updated: null,
    status,
    status_details: text,
    status_date: at,
    substatus: code === '' ? null : { code, text, action_required: false },
    location: { city: 'San Francisco', state: 'CA', zip: '94103', country: 'US' },
  }));
  return {
    messages: [],
    carrier: given.carrier,
    tracking_number: given.number,
    address_from: { city: 'San Francisco', state: 'CA', zip: '94103', country: 'US' },
    address_to: { city: 'Chicago', state: 'IL', zip: '60611', country: 'US' },
    eta: null,
    original_eta: null,
    servicelevel: { token: given.service, name: given.service },
    metadata: '',
    tracking_status: history.at(-1) ?? null,
    tracking_history: history,
    transaction: given.transaction,
    test: true,
  };
}

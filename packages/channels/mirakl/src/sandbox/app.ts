import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { mayCall, Refusal, type Answer, type Asked } from './answers.ts';
import { importErrors, importStatus, importStock, listOffers } from './offer-routes.ts';
import { acceptOrder, cancelLines, cancelOrder, listOrders, refundLines, sandboxReasons, updateOrders } from './order-routes.ts';
import { listReturns } from './return-routes.ts';
import { createShipments, listShipments, setTracking, shipOrder } from './shipment-routes.ts';
import type { MarketState } from './state.ts';

type Route = readonly [method: string, path: RegExp, query: readonly string[], play: (state: MarketState, asked: Asked) => Answer];

const offsetPages = ['max', 'offset', 'sort', 'order'];
const seekPages = ['limit', 'page_token', 'sort', 'order'];

const routes: readonly Route[] = [
  ['GET', /^\/api\/orders$/, ['order_ids', 'start_update_date', 'end_update_date', 'order_state_codes', ...offsetPages], listOrders],
  ['PUT', /^\/api\/orders$/, [], updateOrders],
  ['PUT', /^\/api\/orders\/cancel$/, [], cancelLines],
  ['PUT', /^\/api\/orders\/refund$/, [], refundLines],
  ['PUT', /^\/api\/orders\/([^/]+)\/accept$/, [], acceptOrder],
  ['PUT', /^\/api\/orders\/([^/]+)\/cancel$/, [], cancelOrder],
  ['PUT', /^\/api\/orders\/([^/]+)\/tracking$/, [], setTracking],
  ['PUT', /^\/api\/orders\/([^/]+)\/ship$/, [], shipOrder],
  ['POST', /^\/api\/shipments$/, [], createShipments],
  ['GET', /^\/api\/shipments$/, ['order_id', ...seekPages], listShipments],
  ['GET', /^\/api\/offers$/, ['sku', ...offsetPages], listOffers],
  ['POST', /^\/api\/offers\/stock\/imports$/, [], importStock],
  ['GET', /^\/api\/offers\/stock\/imports\/([^/]+)\/status$/, [], importStatus],
  ['GET', /^\/api\/offers\/stock\/imports\/([^/]+)\/error_report$/, [], importErrors],
  ['GET', /^\/api\/returns$/, ['return_last_updated_from', ...seekPages], listReturns],
  ['GET', /^\/api\/reasons$/, ['locale'], () => ({ status: 200, body: { reasons: sandboxReasons, total_count: sandboxReasons.length } })],
  ['GET', /^\/api\/account$/, [], account],
  ['GET', /^\/api\/platform\/configuration$/, [], platform],
];

function account(state: MarketState): Answer {
  mayCall(state, 'A01', 86_400_000);
  return {
    status: 200,
    body: { shop_id: state.shopId, shop_name: 'Acme', shop_state: state.shopState, currency_iso_code: state.currency },
  };
}

function platform(state: MarketState): Answer {
  const features = { shipment: { multi_shipment: state.multiShipment, multi_part_item_shipment: false }, returns: { marketplace: true } };
  return {
    status: 200,
    body: { features, platform_name: 'Otto Markt', tenant_name: 'otto', timezone: 'Europe/Berlin' },
  };
}

/** The marketplace's HTTP side: key, shop, routes, and refusals as Mirakl words them. */
export function createApp(state: MarketState, apiKey: string): SandboxApp {
  return async (request) => {
    try {
      return told(await play(request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return told({ status: error.status, body: { message: error.message, status: error.status } });
    }
  };

  async function play(request: Request): Promise<Answer> {
    if (request.headers.get('authorization') !== apiKey) throw new Refusal(401, 'Unauthorized');
    const { pathname, searchParams: query } = new URL(request.url);
    const shop = query.get('shop_id');
    if (shop !== null && Number(shop) !== state.shopId) throw new Refusal(403, 'This shop is not one of yours');
    for (const [method, path, known, answer] of routes) {
      const fits = request.method === method ? path.exec(pathname) : null;
      if (fits === null) continue;
      const strange = [...query.keys()].find((name) => name !== 'shop_id' && !known.includes(name));
      if (strange !== undefined) throw new Refusal(400, `there is no parameter ${strange}`);
      return answer(state, { query, body: await bodyIn(request), id: decodeURIComponent(fits[1] ?? '') });
    }
    throw new Refusal(404, `No resource ${request.method} ${pathname}`);
  }
}

async function bodyIn(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/form-data')) {
    const fields: [string, string][] = [];
    for (const [name, value] of await request.formData()) fields.push([name, typeof value === 'string' ? value : await value.text()]);
    return Object.fromEntries(fields);
  }
  const text = await request.text();
  if (text === '') return undefined;
  if (!type.startsWith('application/json')) throw new Refusal(415, 'Unsupported media type');
  const body: unknown = JSON.parse(text);
  return body;
}

function told({ body, csv, status }: Answer): Response {
  if (csv !== undefined) return new Response(csv, { status, headers: { 'content-type': 'text/csv' } });
  return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
}

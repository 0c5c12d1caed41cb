import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { invalidParameter, isRecord, RestError, type Answer, type Asked } from './answers.ts';
import { authentication, type SandboxKey } from './authentication.ts';
import {
  addFulfillment,
  addNote,
  addRefund,
  changeOrder,
  listFulfillments,
  listNotes,
  listOrders,
  listRefunds,
  readOrder,
} from './order-routes.ts';
import { changeProducts, listProducts, listVariations } from './product-routes.ts';
import { nowSeconds, type ShopState } from './state.ts';
import { addWebhook, changeWebhook, listWebhooks, readWebhook, removeWebhook } from './webhook-routes.ts';

export type AppOptions = {
  readonly state: ShopState;
  readonly key: SandboxKey;
  readonly stripsAuthorization: boolean;
  /** Whether the shop knows `wc/v3/variations`, as from 10.3 on. */
  readonly hasVariationsRoute: boolean;
  /** A firewall in front of the shop, which answers more than so many requests per second with a page. */
  readonly firewall: { readonly perSecond: number; readonly burst: number } | null;
};

type Route = readonly [method: string, path: RegExp, play: (state: ShopState, asked: Asked, id: number) => Answer];

const routes: readonly Route[] = [
  ['GET', /^\/wc\/v3\/orders$/, listOrders],
  ['GET', /^\/wc\/v3\/orders\/(\d+)$/, readOrder],
  ['PUT', /^\/wc\/v3\/orders\/(\d+)$/, changeOrder],
  ['GET', /^\/wc\/v3\/orders\/(\d+)\/notes$/, listNotes],
  ['POST', /^\/wc\/v3\/orders\/(\d+)\/notes$/, addNote],
  ['GET', /^\/wc\/v3\/orders\/(\d+)\/refunds$/, listRefunds],
  ['POST', /^\/wc\/v3\/orders\/(\d+)\/refunds$/, addRefund],
  ['GET', /^\/wc\/v3\/products$/, listProducts],
  ['POST', /^\/wc\/v3\/products\/batch$/, (state, asked) => changeProducts(state, asked, null)],
  ['GET', /^\/wc\/v3\/products\/(\d+)\/variations$/, listVariations],
  ['POST', /^\/wc\/v3\/products\/(\d+)\/variations\/batch$/, changeProducts],
  ['GET', /^\/wc\/v3\/webhooks$/, listWebhooks],
  ['POST', /^\/wc\/v3\/webhooks$/, addWebhook],
  ['GET', /^\/wc\/v3\/webhooks\/(\d+)$/, readWebhook],
  ['PUT', /^\/wc\/v3\/webhooks\/(\d+)$/, changeWebhook],
  ['DELETE', /^\/wc\/v3\/webhooks\/(\d+)$/, removeWebhook],
  [
    'GET',
    /^\/wc\/v3\/settings\/general\/woocommerce_price_num_decimals$/,
    ({ decimals }) => setting('woocommerce_price_num_decimals', String(decimals)),
  ],
  [
    'GET',
    /^\/wc\/v3\/settings\/products\/woocommerce_manage_stock$/,
    ({ managesStock }) => setting('woocommerce_manage_stock', managesStock ? 'yes' : 'no'),
  ],
  [
    'GET',
    /^\/wc\/v3\/data\/currencies\/current$/,
    ({ currency }) => ({ status: 200, body: { code: currency, name: currency, symbol: currency } }),
  ],
];
const variationRoutes: readonly Route[] = [['GET', /^\/wc\/v3\/variations$/, (state, asked) => listVariations(state, asked, null)]];
const fulfillmentRoutes: readonly Route[] = [
  ['GET', /^\/wc\/v3\/orders\/(\d+)\/fulfillments$/, listFulfillments],
  ['POST', /^\/wc\/v3\/orders\/(\d+)\/fulfillments$/, addFulfillment],
];

/** The emulated shop's HTTP side: address, firewall, keys, routes. */
export function createApp(options: AppOptions): SandboxApp {
  const { state } = options;
  const authenticate = authentication({
    key: options.key,
    stripsAuthorization: options.stripsAuthorization,
    nowSeconds: () => nowSeconds(state),
  });
  const mayPass = firewall(options);
  const known = [...routes, ...(options.hasVariationsRoute ? variationRoutes : []), ...(state.fulfillments ? fulfillmentRoutes : [])];

  return async (request) => {
    if (!mayPass())
      return new Response('<!doctype html><title>429</title>', {
        status: 429,
        headers: { 'content-type': 'text/html', 'retry-after': '2' },
      });
    try {
      return told(await play(request));
    } catch (error) {
      if (error instanceof RestError) return told(error.answer());
      throw error;
    }
  };

  async function play(request: Request): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url);
    const path = /^\/wp-json(\/.*)?$/.exec(pathname)?.[1];
    if (path === undefined) return { status: 404, body: '<!doctype html><title>Page not found</title>' };
    if (path === '/') return { status: 200, body: { name: 'Sandbox shop', namespaces: ['oembed/1.0', 'wc/v3', 'wp/v2'] } };
    const route = known.find(([method, pattern]) => method === request.method && pattern.test(path));
    if (route === undefined) throw new RestError(404, 'rest_no_route', 'No route was found matching the URL and request method.');
    authenticate(request);
    const asked = { method: request.method, path, query: searchParams, body: await bodyOf(request) };
    return route[2](state, asked, Number(route[1].exec(path)?.[1] ?? 0));
  }
}

async function bodyOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text();
  if (text === '') return {};
  if (request.headers.get('content-type') !== 'application/json') throw invalidParameter('body', 'The sandbox takes JSON only.');
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
  } catch {
    // Told below, as WordPress tells it.
  }
  throw new RestError(400, 'rest_invalid_json', 'Invalid JSON body passed.');
}

function told({ status, body, headers }: Answer): Response {
  const isPage = typeof body === 'string';
  return new Response(isPage ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': isPage ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8', ...headers },
  });
}

function setting(id: string, value: string): Answer {
  return { status: 200, body: { id, value, label: id, type: 'text' } };
}

function firewall({ firewall: limit, state }: AppOptions): () => boolean {
  let points = limit?.burst ?? 0;
  let at = Date.parse(state.clock.now());
  return () => {
    if (limit === null) return true;
    const now = Date.parse(state.clock.now());
    points = Math.min(limit.burst, points + (Math.max(0, now - at) / 1_000) * limit.perSecond);
    at = now;
    if (points < 1) return false;
    points -= 1;
    return true;
  };
}

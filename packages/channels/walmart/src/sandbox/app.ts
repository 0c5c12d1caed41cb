import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { WalmartBucket } from '../limits.ts';
import { absent, WalmartRefusal, wireError, type Asked } from './answers.ts';
import { allInventories, feedState, inventory, itemInventory, postFeed } from './inventory.ts';
import { acknowledge, cancel, refund, ship } from './order-writes.ts';
import { getOrder, getOrders } from './orders.ts';
import { getReturns } from './returns.ts';
import { nextNumber, nowMs, type WalmartState } from './state.ts';
import { webhookApi } from './webhooks.ts';

export type AppOptions = {
  readonly state: WalmartState;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly quotas: Readonly<Record<WalmartBucket, { readonly calls: number; readonly perMs: number }>>;
};

/** Access tokens live 15 minutes. */
const tokenSeconds = 900;

/** The emulated Walmart's HTTP side: headers, tokens, throttles, and the operations. */
export function createApp(options: AppOptions): SandboxApp {
  const { state } = options;

  return async (request) => {
    const url = new URL(request.url);
    const asked: Asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      text: await request.text(),
    };
    const route = routeOf(asked);
    const rates = route === null ? {} : rateHeaders(route.bucket);
    try {
      if (route === null) throw absent('No such resource', 'GATEWAY');
      needHeaders(asked);
      if (route.bucket !== 'token' || asked.path !== '/v3/token') needToken(asked);
      count(route.bucket);
      return respond(200, await route.answer(), rateHeaders(route.bucket));
    } catch (error) {
      if (!(error instanceof WalmartRefusal)) throw error;
      const list = [wireError(error)];
      // Both forms are about; the order API has the nested one.
      const body = asked.path.startsWith('/v3/orders') ? { errors: { error: list } } : { error: list };
      return respond(error.status, body, route === null ? rates : rateHeaders(route.bucket));
    }
  };

  function routeOf(asked: Asked): { readonly bucket: WalmartBucket; answer(): unknown } | null {
    const { method, path } = asked;
    const [, id = '', action] = /^\/v3\/orders\/([^/]+)(?:\/(acknowledge|shipping|cancel|refund))?$/.exec(path) ?? [];
    const orderId = decodeURIComponent(id);
    const sku = /^\/v3\/inventories\/([^/]+)$/.exec(path)?.[1];
    const feed = /^\/v3\/feeds\/([^/]+)$/.exec(path)?.[1];
    const webhook = /^\/v3\/webhooks\/(.+)$/.exec(path)?.[1];
    if (webhook !== undefined) return { bucket: 'webhooks', answer: () => webhookApi(state, asked, webhook) };
    if (sku !== undefined)
      return {
        bucket: method === 'PUT' ? 'inventory-write' : 'inventory-read',
        answer: () => itemInventory(state, asked, decodeURIComponent(sku)),
      };
    if (feed !== undefined && method === 'GET')
      return { bucket: 'feeds-read', answer: () => feedState(state, asked, decodeURIComponent(feed)) };
    if (id !== '' && action === undefined && method === 'GET') return { bucket: 'orders-read', answer: () => getOrder(state, orderId) };
    switch (`${method} ${action ?? path}`) {
      case 'POST /v3/token':
        return { bucket: 'token', answer: () => grant(asked) };
      case 'GET /v3/token/detail':
        return { bucket: 'token', answer: () => tokenDetail() };
      case 'GET /v3/orders':
        return { bucket: 'orders-read', answer: () => getOrders(state, asked) };
      case 'POST acknowledge':
        return { bucket: 'acknowledge', answer: () => acknowledge(state, orderId) };
      case 'POST shipping':
        return { bucket: 'ship', answer: () => ship(state, asked, orderId) };
      case 'POST cancel':
        return { bucket: 'cancel', answer: () => cancel(state, asked, orderId) };
      case 'POST refund':
        return { bucket: 'refund', answer: () => refund(state, asked, orderId) };
      case 'GET /v3/inventory':
        return { bucket: 'inventory-read', answer: () => inventory(state, asked) };
      case 'PUT /v3/inventory':
        return { bucket: 'inventory-write', answer: () => inventory(state, asked) };
      case 'GET /v3/inventories':
        return { bucket: 'inventories-list', answer: () => allInventories(state, asked) };
      case 'POST /v3/feeds':
        return { bucket: 'feeds-write', answer: () => postFeed(state, asked) };
      case 'GET /v3/returns':
        return { bucket: 'returns-read', answer: () => getReturns(state, asked) };
      default:
        return null;
    }
  }

  function needHeaders({ headers }: Asked): void {
    for (const name of ['wm_svc.name', 'wm_qos.correlation_id', 'accept'])
      if ((headers.get(name) ?? '') === '')
        throw new WalmartRefusal(400, 'INVALID_REQUEST_HEADER.GMP_GATEWAY_API', `Header ${name} is missing`);
  }

  function needToken({ headers }: Asked): void {
    const until = state.tokens.get(headers.get('wm_sec.access_token') ?? '');
    if (until === undefined || nowMs(state) >= until)
      throw new WalmartRefusal(401, 'UNAUTHORIZED.GMP_GATEWAY_API', 'Unauthorized token or incorrect authorization header');
  }

  function grant(asked: Asked) {
    const basic = `Basic ${Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64')}`;
    if (asked.headers.get('authorization') !== basic)
      throw new WalmartRefusal(401, 'UNAUTHORIZED.GMP_GATEWAY_API', 'Invalid client id or client secret');
    if (new URLSearchParams(asked.text).get('grant_type') !== 'client_credentials')
      throw new WalmartRefusal(400, 'INVALID_REQUEST_PARAM.GMP_GATEWAY_API', 'grant_type is not supported');
    const token = `eyJraWQ.sandbox.${String(nextNumber(state, 'token')).padStart(12, '0')}`;
    state.tokens.set(token, nowMs(state) + tokenSeconds * 1_000);
    return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds };
  }

  function tokenDetail() {
    const now = nowMs(state);
    return {
      expire_at: String(now + tokenSeconds * 1_000),
      issued_at: String(now),
      is_valid: true,
      is_channel_match: true,
      scopes: options.scopes,
    };
  }

  /** A bucket is filled anew, wholly, when its time is over. */
  function windowOf(bucket: WalmartBucket) {
    const now = nowMs(state);
    const held = state.rates.get(bucket);
    if (held !== undefined && now < held.until) return held;
    const fresh = { used: 0, until: now + options.quotas[bucket].perMs };
    state.rates.set(bucket, fresh);
    return fresh;
  }

  function count(bucket: WalmartBucket): void {
    const window = windowOf(bucket);
    if (window.used >= options.quotas[bucket].calls)
      throw new WalmartRefusal(429, 'REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API', 'Request threshold violated for this operation');
    window.used += 1;
  }

  /** Both spellings of the second header are in the wild. */
  function rateHeaders(bucket: WalmartBucket): Readonly<Record<string, string>> {
    const { used, until } = windowOf(bucket);
    const name = used % 2 === 0 ? 'x-next-replenishment-time' : 'x-next-replenish-time';
    return { 'x-current-token-count': String(options.quotas[bucket].calls - used), [name]: String(until) };
  }

  function respond(status: number, body: unknown, headers: Readonly<Record<string, string>>): Response {
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', date: new Date(nowMs(state)).toUTCString(), ...headers },
    });
  }
}

import { epochMs, instantAt, addDays, localDate } from '@quartermaster/domain';
import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { EbayApi } from '../limits.ts';
import { createSigningKey, grantToken, holderOf, needScope, needSignature, type Keyset } from './access.ts';
import { EbayRefusal, wireError, type Answer, type Asked } from './answers.ts';
import { bulkGetItems, bulkUpdate, getItems, getLocations, getOffers } from './inventory.ts';
import { notificationApi, type Endpoint } from './notifications.ts';
import { createFulfillment, getFulfillments, getOrder, getOrders } from './orders.ts';
import { approveCancellation, createCancellation } from './post-order.ts';
import { issueRefund } from './refunds.ts';
import { searchReturns } from './returns.ts';
import type { EbayState } from './state.ts';

export type AppOptions = {
  readonly state: EbayState;
  readonly keyset: Keyset;
  readonly scopes: readonly string[];
  readonly quotas: Readonly<Record<EbayApi, number>>;
  readonly zone: string;
  readonly signaturesRequired: boolean;
  readonly refundProcessingMs: number;
  readonly cancelProcessingMs: number;
  readonly skusPerCall: number;
  readonly endpoint: Endpoint;
};

/** The emulated eBay's HTTP side: quotas, tokens, scopes, and the operations. */
export function createApp(options: AppOptions): SandboxApp {
  const { state } = options;

  return async (request) => {
    const url = new URL(request.url);
    const api = apiOf(url.pathname);
    try {
      if (api === null) throw new EbayRefusal(404, 2_002, 'Resource not found', 'ACCESS');
      turnDay();
      count(api);
      const text = await request.text();
      if (/[[\]{}|]/.test(url.search)) throw new EbayRefusal(400, 30_800, 'Invalid filter value: brackets must be percent-encoded');
      const { searchParams: query, pathname: path, host } = url;
      return respond(await answer(api, { method: request.method, path, query, headers: request.headers, host, text }));
    } catch (error) {
      if (!(error instanceof EbayRefusal)) throw error;
      const list = [wireError(error.errorId, error.message, error.domain)];
      return respond({ status: error.status, body: api === 'post-order' ? { error: list } : { errors: list } });
    }
  };

  async function answer(api: EbayApi, given: Omit<Asked, 'as'>): Promise<Answer> {
    if (api === 'token') return grantToken(state, { ...given, as: 'application' }, options.keyset, options.scopes);
    const holder = holderOf(state, given.headers, api === 'post-order' ? 'IAF' : 'Bearer');
    const asked: Asked = { ...given, as: holder.kind };
    switch (api) {
      case 'fulfillment':
        needScope(holder, 'sell.fulfillment');
        return fulfillment(asked);
      case 'inventory':
        needScope(holder, 'sell.inventory');
        return inventory(asked);
      case 'notification':
        needScope(holder, holder.kind === 'seller' ? 'commerce.notification.subscription' : '');
        return notificationApi(state, asked, options.endpoint);
      case 'analytics':
        needScope(holder, '');
        return { status: 200, body: rateLimits() };
      case 'key-management':
        needScope(holder, '');
        return { status: 201, body: createSigningKey(state) };
      case 'post-order':
        return postOrder(asked);
    }
  }

  function fulfillment(asked: Asked): Answer {
    const [, id, action] =
      /^\/sell\/fulfillment\/v1\/order(?:\/([^/]+)(?:\/(shipping_fulfillment|issue_refund))?)?$/.exec(asked.path) ?? [];
    if (id === undefined) return getOrders(state, asked);
    const orderId = decodeURIComponent(id);
    if (action === undefined) return getOrder(state, asked, orderId);
    if (action === 'issue_refund') {
      needScope(holderOf(state, asked.headers, 'Bearer'), 'sell.finances');
      if (options.signaturesRequired) needSignature(state, asked);
      return issueRefund(state, asked, orderId, options.refundProcessingMs);
    }
    return asked.method === 'POST' ? createFulfillment(state, asked, orderId) : getFulfillments(state, orderId);
  }

  function inventory(asked: Asked): Answer {
    switch (`${asked.method} ${asked.path.replace('/sell/inventory/v1/', '')}`) {
      case 'POST bulk_get_inventory_item':
        return bulkGetItems(state, asked);
      case 'POST bulk_update_price_quantity':
        return bulkUpdate(state, asked, options.skusPerCall);
      case 'GET inventory_item':
        return getItems(state, asked);
      case 'GET offer':
        return getOffers(state, asked);
      case 'GET location':
        return getLocations(state);
      default:
        throw new EbayRefusal(404, 2_002, 'Resource not found', 'ACCESS');
    }
  }

  function postOrder(asked: Asked): Answer {
    if (asked.headers.get('x-ebay-c-marketplace-id') === null)
      throw new EbayRefusal(400, 1_601, 'X-EBAY-C-MARKETPLACE-ID is missing', 'postorder');
    if (asked.method === 'GET' && asked.path === '/post-order/v2/return/search') return searchReturns(state, asked);
    if (options.signaturesRequired) needSignature(state, asked);
    const approved = /^\/post-order\/v2\/cancellation\/([^/]+)\/approve$/.exec(asked.path)?.[1];
    if (asked.method === 'POST' && approved !== undefined)
      return approveCancellation(state, decodeURIComponent(approved), options.cancelProcessingMs);
    if (asked.method === 'POST' && asked.path === '/post-order/v2/cancellation')
      return createCancellation(state, asked, options.cancelProcessingMs);
    throw new EbayRefusal(404, 2_002, 'Resource not found', 'ACCESS');
  }

  /** Quotas and revisions begin anew with the day. */
  function turnDay(): void {
    const today = localDate(state.clock.now(), options.zone);
    if (today === state.day) return;
    state.day = today;
    state.calls.clear();
    state.revisions.clear();
  }

  function count(api: EbayApi): void {
    const calls = (state.calls.get(api) ?? 0) + 1;
    if (calls > options.quotas[api]) throw new EbayRefusal(429, 2_001, 'The request limit has been reached for the resource.', 'ACCESS');
    state.calls.set(api, calls);
  }

  function rateLimits() {
    const reset = instantAt(addDays(state.day, 1), '00:00', options.zone);
    return {
      rateLimits: (['fulfillment', 'inventory', 'notification'] as const).map((api) => ({
        apiContext: api === 'notification' ? 'commerce' : 'sell',
        apiName: api,
        apiVersion: 'v1',
        resources: [
          {
            name: `${api}.all`,
            rates: [
              {
                count: state.calls.get(api) ?? 0,
                limit: options.quotas[api],
                remaining: Math.max(0, options.quotas[api] - (state.calls.get(api) ?? 0)),
                reset,
                timeWindow: 86_400,
              },
            ],
          },
        ],
      })),
    };
  }

  function respond({ status, body, location }: Answer): Response {
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: {
        'content-type': 'application/json',
        date: new Date(epochMs(state.clock.now())).toUTCString(),
        rlogid: `t6q-${state.calls.get('fulfillment') ?? 0}`,
        ...(location === undefined ? {} : { location }),
      },
    });
  }
}

const prefixes: readonly (readonly [prefix: string, api: EbayApi])[] = [
  ['/identity/v1/oauth2/token', 'token'],
  ['/sell/fulfillment/v1/', 'fulfillment'],
  ['/sell/inventory/v1/', 'inventory'],
  ['/commerce/notification/v1/', 'notification'],
  ['/developer/analytics/v1_beta/', 'analytics'],
  ['/developer/key_management/v1/', 'key-management'],
  ['/post-order/v2/', 'post-order'],
];

function apiOf(path: string): EbayApi | null {
  return prefixes.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null;
}

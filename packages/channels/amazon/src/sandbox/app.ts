import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { serveDocument } from './documents.ts';
import { createFeed, createFeedDocument, getFeed, getFeedDocument, getFeeds, processFeeds } from './feeds.ts';
import { errorBody, invalid, Refusal, respond, type Answer, type Asked } from './http.ts';
import { applyStockChanges, getListing, patchListing, searchListings } from './listings.ts';
import type { Login } from './login.ts';
import { confirmShipment, getOrder, searchOrders } from './orders.ts';
import { quotasOf } from './quotas.ts';
import { createReport, getReport, getReportDocument, getReports } from './reports.ts';
import type { AmazonState } from './state.ts';
import { createDestination, createSubscription, deleteSubscription, getDestinations, getSubscription } from './subscriptions.ts';

type Operation = {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly run: (state: AmazonState, asked: Asked) => Answer;
  /** Of the app, not of a seller. */
  readonly grantless?: true;
};

const operations: readonly Operation[] = [
  { name: 'searchOrders', method: 'GET', path: /^\/orders\/2026-01-01\/orders$/, run: searchOrders },
  { name: 'getOrder', method: 'GET', path: /^\/orders\/2026-01-01\/orders\/(?<orderId>[^/]+)$/, run: getOrder },
  {
    name: 'confirmShipment',
    method: 'POST',
    path: /^\/orders\/v0\/orders\/(?<orderId>[^/]+)\/shipmentConfirmation$/,
    run: confirmShipment,
  },
  { name: 'searchListingsItems', method: 'GET', path: /^\/listings\/2021-08-01\/items\/(?<sellerId>[^/]+)$/, run: searchListings },
  { name: 'getListingsItem', method: 'GET', path: /^\/listings\/2021-08-01\/items\/(?<sellerId>[^/]+)\/(?<sku>[^/]+)$/, run: getListing },
  {
    name: 'patchListingsItem',
    method: 'PATCH',
    path: /^\/listings\/2021-08-01\/items\/(?<sellerId>[^/]+)\/(?<sku>[^/]+)$/,
    run: patchListing,
  },
  { name: 'createFeedDocument', method: 'POST', path: /^\/feeds\/2021-06-30\/documents$/, run: createFeedDocument },
  { name: 'getFeedDocument', method: 'GET', path: /^\/feeds\/2021-06-30\/documents\/(?<feedDocumentId>[^/]+)$/, run: getFeedDocument },
  { name: 'createFeed', method: 'POST', path: /^\/feeds\/2021-06-30\/feeds$/, run: createFeed },
  { name: 'getFeeds', method: 'GET', path: /^\/feeds\/2021-06-30\/feeds$/, run: getFeeds },
  { name: 'getFeed', method: 'GET', path: /^\/feeds\/2021-06-30\/feeds\/(?<feedId>[^/]+)$/, run: getFeed },
  { name: 'createReport', method: 'POST', path: /^\/reports\/2021-06-30\/reports$/, run: createReport },
  { name: 'getReports', method: 'GET', path: /^\/reports\/2021-06-30\/reports$/, run: getReports },
  { name: 'getReport', method: 'GET', path: /^\/reports\/2021-06-30\/reports\/(?<reportId>[^/]+)$/, run: getReport },
  {
    name: 'getReportDocument',
    method: 'GET',
    path: /^\/reports\/2021-06-30\/documents\/(?<reportDocumentId>[^/]+)$/,
    run: getReportDocument,
  },
  { name: 'getMarketplaceParticipations', method: 'GET', path: /^\/sellers\/v1\/marketplaceParticipations$/, run: participations },
  { name: 'getDestinations', method: 'GET', path: /^\/notifications\/v1\/destinations$/, run: getDestinations, grantless: true },
  { name: 'createDestination', method: 'POST', path: /^\/notifications\/v1\/destinations$/, run: createDestination, grantless: true },
  {
    name: 'getSubscription',
    method: 'GET',
    path: /^\/notifications\/v1\/subscriptions\/(?<notificationType>[^/]+)$/,
    run: getSubscription,
  },
  {
    name: 'createSubscription',
    method: 'POST',
    path: /^\/notifications\/v1\/subscriptions\/(?<notificationType>[^/]+)$/,
    run: createSubscription,
  },
  {
    name: 'deleteSubscriptionById',
    method: 'DELETE',
    path: /^\/notifications\/v1\/subscriptions\/(?<notificationType>[^/]+)\/(?<subscriptionId>[^/]+)$/,
    run: deleteSubscription,
  },
];

/** The emulated Amazon's HTTP side: login, documents, and the API with its tokens, quotas and errors. */
export function createApp(state: AmazonState, login: Login, onCall: (operation: string, refusedForRate: boolean) => void): SandboxApp {
  const quotas = quotasOf(state);
  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname === '/auth/o2/token') return login.token(request);
    applyStockChanges(state);
    processFeeds(state);
    if (url.pathname.startsWith('/documents/')) return serveDocument(state, request);
    const operation = operations.find(({ method, path }) => method === request.method && path.test(url.pathname));
    // What is no path of an operation, such as one with an unencoded slash in a SKU, the gateway answers like this.
    if (operation === undefined) return respond(state, denied('Access to requested resource is denied.', ''), null);
    const holder = login.holder(request.headers.get('x-amz-access-token'));
    if (holder === null)
      return respond(state, denied('Access to requested resource is denied.', 'Access token is missing in the request header.'), null);
    if (holder === 'expired') {
      return respond(state, denied('Access to requested resource is denied.', 'The access token you provided has expired.'), null);
    }
    if ((holder === 'app') !== (operation.grantless === true))
      return respond(state, denied('Access to requested resource is denied.', ''), null);
    const taken = quotas.take(operation.name);
    onCall(operation.name, !taken);
    if (!taken) {
      const body = errorBody('QuotaExceeded', 'You exceeded your quota for the requested resource.');
      return respond(state, { status: 429, body }, null);
    }
    const rate = quotas.rateOf(operation.name);
    try {
      const groups = operation.path.exec(url.pathname)?.groups ?? {};
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
      const asked = { params, query: url.searchParams, body: await bodyOf(request), origin: url.origin };
      return respond(state, operation.run(state, asked), rate);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return respond(state, { status: error.status, body: errorBody(error.code, error.message, error.details) }, rate);
    }
  };
}

function participations(state: AmazonState): Answer {
  const { id, name, currency } = state.marketplace;
  const marketplace = { id, name, countryCode: 'DE', defaultCurrencyCode: currency, defaultLanguageCode: 'de_DE', domainName: name };
  const participation = { isParticipating: true, hasSuspendedListings: false };
  return { status: 200, body: { payload: [{ marketplace, storeName: state.storeName, participation }] } };
}

function denied(message: string, details: string): Answer {
  return { status: 403, body: errorBody('Unauthorized', message, details) };
}

async function bodyOf(request: Request): Promise<unknown> {
  if (request.method === 'GET' || request.method === 'DELETE') return undefined;
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json'))
    throw new Refusal(415, 'InvalidInput', 'The content type is not supported');
  try {
    return await request.json();
  } catch {
    throw invalid('The body is not JSON');
  }
}

import { z } from 'zod';
import { documentUrl, newDocument } from './documents.ts';
import { acknowledge, adjust } from './order-feeds.ts';
import { invalid, listOf, notFound, onlyParameters, timeOf, type Answer, type Asked } from './http.ts';
import { applyPatches, listingView, patchSchema } from './listings.ts';
import { digits, next, nowMs, timeText, type AmazonState, type FeedState } from './state.ts';

const feedTypes = ['JSON_LISTINGS_FEED', 'POST_ORDER_ACKNOWLEDGEMENT_DATA', 'POST_PAYMENT_ADJUSTMENT_DATA'];
const removedTypes = ['POST_INVENTORY_AVAILABILITY_DATA', 'POST_FLAT_FILE_INVLOADER_DATA', 'POST_PRODUCT_DATA'];

export function createFeedDocument(state: AmazonState, { body, origin }: Asked): Answer {
  const parsed = z.strictObject({ contentType: z.string().min(1) }).safeParse(body);
  if (!parsed.success) throw invalid('contentType is required');
  const document = newDocument(state, parsed.data.contentType, null);
  return { status: 201, body: { feedDocumentId: document.id, url: documentUrl(origin, document, false) } };
}

const feedRequestSchema = z.strictObject({
  feedType: z.string(),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  inputFeedDocumentId: z.string(),
  feedOptions: z.record(z.string(), z.string()).optional(),
});

/** `createFeed`: takes an uploaded document; feeds of one type wait for one another. */
export function createFeed(state: AmazonState, { body }: Asked): Answer {
  const parsed = feedRequestSchema.safeParse(body);
  if (!parsed.success) throw invalid('the body is not valid');
  const { feedType, inputFeedDocumentId, marketplaceIds } = parsed.data;
  if (removedTypes.includes(feedType)) throw invalid(`Feed type ${feedType} was removed on 2025-07-31`);
  if (!feedTypes.includes(feedType)) throw invalid(`Feed type ${feedType} is not known`);
  if (marketplaceIds.some((id) => id !== state.marketplace.id)) throw invalid('The seller does not sell on one of the marketplaces');
  const document = state.documents.get(inputFeedDocumentId);
  if (document === undefined || document.text === null) throw invalid('The document was not uploaded');
  const now = nowMs(state);
  const earlier = [...state.feeds.values()].filter(({ type }) => type === feedType).map(({ endsAt }) => endsAt);
  const startsAt = Math.max(now, ...earlier);
  const id = digits(11, 'feed', String(next(state, 'feed')));
  state.feeds.set(id, {
    id,
    type: feedType,
    documentId: inputFeedDocumentId,
    createdAt: now,
    startsAt,
    endsAt: startsAt + state.processMs,
    resultDocumentId: null,
  });
  return { status: 202, body: { feedId: id } };
}

export function getFeed(state: AmazonState, { params }: Asked): Answer {
  const feed = state.feeds.get(params['feedId'] ?? '');
  if (feed === undefined) throw notFound('Feed');
  return { status: 200, body: feedView(state, feed) };
}

export function getFeeds(state: AmazonState, { query }: Asked): Answer {
  onlyParameters(query, ['feedTypes', 'marketplaceIds', 'pageSize', 'processingStatuses', 'createdSince', 'createdUntil', 'nextToken']);
  const types = listOf(query, 'feedTypes');
  const since = timeOf(query, 'createdSince') ?? nowMs(state) - 90 * 86_400_000;
  const found = [...state.feeds.values()].filter(({ type, createdAt }) => types.includes(type) && createdAt >= since);
  return { status: 200, body: { feeds: found.map((feed) => feedView(state, feed)) } };
}

export function getFeedDocument(state: AmazonState, { params, query, origin }: Asked): Answer {
  onlyParameters(query, ['enableContentEncodingUrlHeader']);
  const document = state.documents.get(params['feedDocumentId'] ?? '');
  if (document === undefined) throw notFound('Feed document');
  // Without the parameter the reader gets what is packed as it lies there.
  const packed = query.get('enableContentEncodingUrlHeader') !== 'true';
  const compression = { compressionAlgorithm: 'GZIP' };
  return { status: 200, body: { feedDocumentId: document.id, url: documentUrl(origin, document, packed), ...compression } };
}

function feedView(state: AmazonState, feed: FeedState) {
  const now = nowMs(state);
  const status = now >= feed.endsAt ? 'DONE' : now >= feed.startsAt ? 'IN_PROGRESS' : 'IN_QUEUE';
  return {
    feedId: feed.id,
    feedType: feed.type,
    marketplaceIds: [state.marketplace.id],
    createdTime: timeText(feed.createdAt),
    processingStatus: status,
    ...(feed.resultDocumentId === null ? {} : { resultFeedDocumentId: feed.resultDocumentId }),
  };
}

/** Works through the feeds whose time has come. */
export function processFeeds(state: AmazonState): void {
  for (const feed of state.feeds.values()) {
    if (feed.resultDocumentId !== null || nowMs(state) < feed.endsAt) continue;
    const text = state.documents.get(feed.documentId)?.text ?? '';
    const listings = feed.type === 'JSON_LISTINGS_FEED';
    const report = listings
      ? JSON.stringify(changeListings(state, feed, text))
      : feed.type === 'POST_PAYMENT_ADJUSTMENT_DATA'
        ? adjust(state, feed, text)
        : acknowledge(state, feed, text);
    feed.resultDocumentId = newDocument(state, listings ? 'application/json' : 'text/xml', report).id;
  }
}

const listingsFeedSchema = z.strictObject({
  header: z.strictObject({
    sellerId: z.string(),
    version: z.literal('2.0'),
    issueLocale: z.string().optional(),
    report: z.strictObject({ includedData: z.array(z.string()).min(1), apiVersion: z.literal('2021-08-01') }).optional(),
  }),
  messages: z
    .array(patchSchema.extend({ messageId: z.int().positive(), sku: z.string().min(1), operationType: z.literal('PATCH') }))
    .min(1)
    .max(25_000),
});

/** A message for a SKU that is not listed is accepted without a word (selling-partner-api-models, issue 4402); the report's `items` do not show it. */
function changeListings(state: AmazonState, feed: FeedState, text: string) {
  const header = { sellerId: state.sellerId, version: '2.0', feedId: feed.id };
  const parsed = listingsFeedSchema.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.header.sellerId !== state.sellerId) {
    const issue = { code: 'BAD_REQUEST', severity: 'ERROR', message: 'Invalid parameters provided.' };
    return { header, issues: [issue], summary: { errors: 1, warnings: 0, messagesProcessed: 0, messagesAccepted: 0, messagesInvalid: 0 } };
  }
  const { messages, header: asked } = parsed.data;
  const issues = messages.flatMap(({ messageId, sku, productType, patches }) =>
    applyPatches(state, sku, { productType, patches }, nowMs(state)).map(({ code, message }) => ({
      messageId,
      sku,
      code,
      severity: 'ERROR',
      message,
    })),
  );
  for (const change of state.stockChanges) {
    const listing = state.listings.get(change.sku);
    if (listing !== undefined && change.dueAt <= nowMs(state))
      Object.assign(listing, { quantity: change.quantity, leadTime: change.leadTime });
  }
  const bad = new Set(issues.map(({ messageId }) => messageId));
  const included = new Set(asked.report?.includedData ?? []);
  const shown = messages.flatMap(({ sku, messageId }) => (bad.has(messageId) ? [] : (state.listings.get(sku) ?? [])));
  return {
    header,
    issues,
    summary: {
      errors: issues.length,
      warnings: 0,
      messagesProcessed: messages.length,
      messagesAccepted: messages.length - bad.size,
      messagesInvalid: bad.size,
    },
    ...(asked.report === undefined ? {} : { items: shown.map((listing) => listingView(state, listing, included)) }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

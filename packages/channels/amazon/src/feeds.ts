import { ConnectorFault, epochMs, type Instant } from '@quartermaster/domain';
import { connectorName, isJson, type AmazonClient } from './client.ts';
import { createdDocumentSchema, createdFeedSchema, feedDocumentSchema, feedSchema, feedsSchema, type WireFeed } from './wire.ts';

export type FeedType = 'JSON_LISTINGS_FEED' | 'POST_ORDER_ACKNOWLEDGEMENT_DATA' | 'POST_PAYMENT_ADJUSTMENT_DATA';

const contentTypes: Readonly<Record<FeedType, string>> = {
  JSON_LISTINGS_FEED: 'application/json; charset=UTF-8',
  POST_ORDER_ACKNOWLEDGEMENT_DATA: 'text/xml; charset=UTF-8',
  POST_PAYMENT_ADJUSTMENT_DATA: 'text/xml; charset=UTF-8',
};

/** How a feed stands. `done` says nothing of its messages: the report does. `cancelled` and `fatal` did nothing, or nobody knows what. */
export type FeedStanding =
  | { readonly kind: 'working' }
  | { readonly kind: 'done'; readonly resultDocumentId: string | null }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'fatal' };

/** Feeds: a document is uploaded, then handed in, then worked through; only the handing in has an effect. */
export type Feeds = {
  /** Uploads what a feed will be made of; gives the document's id. Without effect until it is handed in. */
  prepare(type: FeedType, text: string): Promise<string>;
  /** Hands a document in. `repeatable` where the messages may be worked through twice. */
  submit(type: FeedType, documentId: string, how: 'repeatable-effect' | 'effect'): Promise<string>;
  standing(feedId: string): Promise<FeedStanding>;
  /** Waits until a feed is through, some minutes at most; null when it is not by then. */
  settled(feedId: string): Promise<Exclude<FeedStanding, { kind: 'working' }> | null>;
  /** The text of a feed's report. */
  report(resultDocumentId: string): Promise<string>;
  /** Feeds of a type that were handed in since an instant, the newest first. */
  since(type: FeedType, instant: Instant): Promise<readonly WireFeed[]>;
};

/** Waits between looks at a feed, in seconds: small feeds take some minutes, and a look costs one of two a second. */
export const feedLooks: readonly number[] = [30, 15, 15, 30, 30, 60, 60, 60];

export function feedsOf(client: AmazonClient, marketplaceIds: readonly string[], looks: readonly number[] = feedLooks): Feeds {
  const { clock } = client;

  async function standing(feedId: string): Promise<FeedStanding> {
    const path = `/feeds/2021-06-30/feeds/${encodeURIComponent(feedId)}`;
    return standingOf(await client.call({ operation: 'getFeed', method: 'GET', path, schema: feedSchema, kind: 'read' }));
  }

  return {
    async prepare(type, text) {
      const contentType = contentTypes[type];
      const created = await client.call({
        operation: 'createFeedDocument',
        method: 'POST',
        path: '/feeds/2021-06-30/documents',
        body: { contentType },
        schema: createdDocumentSchema,
        kind: 'repeatable-effect',
      });
      await client.upload(created.url, contentType, text);
      return created.feedDocumentId;
    },
    async submit(type, documentId, how) {
      const created = await client.call({
        operation: 'createFeed',
        method: 'POST',
        path: '/feeds/2021-06-30/feeds',
        body: { feedType: type, marketplaceIds, inputFeedDocumentId: documentId },
        schema: createdFeedSchema,
        kind: how,
      });
      return created.feedId;
    },
    standing,
    async settled(feedId) {
      for (const seconds of looks) {
        await clock.sleep(seconds * 1_000);
        const now = await standing(feedId);
        if (now.kind !== 'working') return now;
      }
      return null;
    },
    async report(resultDocumentId) {
      const document = await client.call({
        operation: 'getFeedDocument',
        method: 'GET',
        path: `/feeds/2021-06-30/documents/${encodeURIComponent(resultDocumentId)}`,
        // With it the address names the encoding of what is there, so that HTTP itself unpacks it.
        query: { enableContentEncodingUrlHeader: true },
        schema: feedDocumentSchema,
        kind: 'read',
      });
      return client.download(document.url, (text) => isJson(text) || text.trimEnd().endsWith('</AmazonEnvelope>'));
    },
    async since(type, instant) {
      const found: WireFeed[] = [];
      let nextToken: string | undefined;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list(nextToken);
        found.push(...page.feeds);
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return found.toSorted((one, other) => epochMs(other.createdTime) - epochMs(one.createdTime));

      function list(token: string | undefined) {
        const first = { feedTypes: [type], marketplaceIds, createdSince: instant, pageSize: 100 };
        const query = token === undefined ? first : { nextToken: token };
        return client.call({
          operation: 'getFeeds',
          method: 'GET',
          path: '/feeds/2021-06-30/feeds',
          query,
          schema: feedsSchema,
          kind: 'read',
        });
      }
    },
  };
}

function standingOf(feed: WireFeed): FeedStanding {
  switch (feed.processingStatus) {
    case 'DONE':
      return { kind: 'done', resultDocumentId: feed.resultFeedDocumentId ?? null };
    case 'CANCELLED':
      return { kind: 'cancelled' };
    case 'FATAL':
      return { kind: 'fatal' };
    default:
      return { kind: 'working' };
  }
}

/** A feed that Amazon still works on after all our looks: what will become of it is not known. */
export function stillWorking(operation: string, feedId: string): ConnectorFault {
  return new ConnectorFault('timeout', {
    connector: connectorName,
    operation,
    outcome: 'unknown',
    retry: { kind: 'after', ms: 300_000 },
    message: `Amazon still works on feed ${feedId}`,
    advice: 'Feeds wait for one another; this one is looked up again later.',
  });
}

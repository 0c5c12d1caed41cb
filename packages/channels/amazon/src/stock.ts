import { fingerprint, parseReply } from '@quartermaster/connector-kit';
import { everyNode, type EffectMemo, type NodeId, type PushedLevel, type Sku, type StockLevel } from '@quartermaster/domain';
import { connectorName, notDone, type AmazonClient } from './client.ts';
import { stillWorking, type Feeds } from './feeds.ts';
import { listingPath, listingsOf, ownChannel, ownQuantity, type Seller } from './listings.ts';
import { maxFeedMessages } from './limits.ts';
import { listingsReportSchema, submissionSchema, type WireListing, type WireListingsReport } from './wire.ts';

/** Waits between looks at listings whose change was accepted, in seconds: accepted is not yet applied. */
export const stockLooks: readonly number[] = [2, 5, 15, 30];

/** Type of product that every listing takes for a change of its offer alone. */
const anyProduct = 'PRODUCT';

/**
 * Publishes stock: few levels one by one, more of them as one JSON_LISTINGS_FEED, of which one may be handed in every two minutes. Levels are absolute, so that a repetition is the same; a
 * level's `expected` is not looked at, since Amazon compares nothing.
 *
 * `set` is what Amazon shows. Accepting a change is no more than a promise, so the listings are looked at until they show it; after some looks what was accepted counts as set, unless an
 * error stands at the listing. A feed takes a SKU that is not listed without a word, so its report is asked for the listings, and what is not among them is unknown.
 */
export function stockPushing(
  client: AmazonClient,
  feeds: Feeds,
  given: { readonly seller: Seller; readonly patchAtMost: number; readonly looks?: readonly number[] },
) {
  const { seller } = given;
  const looks = given.looks ?? stockLooks;

  return async function pushStock(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]> {
    const refusals = new Map(levels.flatMap((level) => refusalOf(level).map((refusal) => [level, refusal] as const)));
    const good = levels.filter((level) => !refusals.has(level));
    const answers = good.length <= given.patchAtMost ? await byPatch(good) : await byFeeds(good, memo);
    return levels.map((level) => refusals.get(level) ?? answers.get(level.sku) ?? { kind: 'refused', reason: 'not answered' });
  };

  async function byPatch(levels: readonly StockLevel[]): Promise<Map<Sku, PushedLevel>> {
    const answers = new Map<Sku, PushedLevel>();
    const listed = await listingsOf(
      client,
      seller,
      levels.map(({ sku }) => sku),
    );
    let waiting: StockLevel[] = [];
    for (const level of levels) {
      const listing = listed.get(level.sku);
      if (listing === undefined) answers.set(level.sku, notListed);
      else if (ownQuantity(listing) === level.available) answers.set(level.sku, { kind: 'set' });
      else {
        const reason = await patch(level, listing);
        answers.set(level.sku, reason === null ? { kind: 'set' } : { kind: 'refused', reason });
        if (reason === null) waiting.push(level);
      }
    }
    for (const seconds of looks) {
      if (waiting.length === 0) break;
      await client.clock.sleep(seconds * 1_000);
      const shown = await listingsOf(
        client,
        seller,
        waiting.map(({ sku }) => sku),
      );
      waiting = waiting.filter(({ sku, available }) => {
        const listing = shown.get(sku);
        if (listing === undefined) answers.set(sku, notListed);
        return listing !== undefined && ownQuantity(listing) !== available;
      });
    }
    return answers;
  }

  /** Null when Amazon accepted it, else why not. */
  async function patch({ sku, available }: StockLevel, listing: WireListing): Promise<string | null> {
    const reply = await client.call({
      operation: 'patchListingsItem',
      method: 'PATCH',
      path: listingPath(seller, sku),
      query: { marketplaceIds: seller.marketplaceIds },
      body: { productType: listing.summaries?.[0]?.productType ?? anyProduct, patches: patches(available) },
      schema: submissionSchema,
      kind: 'repeatable-effect',
    });
    if (reply.status !== 'INVALID') return null;
    return (reply.issues ?? []).find(({ severity }) => severity === 'ERROR')?.message ?? 'Amazon calls the change invalid';
  }

  async function byFeeds(levels: readonly StockLevel[], memo: EffectMemo): Promise<Map<Sku, PushedLevel>> {
    const answers = new Map<Sku, PushedLevel>();
    for (let from = 0; from < levels.length; from += maxFeedMessages) {
      for (const [sku, answer] of await byFeed(levels.slice(from, from + maxFeedMessages), memo)) answers.set(sku, answer);
    }
    return answers;
  }

  /** Hands the levels in, unless an earlier attempt of the same intent did and Amazon has not given that feed up: feeds wait for one another, so a second one makes nothing faster. */
  async function handIn(levels: readonly StockLevel[], memo: EffectMemo): Promise<string> {
    const text = JSON.stringify(stockFeed(seller, levels));
    const name = `stockFeed:${fingerprint(text).slice(0, 16)}`;
    const earlier = memo.refs[name];
    if (earlier !== undefined && ['working', 'done'].includes((await feeds.standing(earlier)).kind)) return earlier;
    const documentId = await feeds.prepare('JSON_LISTINGS_FEED', text);
    const feedId = await feeds.submit('JSON_LISTINGS_FEED', documentId, 'repeatable-effect');
    await memo.saveRefs({ [name]: feedId });
    return feedId;
  }

  async function byFeed(levels: readonly StockLevel[], memo: EffectMemo): Promise<Map<Sku, PushedLevel>> {
    const feedId = await handIn(levels, memo);
    const end = await feeds.settled(feedId);
    if (end === null) throw stillWorking('pushStock', feedId);
    if (end.kind !== 'done' || end.resultDocumentId === null) throw notDone('refused', 'pushStock', `Amazon gave up on feed ${feedId}`);
    const reply = { status: 200, headers: {}, text: await feeds.report(end.resultDocumentId) };
    const report = parseReply(listingsReportSchema, reply, { connector: connectorName, operation: 'pushStock', outcome: 'unknown' });
    const answers = feedAnswers(levels, report);
    const unsure = levels.filter(({ sku }) => !answers.has(sku)).map(({ sku }) => sku);
    const listed = await listingsOf(client, seller, unsure);
    for (const sku of unsure) {
      const errors = errorsOf(report, levels.findIndex((level) => level.sku === sku) + 1, sku);
      if (!listed.has(sku)) answers.set(sku, notListed);
      else answers.set(sku, errors === null ? { kind: 'set' } : { kind: 'refused', reason: errors });
    }
    return answers;
  }
}

/** What can be bought of each, as Amazon shows it. */
export function shownStockReading(client: AmazonClient, seller: Seller) {
  return async (places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]> => {
    const listed = await listingsOf(
      client,
      seller,
      places.filter(({ node }) => node === everyNode).map(({ sku }) => sku),
    );
    return places.map(({ sku, node }) => {
      const listing = node === everyNode ? listed.get(sku) : undefined;
      return listing === undefined ? null : ownQuantity(listing);
    });
  };
}

/** The feed that sets these levels; message numbers count from 1. `merge` leaves what else is said of availability, such as lead times, as it is. */
export function stockFeed(seller: Seller, levels: readonly StockLevel[]) {
  return {
    header: {
      sellerId: seller.sellerId,
      version: '2.0',
      report: { includedData: ['fulfillmentAvailability'], apiVersion: '2021-08-01' },
    },
    messages: levels.map(({ sku, available }, index) => ({
      messageId: index + 1,
      sku,
      operationType: 'PATCH',
      productType: anyProduct,
      patches: patches(available),
    })),
  };
}

/** What a report tells of each level; nothing of those that it neither shows nor finds fault with, nor of those with a fault. */
export function feedAnswers(levels: readonly StockLevel[], report: WireListingsReport): Map<Sku, PushedLevel> {
  const shown = new Set((report.items ?? []).map(({ sku }) => sku));
  return new Map(
    levels.flatMap(({ sku }, index) =>
      shown.has(sku) && errorsOf(report, index + 1, sku) === null ? [[sku, { kind: 'set' }] as const] : [],
    ),
  );
}

function errorsOf(report: WireListingsReport, messageId: number, sku: Sku): string | null {
  const own = (report.issues ?? []).filter(
    (issue) => issue.severity === 'ERROR' && (issue.messageId === messageId || (issue.messageId == null && issue.sku === sku)),
  );
  return own.length === 0 ? null : own.map(({ message }) => message).join(' ');
}

function patches(available: number) {
  const value = [{ fulfillment_channel_code: ownChannel, quantity: available }];
  return [{ op: 'merge', path: '/attributes/fulfillment_availability', value }];
}

const notListed: PushedLevel = { kind: 'unknown-item', reason: 'the seller lists no such SKU' };

function refusalOf({ node, available }: StockLevel): PushedLevel[] {
  if (node !== everyNode) return [{ kind: 'refused', reason: `Amazon keeps one figure for all places, so no level of node ${node}` }];
  if (!Number.isSafeInteger(available) || available < 0) return [{ kind: 'refused', reason: `not a level: ${available}` }];
  return [];
}

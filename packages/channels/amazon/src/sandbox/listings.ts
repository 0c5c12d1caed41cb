import { z } from 'zod';
import { invalid, listOf, notFound, onlyParameters, timeOf, type Answer, type Asked } from './http.ts';
import { amountOf, digits, next, nowMs, timeText, wholeSeconds, type AmazonState, type ListingState } from './state.ts';

const datasets = ['summaries', 'attributes', 'issues', 'offers', 'fulfillmentAvailability', 'procurement', 'relationships', 'productTypes'];

export function searchListings(state: AmazonState, { params, query }: Asked): Answer {
  onlyParameters(query, [
    'marketplaceIds',
    'issueLocale',
    'includedData',
    'identifiers',
    'identifiersType',
    'createdAfter',
    'createdBefore',
    'sortBy',
    'sortOrder',
    'pageSize',
    'pageToken',
  ]);
  ofSeller(state, params, query);
  const included = includedData(query);
  const identifiers = listOf(query, 'identifiers');
  const type = query.get('identifiersType');
  if (identifiers.length > 20) throw invalid('identifiers has more than 20 entries');
  if (identifiers.length > 0 !== (type !== null)) throw invalid('identifiers and identifiersType go together');
  if (type !== null && type !== 'SKU') throw invalid('the sandbox looks listings up by SKU only');
  const size = Number(query.get('pageSize') ?? 10);
  if (!Number.isInteger(size) || size < 1 || size > 20) throw invalid('pageSize must be between 1 and 20');
  const [after, before] = [timeOf(query, 'createdAfter'), timeOf(query, 'createdBefore')];
  const sign = query.get('sortOrder') === 'ASC' ? 1 : -1;
  const found = [...state.listings.values()]
    .filter(({ sku }) => identifiers.length === 0 || identifiers.includes(sku))
    .filter(
      ({ createdAt }) => (after === null || wholeSeconds(createdAt) >= after) && (before === null || wholeSeconds(createdAt) <= before),
    )
    .toSorted((one, other) => sign * (one.createdAt - other.createdAt) || (one.sku < other.sku ? -1 : 1));
  const from = Number(query.get('pageToken') ?? 0);
  if (!Number.isInteger(from)) throw invalid('pageToken is not valid');
  // A search shows its first thousand only, in all its pages.
  const reach = found.slice(0, 1_000);
  const items = reach.slice(from, from + size);
  const more = from + size < reach.length;
  return {
    status: 200,
    body: {
      numberOfResults: found.length,
      ...(more ? { pagination: { nextToken: String(from + size) } } : {}),
      items: items.map((listing) => listingView(state, listing, included)),
    },
  };
}

export function getListing(state: AmazonState, { params, query }: Asked): Answer {
  onlyParameters(query, ['marketplaceIds', 'issueLocale', 'includedData']);
  ofSeller(state, params, query);
  const listing = state.listings.get(params['sku'] ?? '');
  if (listing === undefined) throw notFound('SKU');
  return { status: 200, body: listingView(state, listing, includedData(query)) };
}

const availabilitySchema = z.strictObject({
  fulfillment_channel_code: z.literal('DEFAULT'),
  quantity: z.int().nonnegative(),
  lead_time_to_ship_max_days: z.int().optional(),
});

export const patchSchema = z.strictObject({
  productType: z.string().min(1),
  patches: z
    .array(
      z.strictObject({
        op: z.enum(['add', 'replace', 'merge', 'delete']),
        path: z.string(),
        value: z.array(z.record(z.string(), z.unknown())).optional(),
      }),
    )
    .min(1),
});

/** `patchListingsItem`: ACCEPTED is a promise, kept some seconds later; of a SKU that is not listed it is kept never. */
export function patchListing(state: AmazonState, { params, query, body }: Asked): Answer {
  onlyParameters(query, ['marketplaceIds', 'issueLocale', 'includedData', 'mode']);
  ofSeller(state, params, query);
  const parsed = patchSchema.safeParse(body);
  if (!parsed.success) throw invalid('Request has missing or invalid parameters and cannot be parsed.');
  const sku = params['sku'] ?? '';
  const issues = applyPatches(state, sku, parsed.data, nowMs(state) + state.applyMs);
  const submissionId = digits(32, 'submission', String(next(state, 'submission')));
  return { status: 200, body: { sku, status: issues.length > 0 ? 'INVALID' : 'ACCEPTED', submissionId, issues } };
}

/** Takes over what is to be changed; gives what is wrong with it. */
export function applyPatches(state: AmazonState, sku: string, request: z.infer<typeof patchSchema>, dueAt: number) {
  const issue = (code: string, message: string) => [
    { code, message, severity: 'ERROR', attributeNames: [], categories: ['INVALID_ATTRIBUTE'] },
  ];
  const listing = state.listings.get(sku);
  if (listing !== undefined && request.productType !== listing.productType && request.productType !== 'PRODUCT') {
    return issue('4000003', 'The Amazon product type specified is invalid or not supported.');
  }
  for (const { op, path, value } of request.patches) {
    if (path !== '/attributes/fulfillment_availability' || op === 'delete') return issue('90000900', 'The attributes are invalid.');
    const [availability, ...others] = value ?? [];
    const parsed = availabilitySchema.safeParse(availability);
    if (!parsed.success || others.length > 0) {
      return issue(
        '90220',
        "The field 'fulfillment_channel_code' for the attribute 'fulfillment_availability' does not have enough values.",
      );
    }
    if (listing === undefined) continue;
    const kept = op === 'merge' ? listing.leadTime : null;
    const leadTime = parsed.data.lead_time_to_ship_max_days ?? kept;
    state.stockChanges.push({ dueAt, sku, quantity: parsed.data.quantity, leadTime });
  }
  return [];
}

/** Applies what is due of what was accepted. */
export function applyStockChanges(state: AmazonState): void {
  const now = nowMs(state);
  for (const change of state.stockChanges.filter(({ dueAt }) => dueAt <= now)) {
    const listing = state.listings.get(change.sku);
    if (listing !== undefined) Object.assign(listing, { quantity: change.quantity, leadTime: change.leadTime });
  }
  state.stockChanges.splice(0, state.stockChanges.length, ...state.stockChanges.filter(({ dueAt }) => dueAt > now));
}

export function listingView(state: AmazonState, listing: ListingState, included: ReadonlySet<string>) {
  const { id, currency } = state.marketplace;
  return {
    sku: listing.sku,
    ...(included.has('summaries')
      ? {
          summaries: [
            {
              marketplaceId: id,
              asin: listing.asin,
              productType: listing.productType,
              conditionType: 'new_new',
              status: listing.buyable ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE'],
              itemName: listing.title,
              createdDate: timeText(listing.createdAt),
              lastUpdatedDate: timeText(listing.createdAt),
            },
          ],
        }
      : {}),
    ...(included.has('offers') ? { offers: [{ marketplaceId: id, offerType: 'B2C', price: amountOf(listing.price, currency) }] } : {}),
    ...(included.has('issues') ? { issues: [] } : {}),
    ...(included.has('fulfillmentAvailability')
      ? { fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity: listing.quantity }] }
      : {}),
  };
}

function ofSeller(state: AmazonState, params: Asked['params'], query: URLSearchParams): void {
  if (params['sellerId'] !== state.sellerId) throw invalid('The seller is not the one of the token');
  const ids = listOf(query, 'marketplaceIds');
  if (ids.length === 0) throw invalid('marketplaceIds is required');
  for (const id of ids) if (id !== state.marketplace.id) throw invalid(`The seller does not sell on marketplace ${id}`);
}

function includedData(query: URLSearchParams): ReadonlySet<string> {
  const given = listOf(query, 'includedData');
  for (const name of given) if (!datasets.includes(name)) throw invalid(`Value ${name} is not allowed for includedData`);
  return new Set(given.length === 0 ? ['summaries'] : given);
}

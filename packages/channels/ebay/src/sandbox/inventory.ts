import { z } from 'zod';
import { bodyOf, EbayRefusal, wireError, type Answer, type Asked } from './answers.ts';
import { wireAmount } from './amounts.ts';
import { effectiveQuantity, type EbayState, type ItemState } from './state.ts';

const domain = 'API_INVENTORY';
const maxPerRequest = 25;
const revisionsPerDay = 250;

export function bulkGetItems(state: EbayState, asked: Asked): Answer {
  const schema = z.strictObject({ requests: z.array(z.strictObject({ sku: z.string().min(1).max(50) })).min(1) });
  const { requests } = bodyOf(asked, schema, refused(25_709, 'Invalid request.'));
  if (requests.length > maxPerRequest) throw refused(25_727, `The number of InventoryItems in the request cannot exceed ${maxPerRequest}.`);
  if (new Set(requests.map(({ sku }) => sku)).size < requests.length) throw refused(25_734, 'SKU should be unique in the request.');
  const responses = requests.map(({ sku }) => {
    const item = state.items.get(sku);
    if (item === undefined)
      return { sku, statusCode: 404, errors: [wireError(25_702, `SKU ${sku} is not available in the system`, domain)] };
    return { sku, statusCode: 200, inventoryItem: itemView(item), errors: [], warnings: [] };
  });
  return { status: responses.every(({ statusCode }) => statusCode === 200) ? 200 : 207, body: { responses } };
}

/** getInventoryItems: `offset` is the number of the page. */
export function getItems(state: EbayState, asked: Asked): Answer {
  const limit = Number(asked.query.get('limit') ?? '25');
  const page = Number(asked.query.get('offset') ?? '0');
  if (!Number.isInteger(limit) || limit < 1 || limit > 200 || !Number.isInteger(page) || page < 0)
    throw refused(25_706, 'You have provided invalid pagination values.');
  const all = [...state.items.values()];
  const some = all.slice(page * limit, (page + 1) * limit);
  const next = (page + 1) * limit < all.length ? `/sell/inventory/v1/inventory_item?limit=${limit}&offset=${page + 1}` : undefined;
  return {
    status: 200,
    body: {
      total: all.length,
      size: some.length,
      limit,
      href: `/sell/inventory/v1/inventory_item?limit=${limit}&offset=${page}`,
      ...(next === undefined ? {} : { next }),
      inventoryItems: some.map((item) => ({ sku: item.sku, locale: 'de_DE', ...itemView(item) })),
    },
  };
}

export function getOffers(state: EbayState, asked: Asked): Answer {
  const sku = asked.query.get('sku') ?? '';
  if (sku === '') throw refused(25_709, 'Invalid value for sku.');
  const item = state.items.get(sku);
  if (item === undefined || item.listingStatus === 'NOT_LISTED') throw refused(25_713, 'This Offer is not available.', 404);
  const offer = {
    offerId: item.offerId,
    sku: item.sku,
    marketplaceId: state.marketplace,
    format: 'FIXED_PRICE',
    status: 'PUBLISHED',
    ...(item.offerQuantity === null ? {} : { availableQuantity: effectiveQuantity(item) }),
    pricingSummary: { price: wireAmount(item.price, state.currency) },
    listing: { listingId: item.listingId, listingStatus: item.listingStatus, soldQuantity: 0 },
  };
  return { status: 200, body: { href: asked.path, total: 1, size: 1, limit: 100, offers: [offer] } };
}

export function getLocations(state: EbayState): Answer {
  const locations = [...state.locations].map(([merchantLocationKey, merchantLocationStatus]) => ({
    merchantLocationKey,
    merchantLocationStatus,
    name: merchantLocationKey,
    locationTypes: ['FULFILLMENT_CENTER'],
  }));
  return { status: 200, body: { href: '/sell/inventory/v1/location', total: locations.length, limit: 100, offset: 0, locations } };
}

const quantity = z.int().nonnegative();
const updateSchema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(50).optional(),
        shipToLocationAvailability: z
          .strictObject({
            quantity,
            availabilityDistributions: z.array(z.looseObject({ merchantLocationKey: z.string(), quantity })).optional(),
          })
          .optional(),
        offers: z
          .array(z.looseObject({ offerId: z.string(), availableQuantity: quantity.optional() }))
          .max(25)
          .optional(),
      }),
    )
    .min(1),
});
type Update = z.infer<typeof updateSchema>['requests'][number];

/** bulkUpdatePriceQuantity: each item answered for itself; the figures of all locations are replaced together; 250 revisions of a listing a day, whether or not they change anything. */
export function bulkUpdate(state: EbayState, asked: Asked, skusPerCall: number): Answer {
  const { requests } = bodyOf(asked, updateSchema, refused(25_709, 'Invalid value for requests.'));
  if (requests.length > Math.min(maxPerRequest, skusPerCall))
    throw refused(25_709, 'Invalid value for requests. Too many items in one call.');
  const responses = requests.flatMap((one) => update(state, one));
  return { status: responses.every(({ statusCode }) => statusCode === 200) ? 200 : 207, body: { responses } };
}

function update(state: EbayState, asked: Update) {
  const sku = asked.sku ?? [...state.items.values()].find(({ offerId }) => offerId === asked.offers?.[0]?.offerId)?.sku ?? '';
  const item = state.items.get(sku);
  const fail = (statusCode: number, errorId: number, message: string) => [
    { sku, statusCode, errors: [wireError(errorId, message, domain)] },
  ];
  if (item === undefined) return fail(404, 25_702, `SKU ${sku} is not available in the system`);
  const shipTo = asked.shipToLocationAvailability;
  const distributions = shipTo?.availabilityDistributions;
  for (const { merchantLocationKey } of distributions ?? [])
    if (state.locations.get(merchantLocationKey) !== 'ENABLED') return fail(400, 25_709, 'Invalid value for merchantLocationKey.');
  if (distributions !== undefined && distributions.reduce((sum, one) => sum + one.quantity, 0) !== shipTo?.quantity)
    return fail(400, 25_709, 'Invalid value for quantity. It is not the sum of its locations.');
  if ((asked.offers ?? []).some(({ offerId }) => offerId !== item.offerId)) return fail(400, 25_709, 'Invalid value for offerId.');
  const listing = item.group ?? item.sku;
  const revisions = state.revisions.get(listing) ?? 0;
  if (revisions >= revisionsPerDay)
    return fail(400, 25_002, 'Any User error. The listing has reached the maximum number of revisions for today.');
  state.revisions.set(listing, revisions + 1);
  if (shipTo !== undefined) {
    item.total = shipTo.quantity;
    item.distributions =
      distributions === undefined ? item.distributions : new Map(distributions.map((one) => [one.merchantLocationKey, one.quantity]));
  }
  for (const { availableQuantity } of asked.offers ?? []) if (availableQuantity !== undefined) item.offerQuantity = availableQuantity;
  if (item.listingStatus === 'ACTIVE' || item.listingStatus === 'OUT_OF_STOCK')
    item.listingStatus = effectiveQuantity(item) === 0 ? 'OUT_OF_STOCK' : 'ACTIVE';
  return [{ sku, statusCode: 200, errors: [], ...(asked.offers === undefined ? {} : { offerId: item.offerId }) }];
}

function itemView(item: ItemState) {
  return {
    ...(item.group === null ? {} : { inventoryItemGroupKeys: [item.group] }),
    condition: 'NEW',
    product: { title: item.title },
    availability: {
      shipToLocationAvailability: {
        quantity: item.total,
        ...(item.distributions === null
          ? {}
          : {
              availabilityDistributions: [...item.distributions].map(([merchantLocationKey, units]) => ({
                merchantLocationKey,
                quantity: units,
              })),
            }),
      },
    },
  };
}

function refused(errorId: number, message: string, status = 400): EbayRefusal {
  return new EbayRefusal(status, errorId, message, domain);
}

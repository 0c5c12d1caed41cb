import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

// What Amazon sends, as far as we use it. Words of closed lists stay text, so that new ones survive.

const moneySchema = z.object({ amount: z.string(), currencyCode: z.string() });
export type WireMoney = z.infer<typeof moneySchema>;

export const errorListSchema = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string(), details: z.string().nullish() })),
});

const addressSchema = z.object({
  name: z.string().nullish(),
  companyName: z.string().nullish(),
  addressLine1: z.string().nullish(),
  addressLine2: z.string().nullish(),
  addressLine3: z.string().nullish(),
  city: z.string().nullish(),
  districtOrCounty: z.string().nullish(),
  stateOrRegion: z.string().nullish(),
  municipality: z.string().nullish(),
  postalCode: z.string().nullish(),
  countryCode: z.string().nullish(),
  phone: z.string().nullish(),
});
export type WireAddress = z.infer<typeof addressSchema>;

const itemBreakdownSchema = z.object({
  type: z.string(),
  subtotal: moneySchema,
  detailedBreakdowns: z.array(z.object({ subtype: z.string().nullish(), value: moneySchema.nullish() })).nullish(),
});
export type WireItemBreakdown = z.infer<typeof itemBreakdownSchema>;

const windowSchema = z.object({ earliestDateTime: instantSchema.nullish(), latestDateTime: instantSchema.nullish() });

const itemSchema = z.object({
  orderItemId: z.string().min(1),
  quantityOrdered: z.int().nonnegative(),
  product: z.object({
    asin: z.string().nullish(),
    title: z.string().nullish(),
    sellerSku: z.string().nullish(),
    price: z.object({ unitPrice: moneySchema.nullish(), priceDesignation: z.string().nullish() }).nullish(),
  }),
  proceeds: z.object({ proceedsTotal: moneySchema.nullish(), breakdowns: z.array(itemBreakdownSchema).nullish() }).nullish(),
  cancellation: z
    .object({
      cancellationRequest: z.object({ requester: z.string().nullish(), cancelReason: z.string().nullish() }).nullish(),
      cancellationExecution: z.object({ cancelledBy: z.string().nullish(), cancelReason: z.string().nullish() }).nullish(),
    })
    .nullish(),
  fulfillment: z
    .object({ quantityFulfilled: z.int().nonnegative().nullish(), quantityUnfulfilled: z.int().nonnegative().nullish() })
    .nullish(),
  tax: z
    .object({
      taxCollections: z.array(z.object({ model: z.string().nullish(), responsibleParty: z.string().nullish() })).nullish(),
    })
    .nullish(),
});
export type WireItem = z.infer<typeof itemSchema>;

const packageSchema = z.object({
  packageReferenceId: z.string().min(1),
  packageStatus: z.object({ status: z.string() }).nullish(),
  carrier: z.string().nullish(),
  shipTime: instantSchema.nullish(),
  trackingNumber: z.string().nullish(),
  packageItems: z.array(z.object({ orderItemId: z.string(), quantity: z.int() })).nullish(),
});

export const orderSchema = z.object({
  orderId: z.string().min(1),
  orderAliases: z.array(z.object({ aliasId: z.string(), aliasType: z.string() })).nullish(),
  createdTime: instantSchema,
  lastUpdatedTime: instantSchema,
  programs: z.array(z.string()).nullish(),
  salesChannel: z.object({ channelName: z.string(), marketplaceId: z.string().nullish(), marketplaceName: z.string().nullish() }),
  buyer: z
    .object({
      buyerName: z.string().nullish(),
      buyerEmail: z.string().nullish(),
      buyerCompanyName: z.string().nullish(),
      buyerPurchaseOrderNumber: z.string().nullish(),
    })
    .nullish(),
  recipient: z.object({ deliveryAddress: addressSchema.nullish() }).nullish(),
  proceeds: z
    .object({
      grandTotal: moneySchema.nullish(),
      breakdowns: z.array(z.object({ type: z.string(), status: z.string().nullish(), subtotal: moneySchema })).nullish(),
    })
    .nullish(),
  payment: z.object({ paymentExecutions: z.array(z.object({ paymentMethod: z.string().nullish() })).nullish() }).nullish(),
  fulfillment: z
    .object({
      fulfillmentStatus: z.string(),
      fulfilledBy: z.string().nullish(),
      fulfillmentServiceLevel: z.string().nullish(),
      shipByWindow: windowSchema.nullish(),
      deliverByWindow: windowSchema.nullish(),
    })
    .nullish(),
  orderItems: z.array(itemSchema),
  packages: z.array(packageSchema).nullish(),
});
export type WireOrder = z.infer<typeof orderSchema>;

export const orderPageSchema = z.object({
  orders: z.array(orderSchema),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
  lastUpdatedBefore: instantSchema.nullish(),
  createdBefore: instantSchema.nullish(),
});
export const oneOrderSchema = z.object({ order: orderSchema });

const issueSchema = z.object({ code: z.string().nullish(), message: z.string(), severity: z.string() });
export type WireIssue = z.infer<typeof issueSchema>;

export const listingSchema = z.object({
  sku: z.string().min(1),
  summaries: z
    .array(
      z.object({
        marketplaceId: z.string(),
        asin: z.string().nullish(),
        productType: z.string(),
        status: z.array(z.string()),
        itemName: z.string().nullish(),
        createdDate: instantSchema,
      }),
    )
    .nullish(),
  issues: z.array(issueSchema).nullish(),
  fulfillmentAvailability: z.array(z.object({ fulfillmentChannelCode: z.string(), quantity: z.int().nullish() })).nullish(),
});
export type WireListing = z.infer<typeof listingSchema>;

export const listingPageSchema = z.object({
  numberOfResults: z.int(),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
  items: z.array(listingSchema),
});

export const submissionSchema = z.object({
  sku: z.string(),
  status: z.string(),
  submissionId: z.string(),
  issues: z.array(issueSchema).nullish(),
});

export const createdDocumentSchema = z.object({ feedDocumentId: z.string().min(1), url: z.url() });
export const createdFeedSchema = z.object({ feedId: z.string().min(1) });
export const feedSchema = z.object({
  feedId: z.string().min(1),
  feedType: z.string(),
  createdTime: instantSchema,
  processingStatus: z.string(),
  resultFeedDocumentId: z.string().nullish(),
});
export type WireFeed = z.infer<typeof feedSchema>;
export const feedsSchema = z.object({ feeds: z.array(feedSchema), nextToken: z.string().nullish() });
export const feedDocumentSchema = z.object({ feedDocumentId: z.string(), url: z.url(), compressionAlgorithm: z.string().nullish() });

/** What became of a JSON_LISTINGS_FEED: issues by message, and the listings as they are now, of those that exist. */
export const listingsReportSchema = z.object({
  issues: z
    .array(
      z.object({
        messageId: z.int().nullish(),
        sku: z.string().nullish(),
        code: z.string().nullish(),
        severity: z.string(),
        message: z.string(),
      }),
    )
    .nullish(),
  summary: z.object({ messagesProcessed: z.int(), messagesAccepted: z.int(), messagesInvalid: z.int() }).nullish(),
  items: z.array(listingSchema.pick({ sku: true, fulfillmentAvailability: true })).nullish(),
});
export type WireListingsReport = z.infer<typeof listingsReportSchema>;

export const createdReportSchema = z.object({ reportId: z.string().min(1) });
export const reportSchema = z.object({
  reportId: z.string().min(1),
  reportType: z.string(),
  createdTime: instantSchema,
  processingStatus: z.string(),
  reportDocumentId: z.string().nullish(),
  dataStartTime: instantSchema.nullish(),
  dataEndTime: instantSchema.nullish(),
});
export const reportsSchema = z.object({ reports: z.array(reportSchema), nextToken: z.string().nullish() });
export const reportDocumentSchema = z.object({ reportDocumentId: z.string(), url: z.url(), compressionAlgorithm: z.string().nullish() });

export const participationsSchema = z.object({
  payload: z.array(
    z.object({
      marketplace: z.object({ id: z.string(), name: z.string() }),
      storeName: z.string().nullish(),
      participation: z.object({ isParticipating: z.boolean(), hasSuspendedListings: z.boolean() }),
    }),
  ),
});

/** Documents of returns, of listings, of webhook subscriptions and of holds. Valid in the versions 2026-04, 2026-07 and 2026-10, as those of `documents.ts`. */

/** Which orders that changed have returns: Shopify has no list of returns, and a return has no time of its change. */
export const ordersWithReturnsDocument = /* GraphQL */ `
  query OrdersWithReturns($first: Int!, $after: String, $query: String!) {
    orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        id
        updatedAt
        returns(first: 1) {
          nodes {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const returnLine = /* GraphQL */ `
  fragment ReturnedLine on ReturnLineItemType {
    id
    quantity
    processedQuantity
    returnReasonDefinition {
      handle
    }
    ... on ReturnLineItem {
      fulfillmentLineItem {
        lineItem {
          id
          sku
        }
      }
    }
  }
`;

export const orderReturnsDocument = /* GraphQL */ `
  ${returnLine}
  query OrderReturns($id: ID!, $first: Int!, $after: String, $lines: Int!) {
    order(id: $id) {
      updatedAt
      currencyCode
      returns(first: $first, after: $after) {
        nodes {
          id
          status
          createdAt
          returnLineItems(first: $lines) {
            nodes {
              ...ReturnedLine
            }
            pageInfo {
              hasNextPage
              endCursor
            }
          }
          refunds(first: 10) {
            nodes {
              totalRefundedSet {
                shopMoney {
                  amount
                  currencyCode
                }
              }
            }
          }
          reverseFulfillmentOrders(first: 2) {
            nodes {
              reverseDeliveries(first: 3) {
                nodes {
                  deliverable {
                    ... on ReverseDeliveryShippingDeliverable {
                      tracking {
                        number
                      }
                    }
                  }
                }
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

/** The rest of the lines of a return that has many. */
export const returnLinesDocument = /* GraphQL */ `
  ${returnLine}
  query ReturnLines($id: ID!, $first: Int!, $after: String!) {
    return(id: $id) {
      returnLineItems(first: $first, after: $after) {
        nodes {
          ...ReturnedLine
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const listingsDocument = /* GraphQL */ `
  query Listings($first: Int!, $after: String) {
    productVariants(first: $first, after: $after) {
      nodes {
        id
        sku
        displayName
        product {
          status
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const subscriptionsDocument = /* GraphQL */ `
  query Subscriptions($first: Int!, $after: String, $uri: String!) {
    webhookSubscriptions(first: $first, after: $after, uri: $uri) {
      nodes {
        id
        topic
        uri
        format
        filter
        includeFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const subscribeDocument = /* GraphQL */ `
  mutation Subscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
      userErrors {
        field
        message
      }
    }
  }
`;

export const resubscribeDocument = /* GraphQL */ `
  mutation Resubscribe($id: ID!, $subscription: WebhookSubscriptionInput!) {
    webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) {
      userErrors {
        field
        message
      }
    }
  }
`;

/** Fulfillment orders with their holds. */
export const heldOrdersDocument = /* GraphQL */ `
  query HeldOrders($id: ID!, $first: Int!, $after: String) {
    order(id: $id) {
      fulfillmentOrders(first: $first, after: $after) {
        nodes {
          id
          status
          fulfillmentHolds {
            id
            handle
            reason
            reasonNotes
            heldByRequestingApp
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const holdDocument = /* GraphQL */ `
  mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
    fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const releaseHoldDocument = /* GraphQL */ `
  mutation ReleaseHold($id: ID!, $holdIds: [ID!]!) {
    fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const splitDocument = /* GraphQL */ `
  mutation Split($splits: [FulfillmentOrderSplitInput!]!) {
    fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
      fulfillmentOrderSplits {
        fulfillmentOrder {
          id
        }
      }
      userErrors {
        field
        message
      }
    }
  }
`;

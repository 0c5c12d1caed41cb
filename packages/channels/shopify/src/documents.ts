import { lineFragment, moneyFragment, orderFragment, shippingLineFragment } from './order-fragments.ts';

/**
 * Every GraphQL document that the connector sends, valid in the versions 2026-04, 2026-07 and 2026-10 (a test checks them against the vendor's schema).
 */

const order = /* GraphQL */ `
  ${orderFragment}
  ${lineFragment}
  ${shippingLineFragment}
  fragment WholeOrder on Order {
    ...OrderAlone
    fulfillmentOrders(first: 3) {
      nodes {
        status
        fulfillAt
      }
    }
    shippingLines(first: 3) {
      nodes {
        ...Shipping
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    lineItems(first: $lines) {
      nodes {
        ...Line
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const pullOrdersDocument = /* GraphQL */ `
  ${order}
  query PullOrders($first: Int!, $after: String, $query: String!, $lines: Int!) {
    orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        ...WholeOrder
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const orderDocument = /* GraphQL */ `
  ${order}
  query OneOrder($id: ID!, $lines: Int!) {
    order(id: $id) {
      ...WholeOrder
    }
  }
`;

/** The rest of an order that did not fit its page; `updatedAt` tells whether the order changed meanwhile. */
export const orderLinesDocument = /* GraphQL */ `
  ${moneyFragment}
  ${lineFragment}
  query OrderLines($id: ID!, $first: Int!, $after: String!) {
    order(id: $id) {
      updatedAt
      lineItems(first: $first, after: $after) {
        nodes {
          ...Line
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const orderShippingLinesDocument = /* GraphQL */ `
  ${moneyFragment}
  ${shippingLineFragment}
  query OrderShippingLines($id: ID!, $first: Int!, $after: String!) {
    order(id: $id) {
      updatedAt
      shippingLines(first: $first, after: $after) {
        nodes {
          ...Shipping
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

const standing = /* GraphQL */ `
  ${moneyFragment}
  fragment Standing on Order {
    id
    name
    processedAt
    updatedAt
    cancelledAt
    closedAt
    currentTotalPriceSet {
      ...Amount
    }
    netPaymentSet {
      ...Amount
    }
    totalCapturableSet {
      ...Amount
    }
    lineItems(first: $lines) {
      nodes {
        id
        currentQuantity
        unfulfilledQuantity
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** How orders stand that changed since: little of each, so that many come at once. */
export const changedStandingsDocument = /* GraphQL */ `
  ${standing}
  query ChangedStandings($first: Int!, $after: String, $query: String!, $lines: Int!) {
    orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes {
        ...Standing
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const standingsDocument = /* GraphQL */ `
  ${standing}
  query Standings($ids: [ID!]!, $lines: Int!) {
    nodes(ids: $ids) {
      ... on Order {
        ...Standing
      }
    }
  }
`;

/** The rest of the lines of an order that has many. */
export const standingLinesDocument = /* GraphQL */ `
  query StandingLines($id: ID!, $first: Int!, $after: String!) {
    order(id: $id) {
      updatedAt
      lineItems(first: $first, after: $after) {
        nodes {
          id
          currentQuantity
          unfulfilledQuantity
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const inventoryItemsDocument = /* GraphQL */ `
  query InventoryItems($first: Int!, $after: String, $query: String) {
    inventoryItems(first: $first, after: $after, query: $query) {
      nodes {
        id
        sku
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const availableDocument = /* GraphQL */ `
  query Available($ids: [ID!]!, $locationId: ID!) {
    nodes(ids: $ids) {
      ... on InventoryItem {
        id
        inventoryLevel(locationId: $locationId) {
          quantities(names: ["available"]) {
            name
            quantity
          }
        }
      }
    }
  }
`;

export const setQuantitiesDocument = /* GraphQL */ `
  mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const activateDocument = /* GraphQL */ `
  mutation Activate($inventoryItemId: ID!, $locationId: ID!, $key: String!) {
    inventoryActivate(inventoryItemId: $inventoryItemId, locationId: $locationId) @idempotent(key: $key) {
      userErrors {
        field
        message
      }
    }
  }
`;

const openFulfillmentOrders = /* GraphQL */ `
  fragment OpenFulfillmentOrders on FulfillmentOrderConnection {
    nodes {
      id
      status
      assignedLocation {
        location {
          id
        }
      }
      lineItems(first: 25) {
        nodes {
          ...OpenLine
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
  fragment OpenLine on FulfillmentOrderLineItem {
    id
    remainingQuantity
    inventoryItemId
    lineItem {
      id
    }
  }
`;

export const fulfillmentOrdersDocument = /* GraphQL */ `
  query FulfillmentOrders($id: ID!, $after: String) {
    order(id: $id) {
      cancelledAt
      fulfillmentOrders(first: 10, after: $after) {
        ...OpenFulfillmentOrders
      }
    }
  }
  ${openFulfillmentOrders}
`;

/** What a confirmation begins with, in one query: what was fulfilled (fewer than {@link fulfillmentsDocument} can show) and what is open. */
export const confirmationDocument = /* GraphQL */ `
  query Confirmation($id: ID!, $first: Int!) {
    order(id: $id) {
      cancelledAt
      fulfillments(first: $first) {
        id
        status
        trackingInfo(first: 10) {
          number
        }
      }
      fulfillmentOrders(first: 10) {
        ...OpenFulfillmentOrders
      }
    }
  }
  ${openFulfillmentOrders}
`;

export const fulfillmentOrderLinesDocument = /* GraphQL */ `
  query FulfillmentOrderLines($id: ID!, $after: String!) {
    fulfillmentOrder(id: $id) {
      lineItems(first: 100, after: $after) {
        nodes {
          id
          remainingQuantity
          inventoryItemId
          lineItem {
            id
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

/** A shipment is looked up among the order's fulfillments; there is no paging on this list, so as many as one query may cost. */
export const fulfillmentsDocument = /* GraphQL */ `
  query Fulfillments($id: ID!, $first: Int!) {
    order(id: $id) {
      fulfillments(first: $first) {
        id
        status
        trackingInfo(first: 10) {
          number
        }
      }
    }
  }
`;

export const moveDocument = /* GraphQL */ `
  mutation Move($id: ID!, $newLocationId: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
    fulfillmentOrderMove(id: $id, newLocationId: $newLocationId, fulfillmentOrderLineItems: $lines) {
      movedFulfillmentOrder {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const createFulfillmentDocument = /* GraphQL */ `
  mutation CreateFulfillment($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) {
      fulfillment {
        id
      }
      userErrors {
        field
        message
      }
    }
  }
`;

export const probeDocument = /* GraphQL */ `
  query Probe($locations: [ID!]!) {
    shop {
      name
      myshopifyDomain
    }
    currentAppInstallation {
      accessScopes {
        handle
      }
    }
    nodes(ids: $locations) {
      ... on Location {
        id
        name
        isActive
      }
    }
  }
`;

// What the connector asks Vendure for. `documents.test.ts` holds each against the published schema.

/** How amounts are to be read, and whether prices hold their tax. */
const shop = /* GraphQL */ `
  globalSettings { serverConfig { moneyStrategyPrecision } }
  activeChannel { code pricesIncludeTax }
`;

const standing = /* GraphQL */ `
  fragment Standing on Order {
    id
    code
    state
    type
    active
    orderPlacedAt
    updatedAt
    currencyCode
    totalWithTax
    lines {
      id
      quantity
    }
    payments {
      id
      state
      amount
      refunds {
        id
        state
        total
        reason
      }
    }
    fulfillments {
      id
      state
      trackingCode
      lines {
        orderLineId
        quantity
      }
    }
  }
`;

const wholeOrder = /* GraphQL */ `
  fragment WholeOrder on Order {
    ...Standing
    shipping
    shippingWithTax
    customer {
      id
      emailAddress
    }
    shippingAddress {
      ...Where
    }
    billingAddress {
      ...Where
    }
    shippingLines {
      shippingMethod {
        code
      }
    }
    surcharges {
      id
      description
      price
      priceWithTax
    }
    lines {
      id
      quantity
      unitPrice
      unitPriceWithTax
      linePrice
      linePriceWithTax
      proratedLinePrice
      proratedLinePriceWithTax
      productVariant {
        sku
        name
      }
    }
  }
  fragment Where on OrderAddress {
    fullName
    company
    streetLine1
    streetLine2
    city
    province
    postalCode
    countryCode
    phoneNumber
  }
  ${standing}
`;

export const ordersDocument = /* GraphQL */ `
  query Orders($options: OrderListOptions) { ${shop} orders(options: $options) { items { ...WholeOrder } } }
  ${wholeOrder}
`;

export const orderDocument = /* GraphQL */ `
  query OneOrder($id: ID!) { ${shop} order(id: $id) { ...WholeOrder } }
  ${wholeOrder}
`;

export const standingsDocument = /* GraphQL */ `
  query Standings($options: OrderListOptions) { ${shop} orders(options: $options) { items { ...Standing } } }
  ${standing}
`;

export const standingDocument = /* GraphQL */ `
  query OneStanding($id: ID!) { ${shop} order(id: $id) { ...Standing } }
  ${standing}
`;

export const orderHistoryDocument = /* GraphQL */ `
  query OrderHistory($id: ID!, $options: HistoryEntryListOptions) {
    order(id: $id) {
      ...Standing
      history(options: $options) {
        items {
          data
        }
      }
    }
  }
  ${standing}
`;

const stock = /* GraphQL */ `
  id sku stockLevels { stockLocationId stockOnHand stockAllocated }
`;

export const stockDocument = /* GraphQL */ `
  query Stock($options: ProductVariantListOptions) { productVariants(options: $options) { items { ${stock} } } }
`;

export const setStockDocument = /* GraphQL */ `
  mutation SetStock($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { ${stock} } }
`;

export const listingsDocument = /* GraphQL */ `
  query Listings($options: ProductVariantListOptions) {
    productVariants(options: $options) {
      items {
        id
        sku
        name
        createdAt
        enabled
        product {
          enabled
        }
      }
    }
  }
`;

const refused = '... on ErrorResult { errorCode message }';

export const addFulfillmentDocument = /* GraphQL */ `
  mutation AddFulfillment($input: FulfillOrderInput!) {
    addFulfillmentToOrder(input: $input) { ... on Fulfillment { id state } ${refused} }
  }
`;

export const shipFulfillmentDocument = /* GraphQL */ `
  mutation ShipFulfillment($id: ID!) {
    transitionFulfillmentToState(id: $id, state: "Shipped") {
      ... on Fulfillment { id state }
      ${refused}
      ... on FulfillmentStateTransitionError { fromState }
    }
  }
`;

export const cancelDocument = /* GraphQL */ `
  mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on Order { id state } ${refused} } }
`;

export const refundDocument = /* GraphQL */ `
  mutation Refund($input: RefundOrderInput!) {
    refundOrder(input: $input) { ... on Refund { id state total reason } ${refused} }
  }
`;

export const settleDocument = /* GraphQL */ `
  mutation Settle($id: ID!) { settlePayment(id: $id) { ... on Payment { id state } ${refused} } }
`;

export const noteDocument = /* GraphQL */ `
  mutation Note($input: AddNoteToOrderInput!) {
    addNoteToOrder(input: $input) {
      id
    }
  }
`;

export const probeDocument = /* GraphQL */ `
  query Probe {
    ${shop}
    stockLocations(options: { take: 1000 }) { items { id } }
    fulfillmentHandlers { code }
    orders(options: { take: 1 }) { totalItems }
    productVariants(options: { take: 1 }) { totalItems }
  }
`;

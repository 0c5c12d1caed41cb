/**
 * Documents of what is done to orders beyond shipping them: cancelling, editing, refunding, capturing, acknowledging. Valid in the versions 2026-04, 2026-07 and 2026-10, as those of
 * `documents.ts`.
 */

/** What can be cancelled of an order. Shipped units count in `currentQuantity` and not in `unfulfilledQuantity`. */
export const cancellableDocument = /* GraphQL */ `
  query Cancellable($id: ID!, $first: Int!, $after: String) {
    order(id: $id) {
      cancelledAt
      fulfillments(first: 50) {
        status
      }
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

export const cancelDocument = /* GraphQL */ `
  mutation Cancel(
    $orderId: ID!
    $reason: OrderCancelReason!
    $restock: Boolean!
    $notifyCustomer: Boolean!
    $refundMethod: OrderCancelRefundMethodInput
    $staffNote: String
  ) {
    orderCancel(
      orderId: $orderId
      reason: $reason
      restock: $restock
      notifyCustomer: $notifyCustomer
      refundMethod: $refundMethod
      staffNote: $staffNote
    ) {
      job {
        id
        done
      }
      orderCancelUserErrors {
        code
        field
        message
      }
    }
  }
`;

export const cancelledDocument = /* GraphQL */ `
  query Cancelled($id: ID!) {
    order(id: $id) {
      cancelledAt
    }
  }
`;

export const jobDocument = /* GraphQL */ `
  query Job($id: ID!) {
    job(id: $id) {
      id
      done
    }
  }
`;

export const beginEditDocument = /* GraphQL */ `
  mutation BeginEdit($id: ID!) {
    orderEditBegin(id: $id) {
      calculatedOrder {
        id
      }
      userErrors {
        field
        message
      }
    }
  }
`;

export const editQuantityDocument = /* GraphQL */ `
  mutation EditQuantity($id: ID!, $lineItemId: ID!, $quantity: Int!, $restock: Boolean!) {
    orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: $quantity, restock: $restock) {
      userErrors {
        field
        message
      }
    }
  }
`;

export const commitEditDocument = /* GraphQL */ `
  mutation CommitEdit($id: ID!, $notifyCustomer: Boolean!, $staffNote: String) {
    orderEditCommit(id: $id, notifyCustomer: $notifyCustomer, staffNote: $staffNote) {
      userErrors {
        field
        message
      }
    }
  }
`;

const bothMoneys = /* GraphQL */ `
  fragment Both on MoneyBag {
    shopMoney {
      amount
      currencyCode
    }
    presentmentMoney {
      amount
      currencyCode
    }
  }
`;

const suggestion = /* GraphQL */ `
  fragment Suggestion on SuggestedRefund {
    amountSet {
      ...Both
    }
    maximumRefundableSet {
      ...Both
    }
    suggestedTransactions {
      gateway
      amountSet {
        ...Both
      }
      maximumRefundableSet {
        ...Both
      }
      parentTransaction {
        id
      }
    }
  }
`;

/** Refunds of an order are a list without paging: as many are asked for as one query may cost. */
export const refundsDocument = /* GraphQL */ `
  query Refunds($id: ID!, $first: Int!) {
    order(id: $id) {
      refunds(first: $first) {
        id
        note
        totalRefundedSet {
          shopMoney {
            amount
            currencyCode
          }
        }
        transactions(first: 5) {
          nodes {
            status
          }
        }
      }
    }
  }
`;

/** What the lines of a refund are, before Shopify is asked what it would give for them. */
export const refundableDocument = /* GraphQL */ `
  query Refundable($id: ID!, $lines: [ID!]!) {
    order(id: $id) {
      currencyCode
      presentmentCurrencyCode
      taxesIncluded
    }
    nodes(ids: $lines) {
      ... on LineItem {
        id
        refundableQuantity
        unfulfilledQuantity
      }
    }
  }
`;

/** `asked` is for what is to be refunded, `whole` for all that can be: money that belongs to no line comes out of the same payments. */
export const suggestedRefundDocument = /* GraphQL */ `
  ${bothMoneys}
  ${suggestion}
  query SuggestedRefund($id: ID!, $lines: [RefundLineItemInput!]!, $shippingAmount: Money) {
    order(id: $id) {
      asked: suggestedRefund(refundLineItems: $lines, shippingAmount: $shippingAmount) {
        ...Suggestion
      }
      whole: suggestedRefund(suggestFullRefund: true, refundShipping: true) {
        ...Suggestion
      }
    }
  }
`;

export const createRefundDocument = /* GraphQL */ `
  mutation CreateRefund($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) {
      refund {
        id
        note
        totalRefundedSet {
          shopMoney {
            amount
            currencyCode
          }
        }
        transactions(first: 5) {
          nodes {
            status
          }
        }
      }
      userErrors {
        field
        message
      }
    }
  }
`;

export const paymentsDocument = /* GraphQL */ `
  ${bothMoneys}
  query Payments($id: ID!, $first: Int!) {
    order(id: $id) {
      currencyCode
      presentmentCurrencyCode
      transactions(first: $first) {
        id
        kind
        status
        amountSet {
          ...Both
        }
        totalUnsettledSet {
          ...Both
        }
        parentTransaction {
          id
        }
      }
    }
  }
`;

export const captureDocument = /* GraphQL */ `
  ${bothMoneys}
  mutation Capture($input: OrderCaptureInput!) {
    orderCapture(input: $input) {
      transaction {
        id
        kind
        status
        amountSet {
          ...Both
        }
        totalUnsettledSet {
          ...Both
        }
        parentTransaction {
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

export const acknowledgeDocument = /* GraphQL */ `
  mutation Acknowledge($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields {
        id
        value
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const acknowledgedDocument = /* GraphQL */ `
  query Acknowledged($id: ID!, $namespace: String!, $key: String!) {
    order(id: $id) {
      metafield(namespace: $namespace, key: $key) {
        id
        value
      }
    }
  }
`;

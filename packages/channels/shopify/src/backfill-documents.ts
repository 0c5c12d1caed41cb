import { lineFragment, orderFragment, shippingLineFragment } from './order-fragments.ts';

/** Documents of bulk operations. */

export const runBulkQueryDocument = /* GraphQL */ `
  mutation RunBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) {
      bulkOperation {
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

export const bulkOperationDocument = /* GraphQL */ `
  query BulkOperation($id: ID!) {
    bulkOperation(id: $id) {
      status
      errorCode
      objectCount
      url
    }
  }
`;

/**
 * What a bulk operation is to read: all orders that a search finds, the same of each as a pull reads. It takes no variables and no pages; at most five connections, nested two deep; objects of
 * inner connections come apart from their order and are told by their type.
 */
export function bulkOrdersQuery(search: string): string {
  return /* GraphQL */ `
    ${orderFragment}
    ${lineFragment}
    ${shippingLineFragment}
    {
      orders(query: ${JSON.stringify(search)}) {
        edges {
          node {
            ...OrderAlone
            fulfillmentOrders {
              edges {
                node {
                  __typename
                  id
                  status
                  fulfillAt
                }
              }
            }
            shippingLines {
              edges {
                node {
                  __typename
                  id
                  ...Shipping
                }
              }
            }
            lineItems {
              edges {
                node {
                  __typename
                  ...Line
                }
              }
            }
          }
        }
      }
    }
  `;
}

// Parts of the documents that read orders. Fields of money ask for `shopMoney` alone: the shop's books are in the shop's currency.

export const moneyFragment = /* GraphQL */ `
  fragment Amount on MoneyBag {
    shopMoney {
      amount
      currencyCode
    }
  }
`;

export const lineFragment = /* GraphQL */ `
  fragment Line on LineItem {
    id
    sku
    title
    quantity
    currentQuantity
    requiresShipping
    originalUnitPriceSet {
      ...Amount
    }
    originalTotalSet {
      ...Amount
    }
    discountAllocations {
      allocatedAmountSet {
        ...Amount
      }
    }
    taxLines {
      priceSet {
        ...Amount
      }
    }
  }
`;

export const shippingLineFragment = /* GraphQL */ `
  fragment Shipping on ShippingLine {
    title
    code
    discountedPriceSet {
      ...Amount
    }
    currentDiscountedPriceSet {
      ...Amount
    }
    taxLines {
      priceSet {
        ...Amount
      }
    }
  }
`;

export const addressFragment = /* GraphQL */ `
  fragment Place on MailingAddress {
    name
    company
    address1
    address2
    zip
    city
    provinceCode
    countryCodeV2
    phone
  }
`;

/** All of an order but its lists. */
export const orderFragment = /* GraphQL */ `
  ${moneyFragment}
  ${addressFragment}
  fragment OrderAlone on Order {
    id
    name
    test
    processedAt
    updatedAt
    cancelledAt
    closedAt
    email
    poNumber
    currencyCode
    taxesIncluded
    displayFinancialStatus
    paymentTerms {
      paymentTermsName
    }
    purchasingEntity {
      __typename
    }
    customer {
      id
    }
    risk {
      recommendation
      assessments {
        riskLevel
      }
    }
    shippingAddress {
      ...Place
    }
    billingAddress {
      ...Place
    }
    currentTotalPriceSet {
      ...Amount
      presentmentMoney {
        amount
        currencyCode
      }
    }
    currentTotalDutiesSet {
      ...Amount
    }
    currentTotalAdditionalFeesSet {
      ...Amount
    }
    netPaymentSet {
      ...Amount
    }
    totalCapturableSet {
      ...Amount
    }
  }
`;

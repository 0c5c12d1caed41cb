import { buildSchema } from 'graphql';

/** The part of Vendure's Admin API that the sandbox has. `documents.test.ts` holds it against the published one. */
export const sandboxSchema = buildSchema(/* GraphQL */ `
  scalar DateTime
  scalar JSON
  scalar Money

  type Query {
    activeChannel: Channel!
    globalSettings: GlobalSettings!
    order(id: ID!): Order
    orders(options: OrderListOptions): OrderList!
    productVariants(options: ProductVariantListOptions, productId: ID): ProductVariantList!
    fulfillmentHandlers: [ConfigurableOperationDefinition!]!
    stockLocations(options: StockLocationListOptions): StockLocationList!
  }

  type Mutation {
    settlePayment(id: ID!): SettlePaymentResult!
    addFulfillmentToOrder(input: FulfillOrderInput!): AddFulfillmentToOrderResult!
    cancelOrder(input: CancelOrderInput!): CancelOrderResult!
    refundOrder(input: RefundOrderInput!): RefundOrderResult!
    addNoteToOrder(input: AddNoteToOrderInput!): Order!
    transitionFulfillmentToState(id: ID!, state: String!): TransitionFulfillmentToStateResult!
    updateProductVariants(input: [UpdateProductVariantInput!]!): [ProductVariant]!
  }

  type Channel {
    code: String!
    pricesIncludeTax: Boolean!
  }
  type GlobalSettings {
    serverConfig: ServerConfig!
  }
  type ServerConfig {
    moneyStrategyPrecision: Int!
  }
  type ConfigurableOperationDefinition {
    code: String!
  }

  type OrderList {
    items: [Order!]!
    totalItems: Int!
  }
  type Order {
    id: ID!
    code: String!
    state: String!
    type: OrderType!
    active: Boolean!
    orderPlacedAt: DateTime
    updatedAt: DateTime!
    currencyCode: CurrencyCode!
    totalWithTax: Money!
    shipping: Money!
    shippingWithTax: Money!
    customer: Customer
    shippingAddress: OrderAddress
    billingAddress: OrderAddress
    shippingLines: [ShippingLine!]!
    surcharges: [Surcharge!]!
    lines: [OrderLine!]!
    payments: [Payment!]
    fulfillments: [Fulfillment!]
    history(options: HistoryEntryListOptions): HistoryEntryList!
  }
  enum OrderType {
    Regular
    Seller
    Aggregate
  }
  scalar CurrencyCode
  type Customer {
    id: ID!
    emailAddress: String!
  }
  type OrderAddress {
    fullName: String
    company: String
    streetLine1: String
    streetLine2: String
    city: String
    province: String
    postalCode: String
    countryCode: String
    phoneNumber: String
  }
  type ShippingLine {
    shippingMethod: ShippingMethod!
  }
  type ShippingMethod {
    code: String!
  }
  type Surcharge {
    id: ID!
    description: String!
    price: Money!
    priceWithTax: Money!
  }
  type OrderLine {
    id: ID!
    quantity: Int!
    unitPrice: Money!
    unitPriceWithTax: Money!
    linePrice: Money!
    linePriceWithTax: Money!
    proratedLinePrice: Money!
    proratedLinePriceWithTax: Money!
    productVariant: ProductVariant!
  }
  type Payment {
    id: ID!
    state: String!
    amount: Money!
    refunds: [Refund!]!
  }
  type Refund {
    id: ID!
    state: String!
    total: Money!
    reason: String
  }
  type Fulfillment {
    id: ID!
    state: String!
    method: String!
    trackingCode: String
    lines: [FulfillmentLine!]!
  }
  type FulfillmentLine {
    orderLineId: ID!
    quantity: Int!
  }
  type HistoryEntryList {
    items: [HistoryEntry!]!
    totalItems: Int!
  }
  type HistoryEntry {
    type: HistoryEntryType!
    data: JSON!
    createdAt: DateTime!
  }
  scalar HistoryEntryType

  type ProductVariantList {
    items: [ProductVariant!]!
    totalItems: Int!
  }
  type ProductVariant {
    id: ID!
    sku: String!
    name: String!
    createdAt: DateTime!
    enabled: Boolean!
    product: Product!
    stockLevels: [StockLevel!]!
  }
  type Product {
    enabled: Boolean!
  }
  type StockLevel {
    stockLocationId: ID!
    stockOnHand: Int!
    stockAllocated: Int!
  }
  type StockLocationList {
    items: [StockLocation!]!
    totalItems: Int!
  }
  type StockLocation {
    id: ID!
    name: String!
  }

  enum SortOrder {
    ASC
    DESC
  }
  input DateOperators {
    eq: DateTime
    before: DateTime
    after: DateTime
    isNull: Boolean
  }
  input IDOperators {
    eq: String
    notEq: String
    in: [String!]
    notIn: [String!]
    isNull: Boolean
  }
  input StringOperators {
    eq: String
    notEq: String
    in: [String!]
    notIn: [String!]
    isNull: Boolean
  }
  input BooleanOperators {
    eq: Boolean
    isNull: Boolean
  }
  input StockLocationListOptions {
    skip: Int
    take: Int
  }
  input OrderListOptions {
    skip: Int
    take: Int
    sort: OrderSortParameter
    filter: OrderFilterParameter
  }
  input OrderSortParameter {
    id: SortOrder
    createdAt: SortOrder
    updatedAt: SortOrder
    orderPlacedAt: SortOrder
  }
  input OrderFilterParameter {
    id: IDOperators
    updatedAt: DateOperators
    type: StringOperators
    orderPlacedAt: DateOperators
    active: BooleanOperators
    _and: [OrderFilterParameter!]
    _or: [OrderFilterParameter!]
  }
  input ProductVariantListOptions {
    skip: Int
    take: Int
    sort: ProductVariantSortParameter
    filter: ProductVariantFilterParameter
  }
  input ProductVariantSortParameter {
    id: SortOrder
    createdAt: SortOrder
  }
  input ProductVariantFilterParameter {
    id: IDOperators
    createdAt: DateOperators
    sku: StringOperators
    _and: [ProductVariantFilterParameter!]
    _or: [ProductVariantFilterParameter!]
  }
  input HistoryEntryListOptions {
    skip: Int
    take: Int
    sort: HistoryEntrySortParameter
    filter: HistoryEntryFilterParameter
  }
  input HistoryEntrySortParameter {
    createdAt: SortOrder
  }
  input HistoryEntryFilterParameter {
    type: StringOperators
  }

  input OrderLineInput {
    orderLineId: ID!
    quantity: Int!
  }
  input FulfillOrderInput {
    lines: [OrderLineInput!]!
    handler: ConfigurableOperationInput!
  }
  input ConfigurableOperationInput {
    code: String!
    arguments: [ConfigArgInput!]!
  }
  input ConfigArgInput {
    name: String!
    value: String!
  }
  input CancelOrderInput {
    orderId: ID!
    lines: [OrderLineInput!]
    cancelShipping: Boolean
    reason: String
  }
  input RefundOrderInput {
    lines: [OrderLineInput!]
    shipping: Money
    adjustment: Money
    amount: Money
    paymentId: ID!
    reason: String
  }
  input AddNoteToOrderInput {
    id: ID!
    note: String!
    isPublic: Boolean!
  }
  input UpdateProductVariantInput {
    id: ID!
    trackInventory: GlobalFlag
    stockLevels: [StockLevelInput!]
  }
  enum GlobalFlag {
    TRUE
    FALSE
    INHERIT
  }
  input StockLevelInput {
    stockLocationId: ID!
    stockOnHand: Int!
  }

  scalar ErrorCode
  interface ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type EmptyOrderLineSelectionError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type ItemsAlreadyFulfilledError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type InsufficientStockOnHandError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type InvalidFulfillmentHandlerError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type FulfillmentStateTransitionError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
    fromState: String!
  }
  type QuantityTooGreatError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type RefundAmountError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type RefundOrderStateError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type NothingToRefundError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }
  type PaymentStateTransitionError implements ErrorResult {
    errorCode: ErrorCode!
    message: String!
  }

  union SettlePaymentResult = Payment | PaymentStateTransitionError
  union AddFulfillmentToOrderResult =
    | Fulfillment
    | EmptyOrderLineSelectionError
    | ItemsAlreadyFulfilledError
    | InsufficientStockOnHandError
    | InvalidFulfillmentHandlerError
  union CancelOrderResult = Order | EmptyOrderLineSelectionError | QuantityTooGreatError
  union RefundOrderResult = Refund | NothingToRefundError | RefundOrderStateError | RefundAmountError
  union TransitionFulfillmentToStateResult = Fulfillment | FulfillmentStateTransitionError
`);

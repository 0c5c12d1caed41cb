import type { ShipmentConfirmation } from '@quartermaster/domain';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

export type People = ReturnType<typeof peopleOf>;

const id = z.object({ id: z.string() });

/** The hands of a real shop's people: its owner, by a key that may do all, and its customers. */
export function peopleOf(origin: string, ownerKey: string) {
  const owner = asking(`${origin}/admin-api`, { 'vendure-api-key': ownerKey });
  let coupon: Promise<string> | null = null;

  async function addVariants(count: number): Promise<string[]> {
    const skus = Array.from({ length: count }, () => `QM-${randomUUID()}`);
    const translations = (name: string) => [{ languageCode: 'en', name }];
    const product = await owner('mutation ($input: CreateProductInput!) { made: createProduct(input: $input) { id } }', made, {
      input: { translations: [{ languageCode: 'en', name: 'Live mug', slug: randomUUID(), description: '' }] },
    });
    const group = await owner(
      'mutation ($input: CreateProductOptionGroupInput!) { made: createProductOptionGroup(input: $input) { id options { id } } }',
      z.object({ made: z.object({ id: z.string(), options: z.array(id) }) }),
      {
        input: {
          code: randomUUID(),
          translations: translations('Kind'),
          options: skus.map((code) => ({ code, translations: translations(code) })),
        },
      },
    );
    await owner(
      'mutation ($product: ID!, $group: ID!) { made: addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id } }',
      made,
      {
        product: product.made.id,
        group: group.made.id,
      },
    );
    const variants = group.made.options.map((option, nth) => ({
      productId: product.made.id,
      sku: skus[nth],
      price: 1299,
      stockOnHand: 1_000,
      optionIds: [option.id],
      translations: translations('Live mug'),
    }));
    await owner('mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }', z.unknown(), {
      input: variants,
    });
    return skus;
  }

  async function fillCart(sku: string, units: number, code: string | null) {
    const customer = asking(`${origin}/shop-api`, {});
    const { productVariants } = await owner(
      'query ($sku: String!) { productVariants(options: { filter: { sku: { eq: $sku } } }) { items { id } } }',
      z.object({ productVariants: z.object({ items: z.array(id) }) }),
      { sku },
    );
    const step = (document: string, variables: object = {}) => customer(`mutation ${document}`, z.object({ done: doneSchema }), variables);
    const done = 'done: ';
    const added = await step(
      `($id: ID!, $units: Int!) { ${done}addItemToOrder(productVariantId: $id, quantity: $units) { ... on Order { id } ${refused} } }`,
      { id: productVariants.items[0]?.id, units },
    );
    const ada = '{ firstName: "Ada", lastName: "Example", emailAddress: "ada@example.test" }';
    await step(`{ ${done}setCustomerForOrder(input: ${ada}) { ... on Order { id } ${refused} } }`);
    const bonn = '{ fullName: "Ada Example", streetLine1: "Beispielweg 1", city: "Bonn", postalCode: "53111", countryCode: "DE" }';
    await step(`{ ${done}setOrderShippingAddress(input: ${bonn}) { ... on Order { id } ${refused} } }`);
    if (code !== null)
      await step(`($code: String!) { ${done}applyCouponCode(couponCode: $code) { ... on Order { id } ${refused} } }`, { code });
    const methods = z.object({ eligibleShippingMethods: z.array(id) });
    const { eligibleShippingMethods } = await customer('{ eligibleShippingMethods { id } }', methods, {});
    await step(`($ids: [ID!]!) { ${done}setOrderShippingMethod(shippingMethodId: $ids) { ... on Order { id } ${refused} } }`, {
      ids: [eligibleShippingMethods[0]?.id],
    });
    return { orderId: added.done.id, step };
  }

  /** A coupon of ten per cent off the whole order. */
  async function newCoupon(): Promise<string> {
    const couponCode = randomUUID();
    const action = { code: 'order_percentage_discount', arguments: [{ name: 'discount', value: '10' }] };
    const input = { enabled: true, couponCode, conditions: [], actions: [action], translations: [{ languageCode: 'en', name: 'Ten' }] };
    await owner('mutation ($input: CreatePromotionInput!) { made: createPromotion(input: $input) { ... on Promotion { id } } }', made, {
      input,
    });
    return couponCode;
  }

  return {
    addVariants,
    addVariant: async (): Promise<string> => (await addVariants(1))[0] ?? '',
    async addLocation(): Promise<string> {
      const input = { name: randomUUID() };
      return (
        await owner('mutation ($input: CreateStockLocationInput!) { made: createStockLocation(input: $input) { id } }', made, { input })
      ).made.id;
    },
    async setPricesIncludeTax(pricesIncludeTax: boolean): Promise<void> {
      const document = 'mutation ($input: UpdateChannelInput!) { made: updateChannel(input: $input) { ... on Channel { id } } }';
      await owner(document, made, { input: { id: '1', pricesIncludeTax } });
    },
    fillCart: async (sku: string): Promise<string> => (await fillCart(sku, 1, null)).orderId,
    /** Gives the order's id. Throws with Vendure's code where the shop refuses. */
    async placeOrder(sku: string, units: number, { method = 'at-once', isDiscounted = false } = {}): Promise<string> {
      coupon ??= newCoupon();
      const { orderId, step } = await fillCart(sku, units, isDiscounted ? await coupon : null);
      await step(`{ done: transitionOrderToState(state: "ArrangingPayment") { ... on Order { id } ${refused} } }`);
      await step(
        `($method: String!) { done: addPaymentToOrder(input: { method: $method, metadata: {} }) { ... on Order { id } ${refused} } }`,
        {
          method,
        },
      );
      return orderId;
    },
    async shipmentsOf(orderId: string): Promise<string[]> {
      const fulfillment = z.object({ state: z.string(), method: z.string(), trackingCode: z.string() });
      const schema = z.object({ order: z.object({ fulfillments: z.array(fulfillment) }) });
      const document = 'query ($id: ID!) { order(id: $id) { fulfillments { state method trackingCode } } }';
      const { order } = await owner(document, schema, { id: orderId });
      return order.fulfillments.map(({ state, method, trackingCode }) => `${state} ${method} ${trackingCode}`).toSorted();
    },
    /** The first of the two steps of a shipment. */
    async addFulfilment({ lines, trackingNumbers }: ShipmentConfirmation): Promise<void> {
      const input = {
        lines: lines.map(({ lineId, units }) => ({ orderLineId: lineId, quantity: units })),
        handler: {
          code: 'manual-fulfillment',
          arguments: [
            { name: 'method', value: 'UPS' },
            { name: 'trackingCode', value: trackingNumbers[0] },
          ],
        },
      };
      const document = `mutation ($input: FulfillOrderInput!) { made: addFulfillmentToOrder(input: $input) { ... on Fulfillment { id } } }`;
      await owner(document, made, { input });
    },
    async settleRefund(refundId: string): Promise<void> {
      const document = 'mutation ($id: ID!) { made: settleRefund(input: { id: $id, transactionId: "by hand" }) { ... on Refund { id } } }';
      await owner(document, made, { id: refundId });
    },
  };
}

const made = z.object({ made: id });
const refused = '... on ErrorResult { errorCode message }';
const doneSchema = z.union([z.object({ errorCode: z.string() }), id]).transform((done) => {
  if ('errorCode' in done) throw new RangeError(done.errorCode);
  return done;
});

/** Asks an API, and keeps its session. */
function asking(url: string, headers: Readonly<Record<string, string>>) {
  let session: Readonly<Record<string, string>> = {};
  return async function ask<Data>(query: string, schema: z.ZodType<Data>, variables: object): Promise<Data> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...session },
      body: JSON.stringify({ query, variables }),
    });
    const token = answer.headers.get('vendure-auth-token');
    if (token !== null) session = { authorization: `Bearer ${token}` };
    const { data, errors } = z.object({ data: z.unknown(), errors: z.unknown().optional() }).parse(await answer.json());
    if (errors !== undefined) throw new RangeError(JSON.stringify(errors));
    return schema.parse(data);
  };
}

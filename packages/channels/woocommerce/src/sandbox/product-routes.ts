import { decimalText } from '../amounts.ts';
import { isRecord, oneOf, paged, RestError, type Answer, type Asked } from './answers.ts';
import type { ProductState, ShopState } from './state.ts';

const mostInBatch = 100;

/** `GET products`: by `sku` (several with commas; variations are found, too), otherwise products without their variations. */
export function listProducts(state: ShopState, asked: Asked): Answer {
  const sku = asked.query.get('sku');
  const skus = new Set(sku === null ? [] : [...sku.split(','), sku]);
  const all = [...state.products.values()].filter(({ status }) => status !== 'trash');
  const found =
    sku === null || sku === ''
      ? all.filter(({ type }) => type !== 'variation')
      : all.filter((product) => product.sku !== '' && skus.has(product.sku));
  return paged(asked, sorted(asked, found), (product) => productView(state, product));
}

/** `GET variations`, from 10.3 on, and `GET products/{id}/variations`. */
export function listVariations(state: ShopState, asked: Asked, parent: number | null): Answer {
  if (parent !== null && state.products.get(parent)?.type !== 'variable')
    throw new RestError(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.');
  const found = [...state.products.values()].filter(
    ({ type, status, ...product }) => type === 'variation' && status !== 'trash' && (parent === null || product.parent === parent),
  );
  return paged(asked, sorted(asked, found), (product) => productView(state, product));
}

/**
 * `POST products/batch` and `POST products/{id}/variations/batch`: one outcome for each item. A variation is refused among products; a quantity that is no whole number is cut off without a
 * word, and one of an item whose stock is not managed ignored.
 */
export function changeProducts(state: ShopState, { body }: Asked, parent: number | null): Answer {
  const lists = ['create', 'update', 'delete'].map((name) => body[name] ?? []);
  const sizes = lists.map((list) => (Array.isArray(list) ? list.length : 0));
  if (sizes.reduce((sum, size) => sum + size, 0) > mostInBatch)
    throw new RestError(
      413,
      'woocommerce_rest_request_entity_too_large',
      `Unable to accept more than ${mostInBatch} items for this request.`,
    );
  if (sizes[0] !== 0 || sizes[2] !== 0) throw new RestError(501, 'sandbox_not_played', 'The sandbox only updates products.');
  const update = Array.isArray(lists[1]) ? lists[1] : [];
  if (update.length === 0) return { status: 200, body: {} };
  return { status: 200, body: { update: update.map((item: unknown) => changeProduct(state, item, parent)) } };
}

function changeProduct(state: ShopState, item: unknown, parent: number | null): object {
  const given = isRecord(item) ? item : {};
  const id = Number(given['id']);
  const error = (code: string, message: string, status: number) => ({ id, error: { code, message, data: { status } } });
  const product = state.products.get(id);
  if (parent !== null && (product?.type !== 'variation' || product.parent !== parent))
    return error('woocommerce_rest_product_variation_invalid_id', 'Invalid ID.', 404);
  if (product === undefined || product.status === 'trash') return error('woocommerce_rest_product_invalid_id', 'Invalid ID.', 400);
  if (parent === null && product.type === 'variation')
    return error(
      'woocommerce_rest_invalid_product_id',
      'To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.',
      404,
    );
  const { manage_stock: manages, stock_quantity: quantity } = given;
  if (typeof manages === 'boolean') product.managesStock = manages && state.managesStock;
  if (product.managesStock && quantity !== undefined) product.stock = Math.trunc(Number(quantity));
  if (!product.managesStock) product.stock = null;
  return productView(state, product);
}

function sorted(asked: Asked, products: readonly ProductState[]): ProductState[] {
  oneOf(asked.query, 'orderby', ['date', 'id', 'include', 'title', 'slug', 'modified'], 'date');
  const direction = oneOf(asked.query, 'order', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
  return products.toSorted((a, b) => (a.id - b.id) * direction);
}

/** A variation without a SKU of its own shows its product's. */
function productView(state: ShopState, product: ProductState): object {
  const inherited = product.type === 'variation' && product.sku === '' ? (state.products.get(product.parent)?.sku ?? '') : product.sku;
  return {
    id: product.id,
    name: product.name,
    type: product.type,
    status: product.status,
    sku: inherited,
    price: decimalText(product.price, state.decimals),
    regular_price: decimalText(product.price, state.decimals),
    manage_stock: product.managesStock,
    stock_quantity: product.stock,
    stock_status: product.stock === null || product.stock > 0 ? 'instock' : 'outofstock',
    backorders: 'no',
    low_stock_amount: null,
    image: null,
    parent_id: product.parent,
    _links: { self: [{ href: `${state.origin}/wp-json/wc/v3/products/${product.id}` }] },
  };
}

import { formatMoney, sameMoney, type ChannelOrder, type Money, type OrderLine } from '@quartermaster/domain';

/**
 * What is another in `newest` than in `committed`, one phrase each, in the order of the lines; empty when the content is the same. Content is what is written into the ERP and
 * sourced, and so cannot follow the channel by itself afterwards.
 */
export function contentDifferences(committed: ChannelOrder, newest: ChannelOrder): string[] {
  return [
    ...lineDifferences(committed, newest),
    ...moneyDifference('shipping', committed.shipping, newest.shipping),
    ...moneyDifference('tax on shipping', committed.shippingTax, newest.shippingTax),
    ...moneyDifference('order discount', committed.orderDiscount, newest.orderDiscount),
    ...moneyDifference('total', committed.total, newest.total),
    ...textDifference('taxes', taxes(committed), taxes(newest)),
    ...textDifference('service', committed.requestedService, newest.requestedService),
    ...textDifference('pickup point', committed.pickupPoint, newest.pickupPoint),
  ];
}

/** The newest order with the content that was committed. */
export function withContentOf(committed: ChannelOrder, newest: ChannelOrder): ChannelOrder {
  const { currency, taxesIncluded, lines, shipping, shippingTax, orderDiscount, total, requestedService, pickupPoint } = committed;
  return { ...newest, currency, taxesIncluded, lines, shipping, shippingTax, orderDiscount, total, requestedService, pickupPoint };
}

/** Lines of which `newest` wants more units than `committed`, or that are new in it. */
export function wantsMore(committed: ChannelOrder, newest: ChannelOrder): boolean {
  const wanted = new Map(committed.lines.map((line) => [line.id, line.quantity]));
  return newest.lines.some((line) => line.quantity > (wanted.get(line.id) ?? 0));
}

function lineDifferences(committed: ChannelOrder, newest: ChannelOrder): string[] {
  const now = new Map(newest.lines.map((line) => [line.id, line]));
  const known = new Set(committed.lines.map((line) => line.id));
  const changed = committed.lines.flatMap((was) => {
    const is = now.get(was.id);
    return is === undefined ? [`line ${named(was)} is gone`] : differencesOfLine(was, is);
  });
  const added = newest.lines.filter((line) => !known.has(line.id)).map((line) => `line ${named(line)} is new, quantity ${line.quantity}`);
  return [...changed, ...added];
}

function differencesOfLine(was: OrderLine, is: OrderLine): string[] {
  const of = `line ${named(was)}`;
  return [
    ...textDifference(`${of}: quantity`, String(was.quantity), String(is.quantity)),
    ...textDifference(`${of}: SKU`, was.sku, is.sku),
    ...textDifference(`${of}: kind`, was.kind, is.kind),
    ...textDifference(`${of}: kit`, was.parent, is.parent),
    ...textDifference(`${of}: unit factor`, String(was.unitFactor), String(is.unitFactor)),
    ...textDifference(`${of}: unit price`, was.unitPrice, is.unitPrice),
    ...moneyDifference(`${of}: total`, was.total, is.total),
    ...moneyDifference(`${of}: tax`, was.tax, is.tax),
  ];
}

function moneyDifference(what: string, was: Money, is: Money): string[] {
  return sameMoney(was, is) ? [] : [`${what} ${formatMoney(was)} → ${formatMoney(is)}`];
}

function textDifference(what: string, was: string | null, is: string | null): string[] {
  return was === is ? [] : [`${what} ${was ?? 'none'} → ${is ?? 'none'}`];
}

function taxes(order: ChannelOrder): string {
  return order.taxesIncluded ? 'included' : 'added';
}

function named(line: OrderLine): string {
  return line.sku === null ? line.id : `${line.id} (${line.sku})`;
}

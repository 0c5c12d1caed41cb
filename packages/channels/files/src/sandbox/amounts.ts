import { decimalOf, money, moneyFromDecimal, multiplyPrice, shareUnits } from '@quartermaster/domain';
import type { FileLine, FileOrder } from '../wire.ts';

/** A line with fewer units: discount and tax keep their share, to the minor unit. */
export function lineWith(line: FileLine, quantity: number, currency: string): FileLine {
  if (quantity >= line.quantity) return line;
  const share = (text: string | null | undefined) =>
    typeof text === 'string'
      ? decimalOf(money(shareUnits(moneyFromDecimal(text, currency).minor, [quantity, line.quantity - quantity])[0] ?? 0, currency))
      : text;
  return { ...line, quantity, discount: share(line.discount), tax: share(line.tax) };
}

/** What the order comes to. */
export function totalOf(
  order: Pick<FileOrder, 'currency' | 'lines' | 'taxes_included' | 'shipping' | 'shipping_tax' | 'discount'>,
): string {
  const { currency, lines } = order;
  const minor = (text: string | null | undefined) => (typeof text === 'string' ? moneyFromDecimal(text, currency).minor : 0);
  const goods = lines.reduce(
    (sum, line) =>
      sum +
      multiplyPrice(line.unit_price, line.quantity, currency).minor -
      minor(line.discount) +
      (order.taxes_included ? 0 : minor(line.tax)),
    0,
  );
  const shipping = minor(order.shipping) + (order.taxes_included ? 0 : minor(order.shipping_tax));
  return decimalOf(money(goods + shipping - minor(order.discount), currency));
}

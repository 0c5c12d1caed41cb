import {
  InvariantError,
  decimalOf,
  money,
  sameMoney,
  sumMoney,
  type ChannelOrder,
  type ErpLineDraft,
  type ErpOrderDraft,
  type ErpOrderKey,
  type Money,
  type NodeId,
  type OrderLine,
  type Person,
} from '@quartermaster/domain';

export type ServiceSkus = { readonly shipping: string; readonly tax: string; readonly discount: string; readonly other: string };

/**
 * What the ERP is to write for a channel order, to the cent: every line at the price the customer pays, then shipping, tax (where it comes on top) and order-wide discount as service
 * lines. `nodeOf` says where a line comes from, null for lines that have no stock yet.
 *
 * A line total that its quantity does not divide becomes two ERP lines, one cent apart in price, because ERPs round unit prices and totals must not move.
 *
 * Throws an `InvariantError` when the draft does not add up to the order's total: such an order is held by its checks and never gets here.
 */
export function draftErpOrder(given: {
  readonly key: ErpOrderKey;
  readonly order: ChannelOrder;
  readonly person: Person;
  readonly nodeOf: (lineId: string) => NodeId | null;
  readonly serviceSkus: ServiceSkus;
}): ErpOrderDraft {
  const { order, person, serviceSkus } = given;
  if (person.shipTo === null) throw new InvariantError(`order ${order.id} has no address and must not be written`);
  const lines = [
    ...order.lines.filter((line) => line.quantity > 0).flatMap((line) => draftLines(line, given.nodeOf(line.id), serviceSkus)),
    ...draftCharges(order, serviceSkus),
  ];
  const total = sumMoney(
    lines.map((line) => line.amount),
    order.currency,
  );
  if (!sameMoney(total, order.total))
    throw new InvariantError(`order ${order.id}: the lines add up to ${decimalOf(total)}, the order says ${decimalOf(order.total)}`);
  return {
    key: given.key,
    reference: order.purchaseOrderNumber ?? order.name,
    placedAt: order.placedAt,
    subject: order.subject,
    shipTo: person.shipTo,
    billTo: person.billTo,
    lines: lines.map(({ amount: _amount, ...line }) => line),
    total,
  };
}

/** Ids and quantities of the ERP lines that one line of the order became. */
export function erpLinesOf(line: OrderLine): { readonly lineId: string; readonly units: number }[] {
  return pricePieces(line).map((piece) => ({ lineId: piece.id, units: piece.quantity }));
}

type DraftWithAmount = ErpLineDraft & { readonly amount: Money };

function draftLines(line: OrderLine, node: NodeId | null, serviceSkus: ServiceSkus): DraftWithAmount[] {
  const shipped = line.kind === 'product' || line.kind === 'component';
  return pricePieces(line).map((piece) => ({
    id: piece.id,
    kind: shipped ? 'product' : 'service',
    sku: shipped && line.sku !== null ? line.sku : serviceSkus.other,
    title: line.title,
    quantity: piece.quantity,
    unitPrice: decimalOf(piece.price),
    node: shipped ? node : null,
    amount: money(piece.price.minor * piece.quantity, piece.price.currency),
  }));
}

/** A line at whole cents: all units at one price, or some of them one cent dearer. */
function pricePieces(line: OrderLine): { id: string; quantity: number; price: Money }[] {
  const { minor, currency } = line.total;
  const low = Math.floor(minor / line.quantity);
  const dearer = minor - low * line.quantity;
  const pieces = [{ id: `line:${line.id}`, quantity: line.quantity - dearer, price: money(low, currency) }];
  if (dearer > 0) pieces.push({ id: `line:${line.id}:cent`, quantity: dearer, price: money(low + 1, currency) });
  return pieces;
}

function draftCharges(order: ChannelOrder, serviceSkus: ServiceSkus): DraftWithAmount[] {
  const tax = sumMoney([...order.lines.map((line) => line.tax), order.shippingTax], order.currency);
  const onTop = order.taxesIncluded ? 0 : tax.minor;
  /** Tax that the channel pays to the state itself is not ours to pay: it stands apart, so that the books can tell. */
  const remitted = order.taxesIncluded ? 0 : (order.remittedTax?.minor ?? 0);
  const charges = [
    { id: 'charge:shipping', sku: serviceSkus.shipping, title: 'Shipping', amount: order.shipping },
    { id: 'charge:tax', sku: serviceSkus.tax, title: 'Tax', amount: money(onTop - remitted, order.currency) },
    { id: 'charge:remitted-tax', sku: serviceSkus.tax, title: 'Tax that the channel pays', amount: money(remitted, order.currency) },
    { id: 'charge:discount', sku: serviceSkus.discount, title: 'Discount', amount: money(-order.orderDiscount.minor, order.currency) },
  ];
  return charges
    .filter((charge) => charge.amount.minor !== 0)
    .map((charge) => ({ ...charge, kind: 'service', quantity: 1, unitPrice: decimalOf(charge.amount), node: null }));
}

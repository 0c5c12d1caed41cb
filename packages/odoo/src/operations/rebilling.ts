/** What is ordered, delivered and invoiced of an order line, in its unit. */
export type BillingLine = {
  readonly id: number;
  readonly ordered: number;
  readonly delivered: number;
  /** What Odoo would put on the next invoice; negative when more is invoiced than is due. */
  readonly toInvoice: number;
  /** On invoices, before credit notes. */
  readonly billed: number;
  readonly credited: number;
};

/**
 * Whether the next invoice would bill what was credited: Odoo takes credited units for not invoiced, and they are to be invoiced at once again. A line that was lowered after the
 * credit and raised later looks the same, so a person must say that it is meant.
 */
export function rebilled(line: BillingLine): boolean {
  return line.toInvoice > 0 && line.credited > 0 && line.billed + line.toInvoice > Math.max(line.ordered, line.delivered);
}

/** What a credit of units means for its order line, so that the next invoice does not bill them again. */
export type CreditEffect =
  | { readonly kind: 'nothing' }
  /** The ordered quantity must become this. */
  | { readonly kind: 'lower'; readonly ordered: number }
  /** The goods are with the customer, so they are due again; `returned` must come back first. */
  | { readonly kind: 'kept'; readonly missing: number };

/**
 * Decides about the order line of a credit, given what Odoo would invoice once it is made (`toInvoice`, credit counted). By ordered quantities what is not delivered is lowered; Odoo
 * forbids to go below what is delivered. By delivered quantities only a return makes up for it.
 */
export function creditEffect(line: Pick<BillingLine, 'ordered' | 'delivered' | 'toInvoice'>, policy: 'order' | 'delivery'): CreditEffect {
  if (line.toInvoice <= 0) return { kind: 'nothing' };
  if (policy === 'delivery') return { kind: 'kept', missing: line.toInvoice };
  const ordered = line.ordered - line.toInvoice;
  return ordered >= line.delivered ? { kind: 'lower', ordered } : { kind: 'kept', missing: line.delivered - ordered };
}

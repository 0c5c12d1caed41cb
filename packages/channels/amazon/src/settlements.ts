import { moneyFromDecimal, type Instant, type Money } from '@quartermaster/domain';
import { understood, type ReportRow, type Reports } from './reports.ts';

/** What Amazon pays out, made by itself every two weeks or so; it cannot be asked for. */
export const settlementReport = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';

/** One payment of Amazon to the seller, with all that it is made of. */
export type AmazonSettlement = {
  readonly id: string;
  readonly reportId: string;
  readonly createdAt: Instant;
  /** What is paid out. */
  readonly total: Money;
  readonly lines: readonly SettlementLine[];
};

export type SettlementLine = {
  /** Amazon's words: `Order`, `Refund`, ... and what of it, such as `ItemPrice` and `Principal`. */
  readonly transaction: string;
  readonly amountType: string;
  readonly amountDescription: string;
  readonly amount: Money;
  readonly orderId: string | null;
  readonly lineId: string | null;
  readonly sku: string | null;
  /** Ours, of a refund. */
  readonly adjustmentId: string | null;
};

/** Settlements that Amazon made since an instant, the oldest first. Amazon keeps them for 90 days. */
export async function* readSettlements(reports: Reports, since: Instant): AsyncGenerator<AmazonSettlement> {
  for await (const { reportId, createdAt, documentId } of reports.made(settlementReport, since)) {
    const rows = await reports.document(documentId);
    const settlement = understood(settlementReport, () => translateSettlement(rows));
    if (settlement !== null) yield { ...settlement, reportId, createdAt };
  }
}

/** The report's first row is the payment itself; null for a report without one. Amounts may have a comma for a point. */
export function translateSettlement(rows: readonly ReportRow[]): Omit<AmazonSettlement, 'reportId' | 'createdAt'> | null {
  const [head, ...lines] = rows;
  if (head === undefined) return null;
  const currency = head['currency'] ?? '';
  const amount = (text: string | undefined) => moneyFromDecimal((text ?? '').replace(',', '.') || '0', currency);
  return {
    id: head['settlement-id'] ?? '',
    total: amount(head['total-amount']),
    lines: lines.map((row) => ({
      transaction: row['transaction-type'] ?? '',
      amountType: row['amount-type'] ?? '',
      amountDescription: row['amount-description'] ?? '',
      amount: amount(row['amount']),
      orderId: textOrNull(row['order-id']),
      lineId: textOrNull(row['order-item-code']),
      sku: textOrNull(row['sku']),
      adjustmentId: textOrNull(row['merchant-adjustment-item-id']),
    })),
  };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

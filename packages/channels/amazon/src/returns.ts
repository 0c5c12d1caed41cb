import { fingerprint, firstCursor, storeCursor } from '@quartermaster/connector-kit';
import {
  epochMs,
  instantOf,
  moneyFromDecimal,
  type ChannelCursor,
  type ChannelReturn,
  type Money,
  type ReturnPage,
  type ReturnReading,
} from '@quartermaster/domain';
import { type AmazonClient, notDone } from './client.ts';
import { marketplaces } from './marketplaces.ts';
import { understood, type ReportRow, type Reports } from './reports.ts';

/** Returns that the seller handles himself, by the day on which they were asked for. */
export const returnsReport = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE';

/** Days that one report covers at most, and that a return is looked at again for: its state changes without changing its day. */
const reportDays = 60;
const dayMs = 86_400_000;

/**
 * Reads returns from reports, which have days and not times: every pull reads the last sixty days, and gives what is new or changed. A report is one of fifteen calls that come back every
 * minute, and takes minutes.
 */
export function returnReading(client: AmazonClient, reports: Reports, marketplaceIds: readonly string[]): ReturnReading {
  const currency = marketplaces[marketplaceIds[0] ?? '']?.currency ?? null;
  return {
    async *pullReturns(since: ChannelCursor): AsyncIterable<ReturnPage> {
      const { watermark, seen } = since;
      const known = new Set(Array.isArray(seen) ? seen.map(String) : []);
      const now = epochMs(client.clock.now());
      const oldest = now - 700 * dayMs;
      let from = Math.max(oldest, epochMs(typeof watermark === 'string' ? watermark : client.clock.now()) - reportDays * dayMs);
      let read = new Map<string, ChannelReturn>();
      for (; from < now; from += reportDays * dayMs) {
        const period = { from: instantOf(from), to: instantOf(Math.min(now, from + reportDays * dayMs)) };
        read = new Map([...read, ...(await returnsOf(reports, period, currency)).map((one) => [one.id, one] as const)]);
      }
      const all = [...read.values()].toSorted((one, other) => (one.updatedAt < other.updatedAt ? -1 : 1));
      const young = all.filter(({ updatedAt }) => epochMs(updatedAt) >= now - (reportDays + 1) * dayMs);
      const cursor = { ...storeCursor(firstCursor(instantOf(now))), seen: young.map(nameOf) };
      yield { returns: all.filter((one) => !known.has(nameOf(one))), cursor };
    },
  };
}

async function returnsOf(reports: Reports, period: { from: string; to: string }, currency: string | null): Promise<ChannelReturn[]> {
  const rows = await reports.rows(returnsReport, period);
  const byReturn = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const id = row['amazon-rma-id'] ?? '';
    byReturn.set(id, [...(byReturn.get(id) ?? []), row]);
  }
  return understood(returnsReport, () => [...byReturn].map(([id, own]) => translateReturn(id, own, currency)));
}

/** One return of its rows: a row is an item. */
export function translateReturn(id: string, rows: readonly ReportRow[], currency: string | null): ChannelReturn {
  const [first] = rows;
  const asked = dayOf(first?.['return-request-date'] ?? '');
  const orderId = first?.['order-id'] ?? '';
  if (first === undefined || id === '' || orderId === '' || asked === null) {
    throw notDone(
      'malformed-reply',
      returnsReport,
      'the report of returns has a row without return, order or day',
      'Amazon may have changed the columns of the report.',
    );
  }
  const back = rows.flatMap((row) => refundedOf(row, currency));
  return {
    id,
    revision: fingerprint(...rows.flatMap((row) => Object.values(row))).slice(0, 16),
    orderId,
    updatedAt: asked,
    state: states[(first['return-request-status'] ?? '').toLowerCase()] ?? 'other',
    lines: rows.map((row) => ({
      lineId: null,
      sku: textOrNull(row['merchant-sku']),
      units: Number(row['return-quantity'] ?? '0') || 0,
      reason: textOrNull(row['return-reason']),
    })),
    refunded: back[0] === undefined ? null : { minor: back.reduce((sum, { minor }) => sum + minor, 0), currency: back[0].currency },
    trackingNumbers: [...new Set(rows.flatMap((row) => textOrNull(row['tracking-id']) ?? []))],
  };
}

const states: Readonly<Record<string, ChannelReturn['state']>> = {
  pending: 'requested',
  'pending approval': 'requested',
  approved: 'approved',
  declined: 'declined',
  denied: 'declined',
  completed: 'closed',
  closed: 'closed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The beginning (UTC) of a day such as `21-Nov-2026` or `2026-11-21`; null for what is none. */
function dayOf(text: string): string | null {
  const iso = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (iso !== null) return instantOf(Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])));
  const [, day, month, year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text) ?? [];
  const index = months.indexOf((month ?? '').toLowerCase());
  return index < 0 ? null : instantOf(Date.UTC(Number(year), index, Number(day)));
}

function refundedOf(row: ReportRow, currency: string | null): Money[] {
  const amount = row['refunded-amount'] ?? '';
  const said = textOrNull(row['currency-code']) ?? currency;
  return /^\d+(\.\d+)?$/.test(amount) && said !== null ? [moneyFromDecimal(amount, said)] : [];
}

function nameOf({ id, revision }: ChannelReturn): string {
  return `${id} ${revision}`;
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

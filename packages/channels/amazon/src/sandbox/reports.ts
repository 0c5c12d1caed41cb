import { z } from 'zod';
import { documentUrl, newDocument } from './documents.ts';
import { invalid, listOf, notFound, onlyParameters, timeOf, type Answer, type Asked } from './http.ts';
import { digits, next, nowMs, timeText, type AmazonState, type ReportState } from './state.ts';

const returnsReport = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE';
const settlementReport = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const longestMs = 60 * 86_400_000;

const requestSchema = z.strictObject({
  reportType: z.string(),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  dataStartTime: z.iso.datetime({ offset: true }).optional(),
  dataEndTime: z.iso.datetime({ offset: true }).optional(),
  reportOptions: z.record(z.string(), z.string()).optional(),
});

export function createReport(state: AmazonState, { body }: Asked): Answer {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) throw invalid('the body is not valid');
  const { reportType, dataStartTime, dataEndTime } = parsed.data;
  if (reportType === settlementReport) throw invalid('Settlement reports are made by Amazon and cannot be requested');
  if (reportType !== returnsReport) throw invalid(`Report type ${reportType} is not known`);
  const [from, to] = [
    dataStartTime === undefined ? null : Date.parse(dataStartTime),
    dataEndTime === undefined ? null : Date.parse(dataEndTime),
  ];
  const end = to ?? nowMs(state);
  if (from === null || end < from || end - from > longestMs) throw invalid('The report covers 60 days at most');
  const id = digits(11, 'report', String(next(state, 'report')));
  const now = nowMs(state);
  state.reports.set(id, { id, type: reportType, createdAt: now, endsAt: now + state.processMs, from, to: end, documentId: null });
  return { status: 202, body: { reportId: id } };
}

export function getReport(state: AmazonState, { params }: Asked): Answer {
  const report = state.reports.get(params['reportId'] ?? '');
  if (report === undefined) throw notFound('Report');
  return { status: 200, body: reportView(state, report) };
}

export function getReports(state: AmazonState, { query }: Asked): Answer {
  onlyParameters(query, ['reportTypes', 'processingStatuses', 'marketplaceIds', 'pageSize', 'createdSince', 'createdUntil', 'nextToken']);
  const types = listOf(query, 'reportTypes');
  const since = timeOf(query, 'createdSince') ?? nowMs(state) - 90 * 86_400_000;
  const statuses = listOf(query, 'processingStatuses');
  const found = [...state.reports.values()]
    .filter(({ type, createdAt }) => types.includes(type) && createdAt >= since)
    .map((report) => reportView(state, report))
    .filter(({ processingStatus }) => statuses.length === 0 || statuses.includes(processingStatus));
  return { status: 200, body: { reports: found } };
}

export function getReportDocument(state: AmazonState, { params, query, origin }: Asked): Answer {
  onlyParameters(query, ['enableContentEncodingUrlHeader']);
  const document = state.documents.get(params['reportDocumentId'] ?? '');
  if (document === undefined) throw notFound('Report document');
  const packed = query.get('enableContentEncodingUrlHeader') !== 'true';
  return {
    status: 200,
    body: { reportDocumentId: document.id, url: documentUrl(origin, document, packed), compressionAlgorithm: 'GZIP' },
  };
}

/** A settlement report, as Amazon makes one every two weeks. */
export function addSettlement(state: AmazonState, text: string): void {
  const id = digits(11, 'report', String(next(state, 'report')));
  const now = nowMs(state);
  const document = newDocument(state, 'text/plain', text);
  state.reports.set(id, { id, type: settlementReport, createdAt: now, endsAt: now, from: null, to: null, documentId: document.id });
}

function reportView(state: AmazonState, report: ReportState) {
  if (report.documentId === null && nowMs(state) >= report.endsAt) finish(state, report);
  const empty = report.documentId === 'none';
  const status = empty ? 'CANCELLED' : report.documentId === null ? 'IN_PROGRESS' : 'DONE';
  return {
    reportId: report.id,
    reportType: report.type,
    marketplaceIds: [state.marketplace.id],
    createdTime: timeText(report.createdAt),
    processingStatus: status,
    ...(report.from === null ? {} : { dataStartTime: timeText(report.from) }),
    ...(report.to === null ? {} : { dataEndTime: timeText(report.to) }),
    ...(report.documentId === null || empty ? {} : { reportDocumentId: report.documentId }),
  };
}

/** A report without a row is cancelled: there is nothing to return. */
function finish(state: AmazonState, report: ReportState): void {
  const day = (ms: number) => Math.floor(ms / 86_400_000);
  const rows = state.returns.filter(
    ({ requestedAt }) => day(requestedAt) >= day(report.from ?? 0) && day(requestedAt) <= day(report.to ?? nowMs(state)),
  );
  if (rows.length === 0) {
    report.documentId = 'none';
    return;
  }
  const lines = rows.map((one) => {
    const order = state.orders.get(one.orderId);
    return [
      one.orderId,
      dateText(order?.createdAt ?? 0),
      dateText(one.requestedAt),
      one.status,
      one.rma,
      '',
      'UPS',
      '1ZRETURN',
      state.listings.get(one.sku)?.asin ?? '',
      one.sku,
      one.sku,
      String(one.units),
      'CR-DEFECTIVE',
      '',
    ].join('\t');
  });
  report.documentId = newDocument(state, 'text/plain', [columns.join('\t'), ...lines].join('\n')).id;
}

const columns = [
  'Order ID',
  'Order date',
  'Return request date',
  'Return request status',
  'Amazon RMA ID',
  'Merchant RMA ID',
  'Return carrier',
  'Tracking ID',
  'ASIN',
  'Merchant SKU',
  'Item Name',
  'Return quantity',
  'Return Reason',
  'Refunded Amount',
];

/** `21-Nov-2026`: the report has days only. */
function dateText(ms: number): string {
  const [, day, month, year] = /^\w+, (\d+) (\w+) (\d+)/.exec(new Date(ms).toUTCString()) ?? [];
  return `${day}-${month}-${year}`;
}

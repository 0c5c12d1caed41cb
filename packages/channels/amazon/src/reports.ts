import { ConnectorFault, isFault, type Instant } from '@quartermaster/domain';
import { connectorName, type AmazonClient } from './client.ts';
import { createdReportSchema, reportDocumentSchema, reportSchema, reportsSchema } from './wire.ts';

/** Waits between looks at a report that was asked for, in seconds. */
const reportLooks: readonly number[] = [30, 15, 15, 30, 30, 60, 60, 60];

export type ReportPeriod = { readonly from: Instant; readonly to: Instant };

/** Reports: asked for and waited for, or made by Amazon by itself and listed. */
export type Reports = {
  /** The rows of a report over a period; none where there is nothing to tell. Throws a `timeout` when Amazon takes longer than some minutes. */
  rows(type: string, period: ReportPeriod): Promise<readonly ReportRow[]>;
  /** Reports of a type that Amazon made by itself since an instant, the oldest first. */
  made(
    type: string,
    since: Instant,
  ): AsyncIterable<{ readonly reportId: string; readonly createdAt: Instant; readonly documentId: string }>;
  document(documentId: string): Promise<readonly ReportRow[]>;
};

/** A row by the names of its columns, folded to lower case with `-` between words: `Order ID` and `order-id` are one. */
export type ReportRow = Readonly<Record<string, string>>;

export function reportsOf(client: AmazonClient, marketplaceIds: readonly string[]): Reports {
  const base = '/reports/2021-06-30';

  async function document(documentId: string): Promise<readonly ReportRow[]> {
    const found = await client.call({
      operation: 'getReportDocument',
      method: 'GET',
      path: `${base}/documents/${encodeURIComponent(documentId)}`,
      // With it the address names the encoding of what is there, so that HTTP itself unpacks it.
      query: { enableContentEncodingUrlHeader: true },
      schema: reportDocumentSchema,
      kind: 'read',
    });
    return readTable(await client.download(found.url));
  }

  return {
    document,
    async rows(reportType, { from, to }) {
      const { reportId } = await client.call({
        operation: 'createReport',
        method: 'POST',
        path: `${base}/reports`,
        body: { reportType, marketplaceIds, dataStartTime: from, dataEndTime: to },
        schema: createdReportSchema,
        kind: 'repeatable-effect',
      });
      for (const seconds of reportLooks) {
        await client.clock.sleep(seconds * 1_000);
        const path = `${base}/reports/${encodeURIComponent(reportId)}`;
        const report = await client.call({ operation: 'getReport', method: 'GET', path, schema: reportSchema, kind: 'read' });
        // Amazon cancels a report by itself when there is not one row to tell.
        if (report.processingStatus === 'CANCELLED') return [];
        if (report.processingStatus === 'FATAL') throw noReport(reportType, 'Amazon broke the report off', 'server-error');
        if (report.processingStatus === 'DONE' && report.reportDocumentId != null) return document(report.reportDocumentId);
      }
      throw noReport(reportType, 'Amazon still works on the report', 'timeout');
    },
    async *made(reportType, since) {
      const found: { reportId: string; createdAt: Instant; documentId: string }[] = [];
      let nextToken: string | undefined;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list(nextToken);
        for (const { reportId, createdTime, reportDocumentId } of page.reports) {
          if (reportDocumentId != null) found.push({ reportId, createdAt: createdTime, documentId: reportDocumentId });
        }
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      yield* found.toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));

      function list(token: string | undefined) {
        const first = { reportTypes: [reportType], processingStatuses: ['DONE'], marketplaceIds, createdSince: since, pageSize: 100 };
        const query = token === undefined ? first : { nextToken: token };
        return client.call({ operation: 'getReports', method: 'GET', path: `${base}/reports`, query, schema: reportsSchema, kind: 'read' });
      }
    },
  };
}

/** Reads a report of lines and tabs; a row may be shorter than the heading. */
export function readTable(text: string): readonly ReportRow[] {
  const [heading, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = (heading ?? '').split('\t').map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-'),
  );
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(names.map((name, index) => [name, (cells[index] ?? '').trim()]));
    });
}

/** What a report says, in our words. Throws a `malformed-reply` fault where its amounts or names cannot be read. */
export function understood<Result>(report: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (isFault(error)) throw error;
    throw new ConnectorFault('malformed-reply', {
      connector: connectorName,
      operation: report,
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message: `the report cannot be put into our words: ${error instanceof Error ? error.name : 'unknown'}`,
      advice: 'Amazon may have changed the columns of the report.',
      cause: error,
    });
  }
}

function noReport(reportType: string, message: string, code: 'server-error' | 'timeout'): ConnectorFault {
  return new ConnectorFault(code, {
    connector: connectorName,
    operation: reportType,
    outcome: 'not-applied',
    retry: { kind: 'after', ms: 300_000 },
    message,
  });
}

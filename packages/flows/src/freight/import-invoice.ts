import { moneySchema, type Instant } from '@quartermaster/domain';
import {
  importFedexInvoice,
  importGenericInvoice,
  importUpsInvoice,
  invoiceKey,
  invoiceSums,
  type ImportedInvoice,
  type InvoiceLine,
  type RowProblem,
} from '@quartermaster/freight';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from '../context.ts';
import { answered, operate, refused, type Asked, type Operation, type Outcome } from '../operations/operation.ts';
import { jsonOf } from '../plain-json.ts';
import { mayAct } from '../operations/roles.ts';
import { keepEarlierAccruals } from './accruals.ts';
import { findInvoice, invoiceStates, keepLines, putInvoice, readLines } from './invoices.ts';

export type InvoiceFile = {
  /** `ups`, `fedex`, or the name of a mapping of the settings. */
  readonly layout: string;
  readonly text: string;
};

/** What importing needs of the flows; it also goes on a journal that no daemon holds. */
export type ImportContext = Pick<FlowContext, 'journal' | 'clock' | 'log' | 'settings'>;

/**
 * Imports a carrier's invoice file. Lines are known by their id, so that the same file again adds nothing, and a broken-off import is simply repeated; the operation is noted when it has ended. Of the file
 * nothing is kept but its lines and its hash: no name and no address of anybody.
 */
export async function importInvoice(context: ImportContext, asked: Asked, { layout, text }: InvoiceFile): Promise<Outcome> {
  const { journal, clock, settings } = context;
  const file = createHash('sha256').update(text).digest('hex');
  const operation: Operation = { name: 'freight-import', needs: 'operator', given: { layout, file } };
  if (!mayAct(asked.role, operation.needs))
    return refused(
      'not-allowed',
      `freight-import needs the role ${operation.needs}, and this is ${asked.role}`,
      `Ask an ${operation.needs}.`,
    );
  const known = await answered(context, asked, operation);
  if (known !== null) return known;
  const imported = readFile(context, { layout, text });
  if (imported === null) {
    const layouts = ['ups', 'fedex', ...Object.keys(settings.freight.mappings)];
    return refused(
      'not-found',
      `no layout ${layout.slice(0, 60)}; there are ${layouts.join(', ')}`,
      'Add a mapping to freight.mappings in the config.',
    );
  }
  const accruals = await keepEarlierAccruals(journal, settings, () => clock.now());
  const invoices: Imported['invoices'] = [];
  let added = 0;
  for (const [key, lines] of Map.groupBy(imported.lines.map(withoutNames), invoiceKey)) {
    const fresh = await keepInvoice(context, { key, lines, file });
    added += fresh.added;
    invoices.push({ ...sumOf(await linesOf(context, lines)), added: fresh.added, alreadyKnown: lines.length - fresh.added });
  }
  const { rows, problems } = imported;
  const result: Imported = {
    layout,
    file,
    rows,
    added,
    accruals,
    invoices,
    problems: problems.slice(0, toldAtMost).map(withoutContent),
    moreProblems: Math.max(0, problems.length - toldAtMost),
  };
  return operate(context, asked, operation, () =>
    Promise.resolve({ kind: 'done', key: `freight/${layout}`, before: null, after: jsonOf(result) }),
  );
}

/** What the answer and the audit trail say of an import. */
export const importedSchema = z.object({
  layout: z.string(),
  file: z.string(),
  rows: z.object({ read: z.int(), charged: z.int(), informational: z.int(), leftOut: z.int() }),
  added: z.int(),
  /** Labels of earlier orders that came under the audit by this. */
  accruals: z.int(),
  invoices: z.array(
    z.object({
      carrier: z.string(),
      account: z.string(),
      invoiceNumber: z.string(),
      invoiceDay: z.string(),
      declared: moneySchema.nullable(),
      summed: moneySchema,
      verdict: z.enum(['agrees', 'differs', 'not-declared']),
      added: z.int(),
      alreadyKnown: z.int(),
    }),
  ),
  problems: z.array(z.object({ row: z.int(), field: z.string(), reason: z.string(), outcome: z.enum(['left-out', 'kept']) })),
  moreProblems: z.int(),
});
export type Imported = z.infer<typeof importedSchema>;

/** Problems that the answer and the audit trail name; a file with more is the wrong file. */
const toldAtMost = 500;

/** Lines of one transaction: short enough that a daemon's other work goes in between. */
const linesPerStep = 200;

function readFile({ settings }: ImportContext, { layout, text }: InvoiceFile): ImportedInvoice | null {
  if (layout === 'ups') return importUpsInvoice(text);
  if (layout === 'fedex') return importFedexInvoice(text, settings.freight.fedexCurrency ?? settings.currency);
  const mapping = Object.hasOwn(settings.freight.mappings, layout) ? settings.freight.mappings[layout] : undefined;
  return mapping === undefined ? null : importGenericInvoice(text, mapping);
}

/** A reference without a digit may be a person's name that somebody printed on a label, and a region that is no code anything: neither finds a label of ours, and neither is kept. */
function withoutNames(line: InvoiceLine): InvoiceLine {
  const { destination, references } = line;
  const isCode = /^[A-Za-z0-9]{1,3}$/.test(destination?.region ?? '');
  return {
    ...line,
    references: references.filter((reference) => /\d/.test(reference)),
    destination: destination === null || isCode ? destination : { ...destination, region: null },
  };
}

/** What stood in a cell may be anybody's name, and the answer is kept for good: row and field say where to look. */
function withoutContent(problem: RowProblem): RowProblem {
  return { ...problem, reason: problem.reason.replace(/:? *".*$/s, '') };
}

async function keepInvoice(
  { journal, clock, settings }: ImportContext,
  { key, lines, file }: { readonly key: string; readonly lines: readonly InvoiceLine[]; readonly file: string },
): Promise<{ readonly added: number }> {
  let added = 0;
  // Lines of a parcel lie together, so that each of its records is written once.
  const sorted = lines.toSorted((a, b) => ((a.trackingNumber ?? '') < (b.trackingNumber ?? '') ? -1 : 1));
  for (let from = 0; from < sorted.length; from += linesPerStep)
    added += await journal.transaction(async (tx) => {
      const step = sorted.slice(from, from + linesPerStep);
      const [first] = step;
      if (first === undefined) return 0;
      const now: Instant = clock.now();
      const fresh = await keepLines(tx, first, step, now);
      const stored = await findInvoice(tx, key);
      const { carrier, account, invoiceNumber, invoiceDay } = first;
      const before = stored?.invoice ?? {
        carrier,
        account,
        invoiceNumber,
        invoiceDay,
        lines: 0,
        importedAt: now,
        files: [],
        billing: null,
        currencies: [],
        bills: [],
      };
      const files = fresh === 0 ? before.files : [...new Set([...before.files, file])];
      const invoice = { ...before, lines: before.lines + fresh, files };
      const state = invoiceStates.find((each) => each === stored?.state) ?? 'imported';
      if (stored === null || fresh > 0) await putInvoice(tx, { invoice, state, version: stored?.version ?? 0 }, now);
      if (fresh > 0 && state !== 'imported') await tellOfLateLines(tx, settings, key, now);
      return fresh;
    });
  return { added };
}

/** The bill is not written over: what came after it is in none. */
async function tellOfLateLines(tx: Transaction, settings: ImportContext['settings'], key: string, at: Instant): Promise<void> {
  const owner = ownerOf(settings, lateLines);
  const reason = `lines of invoice ${key} came in after its bill was asked for, and are in no bill`;
  await tx.exceptions.raise({ code: lateLines, subjectKey: `freight/${key}`, owner, reason, at });
}

const lateLines = 'freight-lines-after-bill';

/** All that is known of the invoice by now, perhaps of several files. */
async function linesOf({ journal }: ImportContext, lines: readonly InvoiceLine[]): Promise<InvoiceLine[]> {
  const [first] = lines;
  return first === undefined ? [] : readLines(journal, first);
}

function sumOf(lines: readonly InvoiceLine[]) {
  const [sum] = invoiceSums(lines);
  if (sum === undefined) throw new RangeError('an invoice without lines');
  return sum;
}

import { invoicesNamed, requestSchemas, type FlowWorld } from '@quartermaster/flows';
import { ProblemError } from './problem.ts';
import { act, askedBy, bodyOf, carriedOut, notFound, pathPart, type Answering, type ControlRoute } from './route.ts';

/** Carriers' invoices. */
export function freightRoutes({ flows, operations }: Answering): ControlRoute[] {
  return [
    {
      ...act('/freight/invoices', 'operator', async (context, caller) => {
        const { layout, text, ...request } = await bodyOf(context, requestSchemas.importInvoice);
        return carriedOut(await operations.importInvoice(askedBy(caller, request), { layout, text }));
      }),
      maxSize: maxFileBytes,
    },
    act('/freight/invoices/:invoice/bill', 'supervisor', async (context, caller) => {
      const { despiteProblems, ...request } = await bodyOf(context, requestSchemas.billInvoice);
      const invoice = await invoiceNamed(flows, pathPart(context, 'invoice'));
      return carriedOut(await operations.billInvoice(askedBy(caller, request), { invoice, despiteProblems }));
    }),
  ];
}

/** A carrier's invoice file: some ten thousand rows of 250 columns. */
const maxFileBytes = 16 * 1_024 * 1_024;

/** The key of the freight invoice that a path names by key or number. */
async function invoiceNamed({ journal }: Pick<FlowWorld, 'journal'>, wanted: string): Promise<string> {
  const [key, ...others] = await invoicesNamed(journal, wanted);
  if (key === undefined) throw notFound(`the journal has no freight invoice ${wanted}`);
  if (others.length === 0) return key;
  const keys = [key, ...others].join(', ');
  throw new ProblemError(409, 'ambiguous', `${wanted} is the number of several invoices: ${keys}`, 'Name one by its key.');
}

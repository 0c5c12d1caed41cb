import { addDays } from '@quartermaster/domain';
import type { Context, Hono } from 'hono';
import { paths, standardProfile } from '../limits.ts';
import { samplePdf } from './label-document.ts';
import { okStatus, shortJson, statusJson } from './replies.ts';
import { manifestRequestSchema } from './request-schemas.ts';
import { unknownNumber, type DhlState } from './state.ts';

type Given = {
  readonly state: DhlState;
  readonly bodyOf: (request: Request) => Promise<unknown>;
  readonly badRequest: (context: Context, detail: string) => Response;
};

/** A manifest is told for so many days; DHL says "too old" without a figure. */
const manifestDays = 90;

/** Closing shipments, and the manifest of a day. */
export function manifestRoutes(app: Hono, { state, bodyOf, badRequest }: Given): void {
  app.post(`${paths.shipping}/manifests`, async (context) => {
    const parsed = manifestRequestSchema.safeParse(await bodyOf(context.req.raw));
    if (!parsed.success) return badRequest(context, 'The request is not valid.');
    if (parsed.data.profile !== standardProfile) return badRequest(context, 'The profile is not known.');
    const numbers = parsed.data.shipmentNumbers ?? [];
    if (numbers.length === 0 && context.req.query('all') !== 'true') return badRequest(context, 'No shipments are named.');
    const wanted = numbers.length > 0 ? numbers : state.all().map(({ number }) => number);
    const items = wanted.map((number) => {
      const shipment = state.find(number);
      if (shipment === null || shipment.deletedAt !== null || shipment.kind === 'return') return shortJson(number, unknownNumber);
      // DHL warns, and does not say with which status: here it is that of a refusal.
      if (shipment.closedOn !== null) return shortJson(number, 'The shipment is closed already.');
      state.close(shipment);
      return shortJson(number, null);
    });
    return context.json({ status: okStatus, items }, 207);
  });

  app.get(`${paths.shipping}/manifests`, (context) => {
    const today = state.today();
    const day = context.req.query('date') ?? today;
    if (day > today || day < addDays(today, -manifestDays)) return badRequest(context, 'There is no manifest of that date.');
    const closed = state.manifestOf(day);
    if (closed.length === 0) return context.json(statusJson(404, 'Not Found', 'There is no manifest.'), 404);
    const lines = [`Manifest ${day}`, ...closed.map(({ number }) => number)];
    const document =
      context.req.query('includeDocs') === 'URL' ? { url: `https://api-sandbox.dhl.com/manifest?date=${day}` } : { b64: samplePdf(lines) };
    return context.json({
      status: okStatus,
      manifestDate: day,
      manifest: [{ ...document, fileFormat: 'PDF', printFormat: 'A4' }],
      items: closed.map(({ number }) => ({ shipmentNo: number, sheetNo: '1' })),
    });
  });
}

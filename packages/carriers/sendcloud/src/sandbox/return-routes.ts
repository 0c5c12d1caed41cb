import type { Hono } from 'hono';
import { returnJson } from './answers.ts';
import { bodyOf, notFound, refuseReturn } from './replies.ts';
import { crossesCustoms, gramsOf, returnRequestSchema } from './requests.ts';
import { originOf } from './shipment-routes.ts';
import type { SendcloudState } from './state.ts';
import { priceOf, type SandboxOption } from './tariff.ts';

const mostPerPage = 40;

/** Returns: made at once, listed without their ids as Sendcloud lists them, and cancelled in its own time. */
export function returnRoutes(
  app: Hono,
  {
    state,
    currency,
    optionsNow,
  }: { readonly state: SendcloudState; readonly currency: string; readonly optionsNow: () => readonly SandboxOption[] },
): void {
  app.post('/api/v3/returns/announce-synchronously', async (context) => {
    const body = await bodyOf(context, returnRequestSchema);
    if ('refusal' in body) return refuseReturn(body.refusal);
    const request = body.data;
    const { shipping_option_code: code, contract } = request.ship_with;
    const option = optionsNow().find(
      (one) => one.code === code && one.returns === true && (contract === undefined || one.contractId === contract),
    );
    const [from, to] = [request.from_address.country_code, request.to_address.country_code];
    const insured = request.total_insured_value?.value ?? 0;
    const price = option === undefined ? null : priceOf(option, { from, to, grams: gramsOf(request.weight), insured });
    if (option === undefined || price === null)
      return refuseReturn({
        status: 400,
        code: 'invalid_shipping_option',
        detail: 'The shipping option is not available for this return.',
      });
    if (crossesCustoms(from, to) && (request.customs_information === undefined || !request.parcel_items?.length))
      return refuseReturn({
        status: 400,
        code: 'customs_required',
        detail: 'Customs information and parcel items are required for this return.',
      });
    const trouble = state.meets('refused', 'broken', 'broken-bought');
    if (trouble === 'refused') return refuseReturn({ status: 400, code: 'carrier_error', detail: 'The carrier refused the return.' });
    if (trouble === 'broken') return new Response('Internal Server Error', { status: 500 });
    const made = state.makeReturn(request, option, price, trouble);
    if (trouble === 'broken-bought') return new Response('Gateway Timeout', { status: 504 });
    return context.json({ return_id: made.returnId, parcel_id: made.id, multi_collo_ids: [] }, 201);
  });

  app.get('/api/v3/returns', (context) => {
    const { from_date: from, to_date: to, page_size: size = '40', cursor = '0' } = context.req.query();
    if (!isTime(from) || !isTime(to)) return refuseReturn({ status: 400, code: 'required', detail: 'from_date and to_date are required.' });
    const wanted = state.returns().filter(({ createdAt }) => plain(createdAt) >= from && plain(createdAt) <= to);
    const start = Number(cursor);
    const end = start + Math.min(mostPerPage, Number(size));
    const next = new URL(context.req.url);
    next.searchParams.set('cursor', String(end));
    return context.json({
      next: end < wanted.length ? next.href : null,
      previous: null,
      data: wanted.slice(start, end).map((one) => returnJson(one, { origin: originOf(context), currency })),
    });
  });

  app.get('/api/v3/returns/:id', (context) => {
    const found = state.returns().find(({ returnId }) => String(returnId) === context.req.param('id'));
    return found === undefined ? notFound() : context.json(returnJson(found, { origin: originOf(context), currency }));
  });

  app.patch('/api/v3/returns/:id/cancel', (context) => {
    const found = state.returns().find(({ returnId }) => String(returnId) === context.req.param('id'));
    if (found === undefined) return notFound();
    const done = state.meets('cancel-refused') === null ? state.cancel(found) : 'gone';
    return done === 'queued' || done === 'cancelled'
      ? context.json({ message: 'Cancellation requested successfully' }, 202)
      : context.json({ errors: [{ field: 'returns', code: 409, message: 'Return is not cancellable.' }] }, 409);
  });
}

function isTime(text: string | undefined): text is string {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text ?? '');
}

function plain(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}

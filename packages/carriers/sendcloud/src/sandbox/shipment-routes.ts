import { labelFormats } from '@quartermaster/domain';
import { documentTypes } from '@quartermaster/connector-kit/sandbox';
import type { Context, Hono } from 'hono';
import { isLabelled, labelFile, shipmentJson } from './answers.ts';
import { bodyOf, notFound, refuse, type Refusal } from './replies.ts';
import { crossesCustoms, gramsOf, shipmentRequestSchema, type ShipmentRequest } from './requests.ts';
import type { SendcloudState, StoredShipment } from './state.ts';
import { priceOf, type SandboxOption, type SandboxPrice } from './tariff.ts';

const mostPerPage = 100;

/** Announcing shipments, finding and cancelling them, and their documents. */
export function shipmentRoutes(
  app: Hono,
  {
    state,
    optionsNow,
    takesOnce,
  }: { readonly state: SendcloudState; readonly optionsNow: () => readonly SandboxOption[]; readonly takesOnce: boolean },
): void {
  app.post('/api/v3/shipments/announce', async (context) => {
    const body = await bodyOf(context, shipmentRequestSchema);
    if ('refusal' in body) return refuse(body.refusal);
    const request = body.data;
    const holder = request.external_reference_id === undefined ? null : state.holderOf(request.external_reference_id);
    if (takesOnce && holder !== null && holder.kind === 'shipment')
      return context.json({ data: shipmentJson(holder, { origin: originOf(context), file: null }) }, 409);
    const checked = offerFor(request);
    if ('status' in checked) return refuse(checked);
    const trouble = state.meets('refused', 'broken', 'broken-bought', 'slow', 'failed-label', 'announcing');
    if (trouble === 'refused') return refuse({ status: 400, code: 'carrier_error', detail: 'The carrier refused the shipment.' });
    if (trouble === 'broken') return new Response('Internal Server Error', { status: 500 });
    const made = state.makeShipment(request, checked.option, checked.price, trouble);
    if (trouble === 'broken-bought' || trouble === 'slow') return new Response('Gateway Timeout', { status: 504 });
    const format = checked.option.pdfOnly === true ? 'pdf' : (formatOf(request.label_details.mime_type) ?? 'pdf');
    const file = Buffer.from(labelFile(made, format)).toString('base64');
    return context.json({ data: shipmentJson(made, { origin: originOf(context), file }) }, 201);
  });

  app.get('/api/v3/shipments', (context) => {
    const {
      external_reference_id: reference,
      tracking_number: number,
      announced_after: since,
      page_size: size = '40',
      cursor,
    } = context.req.query();
    const from = cursor === undefined ? 0 : positionIn(cursor);
    if (from === null || !(Number(size) >= 1))
      return refuse({ status: 404, code: 'not_found', detail: 'Invalid cursor', pointer: '/data' });
    const wanted = state
      .shipments()
      .filter(
        (one) =>
          (reference === undefined || one.request.external_reference_id === reference) &&
          (number === undefined || (isLabelled(one) && one.trackingNumber === number)) &&
          (since === undefined || (isLabelled(one) && one.createdAt >= since)),
      );
    const to = from + Math.min(mostPerPage, Number(size));
    const data = wanted.slice(from, to).map((one) => shipmentJson(one, { origin: originOf(context), file: null }));
    const next = new URL(context.req.url);
    next.searchParams.set('cursor', Buffer.from(`p=${to}`).toString('base64'));
    return context.json({ data }, 200, to < wanted.length ? { Link: `<${next.href}>; rel="next"` } : {});
  });

  app.get('/api/v3/shipments/:id', (context) => {
    const found = find(context);
    return found === null ? notFound() : context.json({ data: shipmentJson(found, { origin: originOf(context), file: null }) });
  });

  app.post('/api/v3/shipments/:id/cancel', (context) => {
    const found = find(context);
    if (found === null) return notFound();
    const refusal = (detail: string) => refuse({ status: 409, code: 'invalid', detail });
    if (state.meets('cancel-refused') !== null) return refusal('The carrier does not allow this shipment to be cancelled.');
    switch (state.cancel(found)) {
      case 'cancelled':
        return context.json({ data: { status: 'cancelled', message: 'Shipment has been cancelled' } });
      case 'queued':
        return context.json({ data: { status: 'queued', message: 'Shipment cancellation has been queued' } }, 202);
      case 'already':
        return refusal('This shipment is already being cancelled.');
      case 'too-late':
        return refusal('This shipment is too old to be cancelled.');
      case 'gone':
        return refusal('This shipment cannot be cancelled any more.');
    }
  });

  app.get('/api/v3/parcels/:id/documents/:type', (context) => {
    const parcel = [...state.shipments(), ...state.returns()].find(({ id }) => String(id) === context.req.param('id'));
    if (parcel === undefined || context.req.param('type') !== 'label' || !isLabelled(parcel) || parcel.status === 'CANCELLED')
      return notFound();
    const asked = formatOf(context.req.header('accept') ?? 'application/pdf');
    if (asked === null || (parcel.option.pdfOnly === true && asked !== 'pdf'))
      return refuse({ status: 400, code: 'invalid', detail: 'Unsupported format', pointer: '/Accept' });
    const isFixed =
      parcel.kind === 'shipment' && parcel.option.nativeZpl === true && parcel.request.label_details.mime_type === 'application/zpl';
    const format = isFixed ? 'zpl' : asked;
    return context.body(new Uint8Array(labelFile(parcel, format)), 200, { 'content-type': documentTypes[format] });
  });

  function find(context: Context): StoredShipment | null {
    return state.shipments().find(({ uuid }) => uuid === context.req.param('id')) ?? null;
  }

  /** What Sendcloud checks of a shipment beyond its fields. */
  function offerFor(request: ShipmentRequest): { readonly option: SandboxOption; readonly price: SandboxPrice } | Refusal {
    const { shipping_option_code: code, contract_id: contract } = request.ship_with.properties;
    const option = optionsNow().find((one) => one.code === code && (contract === undefined || one.contractId === contract));
    const [parcel] = request.parcels;
    const invalid = (pointer: string, detail: string): Refusal => ({ status: 400, code: 'invalid', detail, pointer });
    if (option === undefined || parcel === undefined)
      return invalid('/ship_with/properties/shipping_option_code', 'The selected shipping option is not available.');
    if (option.returns === true) return invalid('/ship_with', 'The selected shipping option is for returns.');
    if (option.needsServicePoint === true && request.to_service_point === undefined)
      return invalid('/to_service_point', 'A service point is required for this shipping option.');
    const [from, to] = [request.from_address.country_code, request.to_address.country_code];
    if (crossesCustoms(from, to) && (request.customs_information === undefined || !parcel.parcel_items?.length))
      return invalid('/customs_information', 'Customs information and parcel items are required for this destination.');
    const { email, phone_number: phone } = request.to_address;
    const missing = option.demands?.find((field) => (field === 'to_email' ? !email : !phone));
    if (missing !== undefined)
      return invalid(`/to_address/${missing === 'to_email' ? 'email' : 'phone_number'}`, 'This field is required.');
    const insured = Number(parcel.additional_insured_price?.value ?? 0);
    if (parcel.additional_insured_price !== undefined && (insured < 2 || insured > 5_000))
      return invalid('/parcels/0/additional_insured_price', 'The insured amount must be between 2 and 5000.');
    const price = priceOf(option, { from, to, grams: gramsOf(parcel.weight), insured });
    return price === null
      ? invalid('/ship_with/properties/shipping_option_code', 'The selected shipping option is not available for this parcel.')
      : { option, price };
  }
}

function formatOf(mimeType: string) {
  return labelFormats.find((format) => documentTypes[format] === mimeType) ?? null;
}

function positionIn(cursor: string): number | null {
  const [, position] = /^p=(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('latin1')) ?? [];
  return position === undefined ? null : Number(position);
}

export function originOf(context: Context): string {
  return new URL(context.req.url).origin;
}

import { samplePdf, sampleZpl } from './label-document.ts';
import type { OrdersQuery } from './request-schemas.ts';
import type { RuleMessage } from './shipment-rules.ts';
import type { StoredShipment } from './state.ts';

/** DHL says a status twice, under its old and its new name. */
export function statusJson(status: number, title: string, detail?: string) {
  return { title, statusCode: status, status, ...(detail === undefined ? {} : { detail }) };
}

export const okStatus = statusJson(200, 'OK', 'The Webservice call ran successfully.');

export function madeJson(
  shipment: StoredShipment,
  query: Pick<OrdersQuery, 'docFormat' | 'includeDocs' | 'printFormat'>,
  messages: readonly RuleMessage[],
) {
  return {
    shipmentNo: shipment.number,
    routingCode: '40327653113+99000933090010',
    sstatus: okStatus,
    label: labelJson(shipment, query),
    ...(messages.length === 0 ? {} : { validationMessages: messages }),
  };
}

export function refusedJson(messages: readonly RuleMessage[]) {
  return { sstatus: statusJson(400, 'Bad Request', 'Validation error'), validationMessages: messages };
}

/** A shipment whose number is all that was asked about. */
export function shortJson(shipmentNo: string, reason: string | null) {
  return { shipmentNo, sstatus: reason === null ? okStatus : statusJson(400, 'Bad Request', reason) };
}

function labelJson(
  shipment: StoredShipment,
  { docFormat, includeDocs, printFormat }: Pick<OrdersQuery, 'docFormat' | 'includeDocs' | 'printFormat'>,
) {
  const lines = [`DHL ${shipment.product}`, shipment.number, shipment.reference];
  const paper = { fileFormat: docFormat, printFormat: paperName(printFormat ?? '910-300-600') };
  if (includeDocs === 'URL') return { url: `https://api-sandbox.dhl.com/parcel/de/shipping/v2/labels?token=${shipment.number}`, ...paper };
  return docFormat === 'ZPL2' ? { zpl2: sampleZpl(lines), ...paper } : { b64: samplePdf(lines), ...paper };
}

/** DHL answers with names of its own for some of the papers. */
function paperName(paper: string): string {
  return (
    {
      '910-300-600': '910-300-600/610',
      '910-300-610': '910-300-600/610',
      '910-300-400': '910-300-400/410',
      '910-300-410': '910-300-400/410',
    }[paper] ?? paper
  );
}

/** Status 200 for one shipment that is made, 400 for one that is not, 207 for several. */
export function multiStatus(
  items: readonly { readonly sstatus: { readonly status: number } }[],
  all: number,
): { readonly status: 200 | 207 | 400; readonly body: unknown } {
  const failed = items.filter(({ sstatus }) => sstatus.status !== 200).length;
  const status = all > 1 ? 207 : failed > 0 ? 400 : 200;
  return { status, body: { status: status === 400 ? statusJson(400, 'Bad Request', 'Some shipments had errors.') : okStatus, items } };
}

const germanPlace = { address: { addressLocality: 'Bonn', countryCode: 'DE' } };

/** What happened to a parcel, newest first; times are those of German clocks, without a zone. */
export function trackedJson(shipment: StoredShipment, localTime: (instant: string) => string) {
  const events = [
    ...shipment.scans.map(({ what, at }) =>
      what === 'accepted'
        ? {
            timestamp: localTime(at),
            location: germanPlace,
            statusCode: 'transit',
            status: 'ES',
            description: 'The shipment has been posted by the sender.',
          }
        : {
            timestamp: localTime(at),
            location: germanPlace,
            statusCode: 'delivered',
            status: 'ZU',
            description: 'The shipment has been successfully delivered.',
          },
    ),
    {
      timestamp: localTime(shipment.madeAt),
      location: germanPlace,
      statusCode: 'pre-transit',
      status: 'VA',
      description: 'The sender has announced the shipment electronically.',
    },
  ].toSorted((one, other) => (one.timestamp < other.timestamp ? 1 : -1));
  return {
    shipments: [{ id: shipment.number, service: 'parcel-de', origin: germanPlace, destination: germanPlace, status: events[0], events }],
  };
}

export function piecesXml(
  found: readonly { readonly asked: string; readonly shipment: StoredShipment }[],
  germanTime: (instant: string) => string,
): string {
  const event = (at: string, ice: string, ric: string, code: string, words: string) =>
    `<data name="piece-event" event-timestamp="${germanTime(at)}" event-status="${words}" event-text="${words}" event-short-status="${words}" ice="${ice}" ric="${ric}" event-location="Bonn" event-country="Germany" standard-event-code="${code}" ruecksendung="false"/>`;
  const pieces = found.map(({ asked, shipment }) => {
    const events = shipment.scans.map(({ what, at }) =>
      what === 'accepted'
        ? event(at, 'SHRCU', 'SERPT', 'ES', 'Posted by the sender')
        : event(at, 'DLVRD', 'NGHBR', 'ZU', 'Delivered to a neighbour'),
    );
    const advised = event(shipment.madeAt, 'PARCV', 'NRQRD', 'VA', 'Announced electronically');
    return `<data name="piece-shipment" error-status="0" piece-code="${shipment.number}" searched-piece-code="${asked}" status="&quot;known&quot; &amp; followed"><data name="piece-event-list">${[advised, ...events].join('')}</data></data>`;
  });
  const code = found.length === 0 ? '100' : '0';
  return `<?xml version="1.0" encoding="UTF-8"?><data name="piece-shipment-list" code="${code}" request-id="sandbox">${pieces.join('')}</data>`;
}

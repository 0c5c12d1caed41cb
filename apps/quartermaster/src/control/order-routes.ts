import { explainOrder, listOrders, listSchemas, packExpected, packingOf, requestSchemas, viewOrder } from '@quartermaster/flows';
import type { Context } from 'hono';
import { act, askedBy, bodyOf, carriedOut, orderNamed, pathPart, plain, queryOf, see, type Answering, type ControlRoute } from './route.ts';

/** What may be seen of orders, and decided about one. */
export function orderRoutes({ flows, operations }: Answering): ControlRoute[] {
  const { journal } = flows;
  const order = (context: Context) => orderNamed(flows, pathPart(context, 'order'));
  return [
    see('/orders', async (context) => ({ orders: plain(await listOrders(journal, queryOf(context, listSchemas.orders))) })),
    see('/orders/:order', async (context) => plain(await viewOrder(journal, await order(context)))),
    see('/orders/:order/explain', async (context) => plain(await explainOrder(journal, await order(context)))),
    see('/orders/:order/packing', async (context) => plain(await packingOf(journal, await order(context)))),
    see('/orders/:order/pack-check', async (context) => plain(await packExpected(flows, await order(context)))),
    act('/orders/:order/pack-check', 'operator', async (context, caller) => {
      const { shipment, service, parcels, ...request } = await bodyOf(context, requestSchemas.packCheck);
      const packed = { order: await order(context), shipment, service, parcels };
      return carriedOut(await operations.checkPacked(askedBy(caller, request), packed));
    }),
    act('/orders/:order/repack', 'operator', async (context, caller) => {
      const { shipment, parcels, ...request } = await bodyOf(context, requestSchemas.repack);
      return carriedOut(await operations.repackShipment(askedBy(caller, request), { order: await order(context), shipment, parcels }));
    }),
    act('/orders/:order/hold', 'operator', async (context, caller) => {
      const { owner, until, ...request } = await bodyOf(context, requestSchemas.hold);
      return carriedOut(await operations.holdOrder(askedBy(caller, request), { order: await order(context), owner, until }));
    }),
    act('/orders/:order/release', 'operator', async (context, caller) => {
      const { code, ...request } = await bodyOf(context, requestSchemas.release);
      return carriedOut(await operations.releaseOrder(askedBy(caller, request), { order: await order(context), code }));
    }),
    act('/orders/:order/override', 'operator', async (context, caller) => {
      const { choice, until, ...request } = await bodyOf(context, requestSchemas.override);
      return carriedOut(await operations.overrideOrder(askedBy(caller, request), { order: await order(context), choice, until }));
    }),
    act('/orders/:order/lift', 'supervisor', async (context, caller) => {
      const { override, ...request } = await bodyOf(context, requestSchemas.lift);
      return carriedOut(await operations.liftOverride(askedBy(caller, request), { order: await order(context), override }));
    }),
    act('/orders/:order/cancel', 'operator', async (context, caller) => {
      const { lines, cause, ...request } = await bodyOf(context, requestSchemas.cancel);
      return carriedOut(await operations.cancelOrder(askedBy(caller, request), { order: await order(context), lines, cause }));
    }),
    act('/orders/:order/refund', 'supervisor', async (context, caller) => {
      const { lines, amount, shipping, cause, ...request } = await bodyOf(context, requestSchemas.refund);
      const wish = { order: await order(context), lines, amount, shipping, cause };
      return carriedOut(await operations.refundOrder(askedBy(caller, request), wish));
    }),
    act('/orders/:order/short', 'operator', async (context, caller) => {
      const { shipment, lines, ...request } = await bodyOf(context, requestSchemas.short);
      return carriedOut(await operations.reportShort(askedBy(caller, request), { order: await order(context), shipment, lines }));
    }),
    act('/orders/:order/reject', 'operator', async (context, caller) => {
      const { shipment, lines, doubt, ...request } = await bodyOf(context, requestSchemas.reject);
      return carriedOut(await operations.rejectShipment(askedBy(caller, request), { order: await order(context), shipment, lines, doubt }));
    }),
  ];
}

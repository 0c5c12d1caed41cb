import {
  accuracyOf,
  atpOf,
  flowBoard,
  holdsUntil,
  nodeTroubles,
  orderAging,
  promiseQuestionSchema,
  promisesFor,
  releasePreview,
  requestSchemas,
  settingsInForce,
} from '@quartermaster/flows';
import { act, askedBy, bodyOf, carriedOut, notFound, pathPart, plain, queryOf, see, type Answering, type ControlRoute } from './route.ts';

/** Work and stock of the warehouses: releases, waves, what may be promised, and what is wrong with a node. */
export function warehouseRoutes({ flows, operations }: Answering): ControlRoute[] {
  const { journal } = flows;
  return [
    see('/release', async () => plain(await releasePreview(journal, settingsInForce(flows.settings), flows.clock.now()))),
    act('/release', 'operator', async (context, caller) => {
      const { evenIfLate, ...request } = await bodyOf(context, requestSchemas.releaseShipments);
      return carriedOut(await operations.releaseShipments(askedBy(caller, request), { evenIfLate }));
    }),
    see('/waves', async () => plain(await flowBoard(journal, settingsInForce(flows.settings), flows.clock.now()))),
    see('/aging', async () => plain(await orderAging(journal, settingsInForce(flows.settings), flows.clock.now()))),
    see('/promise', async (context) => {
      const at = flows.clock.now();
      const ways = promisesFor(settingsInForce(flows.settings), queryOf(context, promiseQuestionSchema), at);
      return { at, holdsUntil: holdsUntil(ways), ways: plain(ways) };
    }),
    see('/atp/:sku', async (context) => {
      const sku = pathPart(context, 'sku');
      const found = await atpOf(flows, sku);
      if (found === null) throw notFound(`the ERP has no stock, supply or kit of ${sku.slice(0, 80)}`);
      return plain(found);
    }),
    see('/stock-accuracy', async () => {
      const found = await accuracyOf(flows);
      if (found === null) throw notFound('the ERP tells of no counts');
      return plain(found);
    }),
    see('/nodes/troubles', async () => plain(await nodeTroubles(journal))),
    act('/nodes/:node/counted', 'operator', async (context, caller) => {
      const { sku, units, ...request } = await bodyOf(context, requestSchemas.counted);
      return carriedOut(await operations.countStock(askedBy(caller, request), { node: pathPart(context, 'node'), sku, units }));
    }),
    act('/nodes/:node/outage', 'supervisor', async (context, caller) => {
      const { from, until, capacity, ...request } = await bodyOf(context, requestSchemas.outage);
      return carriedOut(
        await operations.reportOutage(askedBy(caller, request), { node: pathPart(context, 'node'), from, until, capacity }),
      );
    }),
    act('/nodes/:node/reopen', 'supervisor', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.reopen);
      return carriedOut(await operations.reopenNode(askedBy(caller, request), { node: pathPart(context, 'node') }));
    }),
  ];
}

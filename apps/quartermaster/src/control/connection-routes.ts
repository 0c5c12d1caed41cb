import { connectionsOf, listDrift, listSchemas, readiness, requestSchemas } from '@quartermaster/flows';
import { parseKey } from '@quartermaster/domain';
import type { Context } from 'hono';
import {
  act,
  askedBy,
  bodyOf,
  carriedOut,
  notFound,
  orderNamed,
  pathPart,
  plain,
  queryOf,
  see,
  type Answering,
  type ControlRoute,
} from './route.ts';

/** How connections stand, and whether all sides agree. */
export function connectionRoutes({ flows, operations, pullEveryMs }: Answering & { readonly pullEveryMs: number }): ControlRoute[] {
  const { journal } = flows;
  const connection = (context: Context): string => {
    const name = pathPart(context, 'connection');
    if (!connectionsOf(flows).some((each) => each.connection === name)) throw notFound(`the config has no connection ${name}`);
    return name;
  };
  return [
    see('/drift', async (context) => ({ drift: plain(await listDrift(journal, queryOf(context, listSchemas.drift))) })),
    act('/reconcile', 'supervisor', async (context, caller) => {
      const { order: named, sku, ...request } = await bodyOf(context, requestSchemas.reconcile);
      const at = {
        ...(named === undefined ? {} : { order: isOrderKey(named) ? named : await orderNamed(flows, named) }),
        ...(sku === undefined ? {} : { sku }),
      };
      return carriedOut(await operations.reconcileNow(askedBy(caller, request), at));
    }),
    see('/connections', async () => ({ connections: plain(await readiness(flows, { pullEveryMs })) })),
    act('/connections/:connection/pause', 'admin', async (context, caller) => {
      const { minutes, ...request } = await bodyOf(context, requestSchemas.pause);
      return carriedOut(await operations.pauseConnection(askedBy(caller, request), { connection: connection(context), minutes }));
    }),
    act('/connections/:connection/resume', 'admin', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.resume);
      return carriedOut(await operations.resumeConnection(askedBy(caller, request), { connection: connection(context) }));
    }),
  ];
}

/** An order may be missing here and yet be asked for by its key. */
function isOrderKey(text: string): boolean {
  try {
    const { kind, ids } = parseKey(text);
    return kind === 'order' && ids.length === 1;
  } catch {
    return false;
  }
}

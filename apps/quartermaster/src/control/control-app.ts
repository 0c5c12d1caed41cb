import { mayAct, placeOf, readiness, type FlowWorld, type Operations } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { ProcessWatch } from '../process-watch.ts';
import { hostOf, originHost, type Authenticate } from './access.ts';
import { addMetrics, livez, type MetricsGiven } from './health.ts';
import { openApiDocument } from './openapi.ts';
import { ProblemError, problemResponse, unauthorized } from './problem.ts';
import { connectionRoutes } from './connection-routes.ts';
import { exceptionRoutes } from './exception-routes.ts';
import { freightRoutes } from './freight-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { notFound, plain, see, type ControlRoute } from './route.ts';
import { warehouseRoutes } from './warehouse-routes.ts';
import { whyRoutes } from './why-routes.ts';

export type ControlGiven = {
  readonly context: FlowWorld;
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  /** Names that the listener may be called by. */
  readonly hosts: ReadonlySet<string>;
  readonly pullEveryMs: number;
  /** Whoever watches over the process; without one the journal alone is asked. */
  readonly watch?: ProcessWatch;
  readonly metrics?: MetricsGiven;
};

/** Largest body of a request, where a route takes no files. */
const maxBytes = 16 * 1_024;

/**
 * The control API: what people may see and do of a running system. JSON in and out; a bearer token says who calls; a page of another site cannot call it, nor one that points its own
 * name at us. `/livez` and `/readyz` need no token, `/metrics` that of a viewer unless the config says otherwise.
 */
export function controlApp(given: ControlGiven): Hono {
  const { context: flows, hosts, authenticate } = given;
  const app = new Hono();
  app.onError((error) => {
    if (error instanceof ProblemError) return problemResponse(error);
    const code = error instanceof JournalError ? 'journal' : 'bug';
    flows.log({
      at: flows.clock.now(),
      event: 'control.failed',
      code: error instanceof JournalError ? error.code : 'bug',
      place: placeOf(error),
    });
    return error instanceof JournalError
      ? problemResponse(new ProblemError(503, code, `the journal failed (${error.code})`, 'See the log of the daemon, and ask again.'))
      : problemResponse(new ProblemError(500, code, 'a bug of Quartermaster', 'See the log of the daemon, and report it.'));
  });
  app.notFound(() =>
    problemResponse(new ProblemError(404, 'not-found', 'there is nothing here', 'See docs/operating.md for what there is.')),
  );

  app.get('/livez', (context) => livez(context, given.watch));
  app.use('*', async (context, next) => {
    const host = hostOf(context.req.header('host'));
    if (host === null || !hosts.has(host))
      throw new ProblemError(
        403,
        'wrong-host',
        'this address is not served under that name',
        'Add the name to control.hosts in the config.',
      );
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site');
    const foreign = origin !== undefined && !hosts.has(originHost(origin) ?? '');
    if (foreign || (site !== undefined && site !== 'same-origin' && site !== 'none'))
      throw new ProblemError(403, 'wrong-origin', 'a page of another site may not call this', 'Call it from a program.');
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.get('/readyz', async (context) => {
    await given.watch?.journalWritable();
    const connections = await readiness(flows, given);
    const asked = context.req.query('connection');
    const meant = asked === undefined ? [] : connections.filter(({ connection }) => connection === asked);
    if (asked !== undefined && meant.length === 0) throw notFound(`the config has no connection ${asked}`);
    const stopping = given.watch?.stopping() ?? false;
    return context.json({ journal: 'writable', stopping, connections }, stopping || meant.some(({ ready }) => !ready) ? 503 : 200);
  });
  if (given.metrics !== undefined) addMetrics(app, given.metrics, authenticate);
  for (const { method, path, needs, answer, maxSize = maxBytes } of controlRoutes(given)) {
    const tooLarge = () => problemResponse(new ProblemError(413, 'too-large', `a body has at most ${maxSize} bytes`, 'Say it shorter.'));
    app.on(method, path, bodyLimit({ maxSize, onError: tooLarge }), async (context) => {
      const caller = authenticate(context.req.header('authorization'));
      if (caller === null) {
        flows.log({ at: flows.clock.now(), event: 'control.unauthorized', path: new URL(context.req.url).pathname });
        return unauthorized();
      }
      if (!mayAct(caller.role, needs))
        throw new ProblemError(403, 'not-allowed', `this needs the role ${needs}, and ${caller.name} is ${caller.role}`, `Ask a ${needs}.`);
      return context.json(z.json().parse(await answer(context, caller)));
    });
  }
  return app;
}

/** Everything that may be asked with a token. */
export function controlRoutes({ context: flows, operations, pullEveryMs }: ControlGiven): ControlRoute[] {
  const given = { flows, operations };
  const routes = [
    ...exceptionRoutes(given),
    ...orderRoutes(given),
    ...whyRoutes(flows),
    ...warehouseRoutes(given),
    ...peopleRoutes(given),
    ...freightRoutes(given),
    ...policyRoutes(given),
    ...connectionRoutes({ ...given, pullEveryMs }),
  ];
  return [...routes, see('/openapi.json', () => Promise.resolve(plain(openApiDocument(routes))))];
}

import {
  atpOf,
  connectionsOf,
  explainOrder,
  exceptionQueue,
  findOrders,
  flowBoard,
  freezeOf,
  frozenWhat,
  holdsUntil,
  invoicesNamed,
  listApprovals,
  listDrift,
  listIntents,
  listOrders,
  listSchemas,
  maturityOf,
  mayAct,
  orderAging,
  nodeTroubles,
  placeOf,
  promiseQuestionSchema,
  packExpected,
  packingOf,
  promisesFor,
  queuedOf,
  readiness,
  releasePreview,
  regretReport,
  requestSchemas,
  settingsInForce,
  viewOrder,
  type Asked,
  type FlowWorld,
  type Operations,
  type Outcome,
  type Role,
} from '@quartermaster/flows';
import { epochMs, instantOf, parseKey } from '@quartermaster/domain';
import { JournalError } from '@quartermaster/journal';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { fieldPath } from '../config.ts';
import type { ProcessWatch } from '../process-watch.ts';
import { hostOf, originHost, type Authenticate, type Caller } from './access.ts';
import { addMetrics, livez, type MetricsGiven } from './health.ts';
import { openApiDocument } from './openapi.ts';
import { ProblemError, problemResponse, refusal, unauthorized } from './problem.ts';
import { policyRoutes } from './policy-routes.ts';
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
/** A carrier's invoice file: some ten thousand rows of 250 columns. */
const maxFileBytes = 16 * 1_024 * 1_024;

type Answer = (context: Context, caller: Caller) => Promise<unknown>;

/** One thing that may be asked: who may at least, and what answers it. */
export type ControlRoute = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly needs: Role;
  readonly answer: Answer;
  /** Largest body, where it is not that of all. */
  readonly maxSize?: number;
};

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
  const { journal } = flows;
  const see = (path: string, answer: Answer): ControlRoute => ({ method: 'GET', path, needs: 'viewer', answer });
  const act = (path: string, needs: Role, answer: Answer): ControlRoute => ({ method: 'POST', path, needs, answer });
  const order = (context: Context) => orderNamed(flows, pathPart(context, 'order'));
  const routes: ControlRoute[] = [
    see('/exceptions', async (context) => {
      const { open, overdue, ...query } = queryOf(context, listSchemas.exceptions);
      const asked = { ...query, open: open === 'true', ...(overdue === undefined ? {} : { overdue: true }) };
      return { exceptions: plain(await journal.read((tx) => exceptionQueue(tx, asked, queueClock(flows)))) };
    }),
    see('/exceptions/:id', async (context) => {
      const id = numberOf(context);
      const found = await journal.read(async (tx) => {
        const exception = await tx.exceptions.get(id);
        return exception === null ? null : queuedOf(tx, exception, queueClock(flows));
      });
      if (found === null) throw notFound(`there is no exception ${id}`);
      return plain(found);
    }),
    act('/exceptions/retry', 'operator', async (context, caller) => {
      const { which, provedAbsent, ...request } = await bodyOf(context, requestSchemas.retryExceptions);
      return carriedOut(await operations.retryExceptions(askedBy(caller, request), { which, provedAbsent }));
    }),
    act('/exceptions/assign', 'operator', async (context, caller) => {
      const { which, owner, ...request } = await bodyOf(context, requestSchemas.assign);
      return carriedOut(await operations.assignExceptions(askedBy(caller, request), { which, owner }));
    }),
    act('/exceptions/snooze', 'operator', async (context, caller) => {
      const { which, until, ...request } = await bodyOf(context, requestSchemas.snooze);
      return carriedOut(await operations.snoozeExceptions(askedBy(caller, request), { which, until }));
    }),
    act('/exceptions/:id/retry', 'operator', async (context, caller) => {
      const { provedAbsent, ...request } = await bodyOf(context, requestSchemas.retry);
      return carriedOut(await operations.retryException(askedBy(caller, request), { exception: numberOf(context), provedAbsent }));
    }),
    see('/orders', async (context) => ({ orders: plain(await listOrders(journal, queryOf(context, listSchemas.orders))) })),
    see('/orders/:order', async (context) => plain(await viewOrder(journal, await order(context)))),
    see('/orders/:order/explain', async (context) => plain(await explainOrder(journal, await order(context)))),
    ...whyRoutes(flows, { order, part: pathPart, query: queryOf, body: bodyOf, notFound }),
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
    see('/release', async () => plain(await releasePreview(journal, settingsInForce(flows.settings), flows.clock.now()))),
    act('/release', 'operator', async (context, caller) =>
      carriedOut(await operations.releaseShipments(askedBy(caller, await bodyOf(context, requestSchemas.releaseShipments)))),
    ),
    see('/waves', async () => plain(await flowBoard(journal, settingsInForce(flows.settings), flows.clock.now()))),
    see('/aging', async () => plain(await orderAging(journal, settingsInForce(flows.settings), flows.clock.now()))),
    see('/intents', async (context) => ({ intents: plain(await listIntents(journal, queryOf(context, listSchemas.intents))) })),
    act('/intents/:id/retry', 'operator', async (context, caller) => {
      const { provedAbsent, ...request } = await bodyOf(context, requestSchemas.retry);
      return carriedOut(await operations.retryIntent(askedBy(caller, request), { intent: numberOf(context), provedAbsent }));
    }),
    act('/intents/:id/drop', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.drop);
      return carriedOut(await operations.dropIntent(askedBy(caller, request), { intent: numberOf(context) }));
    }),
    act('/intents/:id/label', 'operator', async (context, caller) => {
      const { trackingNumber, price, trackingUrl, ...request } = await bodyOf(context, requestSchemas.label);
      const typed = { intent: numberOf(context), trackingNumber, price, trackingUrl };
      return carriedOut(await operations.typeLabel(askedBy(caller, request), typed));
    }),
    see('/approvals', async (context) => {
      const { order: about, ...query } = queryOf(context, listSchemas.approvals);
      const key = about === undefined ? undefined : await orderNamed(flows, about);
      return { approvals: plain(await journal.read((tx) => listApprovals(tx, { ...query, about: key }))) };
    }),
    act('/approvals/:approval/approve', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.approve(askedBy(caller, request), { approval: pathPart(context, 'approval') }));
    }),
    act('/approvals/:approval/reject', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.reject(askedBy(caller, request), { approval: pathPart(context, 'approval') }));
    }),
    see('/maturity', async () => {
      const asked = { settings: settingsInForce(flows.settings), now: flows.clock.now() };
      return { flows: plain(await journal.read((tx) => maturityOf(tx, asked))) };
    }),
    see('/regret', async (context) => {
      const { days } = queryOf(context, listSchemas.regret);
      const since = instantOf(epochMs(flows.clock.now()) - days * 86_400_000);
      return plain(await journal.read((tx) => regretReport(tx, since)));
    }),
    see('/freeze', async () => ({ freeze: await journal.read((tx) => freezeOf(tx, flows.clock.now())), frozen: frozenWhat })),
    act('/freeze', 'admin', async (context, caller) => {
      const { until, ...request } = await bodyOf(context, requestSchemas.freeze);
      return carriedOut(await operations.freezeChanges(askedBy(caller, request), { until }));
    }),
    act('/unfreeze', 'admin', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.unfreezeChanges(askedBy(caller, request), {}));
    }),
    see('/drift', async (context) => ({ drift: plain(await listDrift(journal, queryOf(context, listSchemas.drift))) })),
    act('/reconcile', 'supervisor', async (context, caller) => {
      const { order: named, sku, ...request } = await bodyOf(context, requestSchemas.reconcile);
      const at = {
        ...(named === undefined ? {} : { order: isOrderKey(named) ? named : await orderNamed(flows, named) }),
        ...(sku === undefined ? {} : { sku }),
      };
      return carriedOut(await operations.reconcileNow(askedBy(caller, request), at));
    }),
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
    ...policyRoutes(flows, operations.applyPolicy, { body: bodyOf, carriedOut, askedBy }),
    see('/connections', async () => ({ connections: plain(await readiness(flows, { pullEveryMs })) })),
    act('/orders/:order/short', 'operator', async (context, caller) => {
      const { shipment, lines, ...request } = await bodyOf(context, requestSchemas.short);
      return carriedOut(await operations.reportShort(askedBy(caller, request), { order: await order(context), shipment, lines }));
    }),
    act('/orders/:order/reject', 'operator', async (context, caller) => {
      const { shipment, lines, doubt, ...request } = await bodyOf(context, requestSchemas.reject);
      return carriedOut(await operations.rejectShipment(askedBy(caller, request), { order: await order(context), shipment, lines, doubt }));
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
    act('/connections/:connection/pause', 'admin', async (context, caller) => {
      const { minutes, ...request } = await bodyOf(context, requestSchemas.pause);
      return carriedOut(await operations.pauseConnection(askedBy(caller, request), { connection: connection(context), minutes }));
    }),
    act('/connections/:connection/resume', 'admin', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.resume);
      return carriedOut(await operations.resumeConnection(askedBy(caller, request), { connection: connection(context) }));
    }),
  ];
  return [...routes, see('/openapi.json', () => Promise.resolve(plain(openApiDocument(routes))))];

  function connection(context: Context): string {
    const name = pathPart(context, 'connection');
    if (!connectionsOf(flows).some((each) => each.connection === name)) throw notFound(`the config has no connection ${name}`);
    return name;
  }
}

function queueClock({ settings, clock }: Pick<FlowWorld, 'settings' | 'clock'>) {
  return { policy: settingsInForce(settings).exceptions, now: clock.now() };
}

function carriedOut(outcome: Outcome): unknown {
  if (outcome.kind === 'refused') throw refusal(outcome);
  return plain(outcome);
}

function askedBy(caller: Caller, { requestId, reason }: { readonly requestId: string; readonly reason: string }): Asked {
  return { requestId, reason, by: caller.name, role: caller.role };
}

/** The key of the order that a path names by key, channel id or name. */
async function orderNamed({ journal }: Pick<FlowWorld, 'journal'>, wanted: string): Promise<string> {
  const [key, ...others] = await findOrders(journal, wanted);
  if (key === undefined) throw notFound(`the journal has no order ${wanted}`);
  if (others.length > 0)
    throw new ProblemError(
      409,
      'ambiguous',
      `${wanted} is the name of several orders: ${[key, ...others].join(', ')}`,
      'Name one by its key.',
    );
  return key;
}

/** The key of the freight invoice that a path names by key or number. */
async function invoiceNamed({ journal }: Pick<FlowWorld, 'journal'>, wanted: string): Promise<string> {
  const [key, ...others] = await invoicesNamed(journal, wanted);
  if (key === undefined) throw notFound(`the journal has no freight invoice ${wanted}`);
  if (others.length === 0) return key;
  const keys = [key, ...others].join(', ');
  throw new ProblemError(409, 'ambiguous', `${wanted} is the number of several invoices: ${keys}`, 'Name one by its key.');
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

function notFound(detail: string): ProblemError {
  return new ProblemError(404, 'not-found', detail, 'Look it up first.');
}

function pathPart(context: Context, name: string): string {
  return context.req.param(name) ?? '';
}

function numberOf(context: Context): number {
  const text = pathPart(context, 'id');
  if (!/^\d{1,15}$/.test(text)) throw notFound(`${text.slice(0, 40)} is no id`);
  return Number(text);
}

function queryOf<Schema extends z.ZodType>(context: Context, schema: Schema): z.infer<Schema> {
  return parsed(schema, context.req.query());
}

async function bodyOf<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  if (!/^application\/json(;|$)/i.test(context.req.header('content-type') ?? ''))
    throw new ProblemError(415, 'not-json', 'the body is not declared as JSON', 'Send content-type: application/json.');
  const text = await context.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ProblemError(400, 'bad-json', 'the body is not JSON', 'Send a JSON object.');
  }
  return parsed(schema, json);
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const answer = schema.safeParse(value);
  if (answer.success) return answer.data;
  const lines = answer.error.issues
    .slice(0, 10)
    .map(({ path, message }) => (path.length === 0 ? message : `${fieldPath(path)}: ${message}`));
  throw new ProblemError(400, 'bad-request', lines.join('; ').slice(0, 1_000), 'Correct these fields.');
}

/** As JSON, by the way of text: what is undefined is left out. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

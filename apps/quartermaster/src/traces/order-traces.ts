import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider, RandomIdGenerator, TraceIdRatioBasedSampler, type SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { epochMs, isFault, type Clock } from '@quartermaster/domain';
import type { Around, EventLog, KnownEvent } from '@quartermaster/flows';
import type { AroundCall } from '../observed-ports.ts';
import { orderTraceIds, type OrderTraceIds } from './trace-ids.ts';

/** Makes traces of what the flows do: who they are told to, and what stands around their steps and calls. */
export type OrderTraces = { readonly log: EventLog; readonly around: Around; readonly aroundCall: AroundCall; close(): Promise<void> };

/** What is being done: since when, and for which order. */
type Doing = { readonly since: number; readonly span: Span | null };

/**
 * One trace per order over channel, ERP and carrier: `order` begins it; then `intake`, `checks`, `sourcing`, each attempt of an intent, and in it the calls to the vendor. What else happens to the order is an
 * event of the attempt that led to it, or a span without length. Attributes are keys, ids of connections, codes and counts; nothing about a person. `share` of the orders are traced, the
 * same ones on every replica.
 */
export function orderTraces(given: {
  readonly processor: SpanProcessor;
  readonly share: number;
  readonly service: Attributes;
  readonly clock: Pick<Clock, 'now'>;
}): OrderTraces {
  const now = () => epochMs(given.clock.now());
  const ids = givenIds();
  const provider = new NodeTracerProvider({
    idGenerator: ids,
    // Not by the parent: whether an order is traced hangs on its trace id alone.
    sampler: new TraceIdRatioBasedSampler(given.share),
    resource: resourceFromAttributes(given.service),
    spanProcessors: [given.processor],
  });
  const tracer = provider.getTracer('quartermaster');
  const doing = new AsyncLocalStorage<Doing>();

  const instant = (name: string, order: string, attributes: Attributes, since = now()) =>
    tracer
      .startSpan(name, { startTime: since, attributes: { 'qm.order': order, ...attributes } }, contextOf(orderTraceIds(order)))
      .end(now());

  /** The span that all others of the order hang on, under its own id. */
  const begin = (order: string) =>
    ids.next(orderTraceIds(order), () =>
      tracer.startSpan('order', { root: true, startTime: now(), attributes: { 'qm.order': order } }).end(now()),
    );

  const orderEvent = (order: string, happening: string, state: string) => {
    const current = doing.getStore();
    const attributes = { 'qm.state': state };
    if (happening === 'received') begin(order);
    if (happening === 'received' || happening === 'revised') instant('intake', order, attributes, current?.since);
    if (happening === 'received' || happening === 'revised' || happening === 'rechecked') return instant('checks', order, attributes);
    if (happening === 'sourced') return instant('sourcing', order, attributes, current?.since);
    if (current?.span === undefined || current.span === null) instant(happening, order, attributes);
    else current.span.addEvent(`order.${happening}`, attributes, now());
  };

  return {
    log(event) {
      const happening = orderHappening(event);
      if (happening !== null) orderEvent(happening.order, happening.name, happening.state);
      const span = doing.getStore()?.span;
      if (span !== undefined && span !== null) noteIntent(span, event);
    },
    async around(step, work) {
      const since = now();
      if ((step.kind !== 'attempt' && step.kind !== 'look-up') || step.order === null) return doing.run({ since, span: null }, work);
      const { intent, order, kind } = step;
      const attributes = {
        'qm.order': order,
        'qm.connection': intent.connection,
        'qm.intent': intent.key,
        'qm.attempt': intent.attempt,
        'qm.safety': intent.safety,
        'qm.looked-up': kind === 'look-up',
      };
      const span = tracer.startSpan(intent.kind, { startTime: since, attributes }, contextOf(orderTraceIds(order)));
      return inSpan(span, now, () => doing.run({ since, span }, work));
    },
    async aroundCall({ connection, operation }, work) {
      const span = doing.getStore()?.span;
      if (span === undefined || span === null) return work();
      const attributes = { 'qm.connection': connection, 'qm.operation': operation };
      const call = tracer.startSpan(
        `${connection} ${operation}`,
        { kind: SpanKind.CLIENT, startTime: now(), attributes },
        trace.setSpan(ROOT_CONTEXT, span),
      );
      return inSpan(call, now, work);
    },
    close: () => provider.shutdown(),
  };
}

/** Ends a span with what came of the work: of an error only its code, because its words may quote anything. */
async function inSpan<Result>(span: Span, now: () => number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    failed(span, isFault(error) ? error.code : 'bug');
    throw error;
  } finally {
    span.end(now());
  }
}

function failed(span: Span, code: string): void {
  span.setAttribute('qm.code', code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** What became of an intent, on the span of its attempt. */
function noteIntent(span: Span, event: KnownEvent): void {
  if (!('attempt' in event) || !('kind' in event)) return;
  span.setAttribute('qm.outcome', event.event.slice('intent.'.length));
  if ('code' in event) failed(span, event.code ?? 'unknown');
}

function orderHappening(event: KnownEvent): { readonly name: string; readonly order: string; readonly state: string } | null {
  if (!event.event.startsWith('order.') || !('state' in event) || event.order === null) return null;
  return { name: event.event.slice('order.'.length), order: event.order, state: event.state ?? '' };
}

/** The context in which a span becomes one of the order's. */
function contextOf({ traceId, spanId }: OrderTraceIds): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** Random ids, but for the one span that is started inside of `next`. */
function givenIds() {
  const random = new RandomIdGenerator();
  let given: OrderTraceIds | null = null;
  return {
    generateTraceId: () => given?.traceId ?? random.generateTraceId(),
    generateSpanId: () => given?.spanId ?? random.generateSpanId(),
    next(ids: OrderTraceIds, start: () => void): void {
      given = ids;
      try {
        start();
      } finally {
        given = null;
      }
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Clock } from '@quartermaster/domain';
import { orderTraces, type OrderTraces } from './order-traces.ts';

/** A collector that does not answer keeps nobody from stopping longer than this. */
const closeMs = 5_000;

/**
 * Sends traces as OTLP over HTTP, in batches, beside the work: at most 2,048 spans wait, more are thrown away. `endpoint` null takes the collector, and what else is standard, from the
 * `OTEL_` variables.
 */
export function startExporting(given: {
  readonly endpoint: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly share: number;
  readonly service: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'now'>;
}): OrderTraces {
  const { endpoint, headers, share, service, clock } = given;
  const address = endpoint === null ? {} : { url: `${endpoint.replace(/\/+$/, '')}/v1/traces` };
  const exporter = new OTLPTraceExporter({ ...address, ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }) });
  const traces = orderTraces({ processor: new BatchSpanProcessor(exporter), share, service: { ...service }, clock });
  return {
    ...traces,
    async close() {
      const given = new AbortController();
      await Promise.race([
        traces.close().catch(() => undefined),
        wait(closeMs, undefined, { signal: given.signal }).catch(() => undefined),
      ]);
      given.abort();
    },
  };
}

import type { Clock } from '@quartermaster/domain';
import type { Config } from '../config.ts';
import type { SecretOf } from '../connect.ts';
import type { OrderTraces } from './order-traces.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts the traces of a config; null when nobody asked for them. They are asked for by the config's `traces`, or by an endpoint in the standard variables of OpenTelemetry, and are off
 * where those say so (`OTEL_SDK_DISABLED`, `OTEL_TRACES_EXPORTER=none`). Only then is OpenTelemetry loaded.
 */
export async function startTraces(
  asked: Config['traces'],
  secretOf: SecretOf,
  {
    version,
    clock,
    environment = process.env,
  }: { readonly version: string; readonly clock: Pick<Clock, 'now'>; readonly environment?: Environment },
): Promise<OrderTraces | null> {
  if (!wanted(asked, environment)) return null;
  const { startExporting } = await import('./otlp-export.ts');
  const headers = Object.entries(asked?.headers ?? {}).map(([name, source]) => [name, secretOf(source, `traces.headers.${name}`)] as const);
  return startExporting({
    endpoint: asked?.endpoint ?? null,
    headers: Object.fromEntries(headers),
    share: asked?.share ?? 1,
    service: { 'service.name': environment['OTEL_SERVICE_NAME'] ?? 'quartermaster', 'service.version': version },
    clock,
  });
}

function wanted(asked: Config['traces'], environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || environment['OTEL_TRACES_EXPORTER'] === 'none') return false;
  const endpoint = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return asked !== undefined || (endpoint !== undefined && endpoint !== '');
}

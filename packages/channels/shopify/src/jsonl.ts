import { ConnectorFault } from '@quartermaster/domain';
import { connectorName } from './client.ts';

export type JsonLinesGiven = {
  readonly operation: string;
  /** Whoever has it can read the file: it stands in no fault. */
  readonly url: string;
  readonly fetch: typeof fetch;
  /** The longest that may pass without a byte. */
  readonly idleMs: number;
};

/**
 * Reads a file of one JSON value a line while it comes, so that its size does not matter. No token goes with the request: the file is at another origin. Throws a `ConnectorFault` when it cannot
 * be had or breaks off; reading it again does no harm.
 */
export async function* jsonLines(given: JsonLinesGiven): AsyncGenerator {
  let rest = '';
  for await (const chunk of chunksOf(given)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield valueOf(line, given);
  }
  if (rest.trim() !== '') yield valueOf(rest, given);
}

async function* chunksOf({ operation, url, fetch: send, idleMs }: JsonLinesGiven): AsyncGenerator<string> {
  const ending = new AbortController();
  let timer = setTimeout(() => ending.abort(), idleMs);
  try {
    const response = await send(url, { signal: ending.signal });
    if (response.status !== 200 || response.body === null)
      throw fileFault(operation, url, 'server-error', `HTTP ${response.status}`, response.status);
    const decoder = new TextDecoder();
    for await (const bytes of response.body) {
      clearTimeout(timer);
      yield decoder.decode(bytes, { stream: true });
      timer = setTimeout(() => ending.abort(), idleMs);
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof ConnectorFault) throw error;
    throw fileFault(operation, url, ending.signal.aborted ? 'timeout' : 'unreachable', 'the file did not come whole');
  } finally {
    clearTimeout(timer);
  }
}

function valueOf(line: string, { operation, url }: JsonLinesGiven): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    throw fileFault(operation, url, 'malformed-reply', 'a line of the file is no JSON');
  }
}

function fileFault(
  operation: string,
  url: string,
  code: 'malformed-reply' | 'server-error' | 'timeout' | 'unreachable',
  what: string,
  status?: number,
): ConnectorFault {
  return new ConnectorFault(code, {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message: `${what}, from ${new URL(url).origin}`,
    ...(status === undefined ? {} : { status }),
  });
}

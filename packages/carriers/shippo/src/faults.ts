import { notDoneBy, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';

export const connector = 'shippo';

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

export const notDone = notDoneBy(connector);

/**
 * What an answer of Shippo means when it is not a success; undefined when it is one. Shippo says what is wrong by `detail` or by field, and has no codes. `purchase` marks the call that costs
 * money: there, a 429 that is not in Shippo's words may come from something in between after the request was passed on, so its outcome is unknown.
 */
export function shippoFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, now, purchase, redact } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const said = wordsIn(reply.text);
  const message = said === null ? undefined : redact(said);
  if (purchase && reply.status === 429 && said === null)
    return new ConnectorFault('rate-limited', {
      connector,
      operation,
      outcome: 'unknown',
      retry: { kind: 'after', ms: 1_000 },
      status: 429,
      message: 'answered with HTTP 429, and not in the words of Shippo',
      advice: 'The purchase may have happened: its rate is looked at before anything else.',
    });
  return statusFault({ connector, operation, reply, now, ...(message === undefined ? {} : { message }) });
}

/** Texts of an error, each behind the field that it is about; null where the answer is no error of Shippo's. */
function wordsIn(text: string): string | null {
  const words = sayings(parsed(text), '').join('; ');
  return words === '' ? null : words.length > 300 ? `${words.slice(0, 299)}…` : words;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Errors come as `{"detail":"…"}`, as `{"rate":["…"]}` and as objects in objects. */
function sayings(value: unknown, field: string): string[] {
  if (typeof value === 'string') return [field === '' || field === 'detail' || field === '__all__' ? value : `${field}: ${value}`];
  if (Array.isArray(value)) return value.flatMap((each) => sayings(each, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => sayings(inner, field === '' || key === 'detail' ? key : `${field}.${key}`));
}

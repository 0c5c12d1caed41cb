import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { wireErrorSchema, type WireError } from './wire.ts';

export const connector = 'usps';

export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of USPS means when it is not a success; undefined when it is one. The code is that of USPS's error inventory, such as `160186`, or else its status. `purchase` marks the call that makes a label:
 * there, a 429 that is not in USPS's own words may come from a proxy after the request was passed on, so its outcome is unknown.
 */
export function uspsFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const error = errorOf(reply.text);
  const vendorCode = error?.errors?.find(({ code }) => code)?.code ?? error?.code;
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply,
    ...(error === null ? {} : { message: given.redact(wordsOf(error)) }),
    ...(vendorCode ? { vendorCode } : {}),
  });
  if (!purchase || reply.status !== 429 || error !== null) return fault;
  return new ConnectorFault(fault.code, {
    ...fault.facts,
    outcome: 'unknown',
    advice: 'Somebody between us and USPS answered: the purchase is sent again under its key, which buys nothing twice.',
  });
}

/** Whether USPS itself said no to what was asked, in its own words: neither an error of its servers, nor of tokens or quotas, nor somebody in between. */
export function isRefusal({ facts }: ConnectorFault): boolean {
  return facts.vendorCode !== undefined && [400, 404, 409, 422].includes(facts.status ?? 0);
}

function errorOf(text: string): WireError | null {
  return parseJson(wireErrorSchema, text)?.error ?? null;
}

function wordsOf(error: WireError): string {
  const details = (error.errors ?? []).flatMap(({ detail, title }) => detail || title || []);
  const words = details.length === 0 ? (error.message ?? 'refused') : details.join(' ');
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}

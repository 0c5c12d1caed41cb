import { notDoneBy, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { wirePickupErrorsSchema, wireProblemSchema, type WireItem, type WireProblem } from './wire.ts';

export const connector = 'dhl-parcel-de';

export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of DHL means when its status is no success; undefined when it is one, which says nothing yet of the single shipments in it. `purchase` marks the call that makes a label: there, a
 * 429 that is not in DHL's own words may come from somebody in between after the request was passed on, so its outcome is unknown.
 */
export function dhlFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const words = wordsOf(reply.text);
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply,
    ...(words === null ? {} : { message: given.redact(words) }),
  });
  if (!purchase || reply.status !== 429 || words !== null) return fault;
  return new ConnectorFault(fault.code, {
    ...fault.facts,
    outcome: 'unknown',
    advice: 'Somebody between us and DHL answered: whether the label was made is cleared up before it is asked for again.',
  });
}

/** DHL's own account of what went wrong; null where somebody else answered. */
function wordsOf(text: string): string | null {
  try {
    const json: unknown = JSON.parse(text);
    const rows = wirePickupErrorsSchema.safeParse(json).data;
    if (rows !== undefined) return short(rows.map(({ instance, title }) => `${instance ?? 'pickup'}: ${title}.`).join(' '));
    const problem = wireProblemSchema.safeParse(json).data;
    return problem === undefined ? null : problemWords(problem);
  } catch {
    return null;
  }
}

function problemWords(problem: WireProblem): string | null {
  const items = (problem.items ?? []).flatMap(itemErrors);
  if (items.length > 0) return short(items.join(' '));
  const inner = typeof problem.status === 'object' ? problem.status : null;
  const words = problem.detail ?? inner?.detail ?? problem.title ?? inner?.title ?? null;
  return words === null ? null : short(words);
}

/** Whether DHL made of this shipment what was asked: its own status decides, whatever that of the whole answer is. */
export function isDone({ sstatus }: Pick<WireItem, 'sstatus'>): boolean {
  const status = sstatus.status ?? sstatus.statusCode;
  return typeof status === 'number' && status >= 200 && status < 300;
}

/** Whether DHL does not say what became of a shipment: its own status is that of a breakdown, or there is none. */
export function isUndecided({ sstatus }: Pick<WireItem, 'sstatus'>): boolean {
  const status = sstatus.status ?? sstatus.statusCode;
  return typeof status !== 'number' || status >= 500;
}

/** Of something that may be done again when DHL did not say what became of it. */
export function undecided(operation: string): ConnectorFault {
  return new ConnectorFault('server-error', {
    connector,
    operation,
    outcome: 'unknown',
    retry: { kind: 'safely' },
    message: 'DHL answered, and does not say what became of the shipment',
  });
}

/** Why DHL did not do something with a shipment, in its words. */
export function itemWords(item: WireItem): string {
  const errors = itemErrors(item);
  return short(errors.length > 0 ? errors.join(' ') : (item.sstatus.detail ?? item.sstatus.title ?? 'DHL gives no reason.'));
}

/** Warnings are no errors: a label is made in spite of them. */
function itemErrors({ validationMessages }: Pick<WireItem, 'validationMessages'>): string[] {
  return (validationMessages ?? [])
    .filter(({ validationState }) => validationState?.toLowerCase() !== 'warning')
    .map(({ property, validationMessage }) => `${property ?? 'shipment'}: ${validationMessage ?? 'refused'}.`.replaceAll('..', '.'));
}

function short(words: string): string {
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}

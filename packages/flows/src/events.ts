import type { Instant } from '@quartermaster/domain';
import { orderLifecycle, type OrderEvent } from '@quartermaster/fulfilment';
import { allowed, type FieldKind, type FieldValues } from './event-fields.ts';

/** `debug`: for who follows a single order; `info`: what happened; `warn`: looks after itself, unless it lasts; `error`: a person should look. */
export const eventLevels = ['debug', 'info', 'warn', 'error'] as const;
export type EventLevel = (typeof eventLevels)[number];

type Fields = Readonly<Record<string, FieldKind>>;
type Told<Of extends Fields> = { readonly level: EventLevel; readonly says: string; readonly fields: Of };

const at =
  (level: EventLevel) =>
  <const Of extends Fields>(says: string, fields: Of): Told<Of> => ({ level, says, fields });
const [debug, info, warn, error] = [at('debug'), at('info'), at('warn'), at('error')];

const intent = { kind: 'word', key: 'key', connection: 'connection', attempt: 'number' } as const;

/**
 * Every event that Quartermaster tells, with its level, what it says and what its fields may hold: the one list. A new event is a line here; `docs/events.md` is written from it. What
 * happens to orders and what people do has the same fields for all: {@link orderEvents}, {@link operationEvents}.
 */
export const eventCatalogue = {
  'daemon.started': info('The daemon runs. The addresses of its listeners, and what each connection may do.', {
    statusPage: 'address',
    control: 'address',
    webhooks: 'address',
    modes: 'modes',
  }),
  'daemon.stopping': info('The daemon was told to stop: it begins nothing new and ends what is under way.', { signal: 'word' }),
  'daemon.stopped': info('The daemon has ended what was under way, and gave its leases back.', {}),

  'orders.pulled': info('A channel was read, and orders were new or had changed.', {
    connection: 'connection',
    read: 'number',
    fresh: 'number',
  }),
  'order.unreadable': error('An order came that its connector cannot read; it is kept, and waits for a person.', { order: 'key' }),
  'intake.held-back': warn('A channel is not read any further while so much of it waits.', {
    connection: 'connection',
    orders: 'number',
    intents: 'number',
    bound: 'number',
  }),
  'intake.went-on': info('A channel that was held back is read again.', { connection: 'connection' }),

  'wave.decided': info(
    'The open orders were sourced together. Costs are those of the plan, in minor units; `gap` is what a perfect plan could save at most, as a share.',
    {
      slot: 'instant',
      decidedAt: 'instant',
      orders: 'number',
      shipments: 'number',
      method: 'word',
      costMinor: 'numbers',
      boundMinor: 'number',
      gap: 'number',
      maturity: 'word',
    },
  ),
  'policy.taken-up': info(
    'Another policy holds from now on: what it is called, the hash of what it says, and its version in the journal.',
    {
      policy: 'word',
      hash: 'word',
      version: 'number',
    },
  ),
  'quotes.asked': info('A carrier was asked for its prices before a wave; what it did not answer in time stands by its tariff.', {
    connection: 'connection',
    asked: 'number',
    answered: 'number',
  }),
  'addresses.asked': info('A carrier was asked before a wave whether there are the places that orders go to.', {
    connection: 'connection',
    asked: 'number',
    answered: 'number',
  }),
  'source.degraded': warn(
    'A channel, the ERP or a count is read later than its declared window, and a step of its fallback begins: the buffer is raised, selling stops, releases are held.',
    { source: 'word', step: 'word' },
  ),
  'source.recovered': info('A step of the fallback of a late source is over.', { source: 'word', step: 'word' }),
  'stock.history-not-read': warn(
    'The ERP does not let its user read what counts or receipts were in the past; what was known of it before goes on.',
    {
      connection: 'connection',
      code: 'word',
    },
  ),
  'stock.published': info('So many levels of stock were found changed and are being sent to the channels.', { levels: 'number' }),

  'parcel.moved': debug('The carrier knows more of a parcel: where it is by now, and why where something is the matter.', {
    parcel: 'key',
    order: 'key',
    connection: 'connection',
    state: 'word',
    reason: 'word',
  }),
  'parcel.code-unknown': warn(
    'A carrier told of a parcel with a code that its table of codes does not have; the parcel stays where it was.',
    {
      connection: 'connection',
      code: 'word',
    },
  ),
  'label.unknown': warn(
    'A carrier has a paid label under a key of ours that the journal did not know; `outcome` is what follows: its purchase meets it, it is used or given back, or a person is told.',
    { connection: 'connection', order: 'key', outcome: 'word' },
  ),
  'parcel.not-read': warn('A carrier refused to tell of a parcel, which is asked after again at its time.', {
    connection: 'connection',
    parcel: 'key',
    code: 'word',
  }),

  'intent.done': info('A write to the outside was made, and what came of it is kept.', intent),
  'intent.fault': warn('A write to the outside failed this time; `outcome` says whether it may have had its effect.', {
    ...intent,
    code: 'word',
    outcome: 'word',
    vendorCode: 'word',
    requestId: 'word',
  }),
  'intent.unknown': warn('Nobody knows whether a write had its effect: it is looked up before anything else.', { ...intent, code: 'word' }),
  'intent.failed': error('A write was refused and will not succeed as it is; a person is told.', { ...intent, code: 'word' }),
  'intent.dead': error('A write was given up, or nobody but a person can tell what came of it; its order waits.', {
    ...intent,
    code: 'word',
  }),
  'intent.obsolete': debug('A write was let go, because nobody wants it any more.', intent),
  'intent.lease-lost': warn('A write ended after its lease had gone to another worker, whose word counts.', intent),
  'intents.recovered': warn('Writes that a dead process held were taken back.', { count: 'number' }),
  'retries.spread': warn('A connection has used up its budget of retries; they are spread.', { connection: 'connection', forMs: 'number' }),

  'circuit.opened': warn('A connection failed too often in a row and is left alone.', {
    connection: 'connection',
    code: 'word',
    forMs: 'number',
  }),
  'circuit.closed': info('A connection answers again.', { connection: 'connection' }),
  'connection.fault': warn('A step could not reach a connection, or was refused there; it is tried again at its turn.', {
    connection: 'connection',
    code: 'word',
    operation: 'word',
    vendorCode: 'word',
    requestId: 'word',
  }),
  'step.failed': error('A step failed by a defect of this program; it is tried again. `place` is where.', {
    step: 'key',
    error: 'word',
    place: 'place',
  }),
  'step.overtaken': info('A step was overtaken by another replica and wrote nothing.', { step: 'key' }),
  'step.repeated': warn('A step that others wait for failed by a fault which may pass, and is tried again.', {
    step: 'word',
    code: 'word',
    attempt: 'number',
  }),
  'lease.taken-over': warn('A replica took up what another one held when its lease ran out: that one died, or was held up.', {
    lease: 'key',
  }),

  'erp.problem': error('The ERP is not as it should be.', { connection: 'connection', what: 'words' }),
  'erp.note': info('Something about the ERP that is worth knowing.', { connection: 'connection', what: 'words' }),
  'erp.unreachable': warn('The ERP did not answer at the start; it is looked at again before the first write.', {
    connection: 'connection',
    code: 'word',
  }),

  'restored.began': warn('The journal came back from a backup: the world is read again, and nothing is sent until that is done.', {
    knowsUntil: 'instant',
  }),
  'restored.waiting': warn(
    'The world could not be read again yet; nothing is sent until it is. `code` is why, or that another replica reads it.',
    {
      connection: 'connection',
      code: 'word',
    },
  ),
  'restored.ended': info('The world was read again; `doubted` writes are looked up before they go.', {
    fresh: 'number',
    compared: 'number',
    adopted: 'number',
    held: 'number',
    labels: 'number',
    doubted: 'number',
  }),
  'drift.compared': info('Channels, ERP and journal were compared.', {
    orders: 'number',
    levels: 'number',
    positions: 'number',
    differences: 'number',
    mended: 'number',
    closed: 'number',
    by: 'caller',
  }),
  'drift.mended': info('A difference between channel, ERP and journal was to be mended; `outcome` is what came of it.', {
    cause: 'word',
    about: 'key',
    heal: 'word',
    outcome: 'word',
  }),

  'exception.escalated': warn('An exception has waited longer than its clock allows, and went on to somebody else; `step` is how often.', {
    code: 'word',
    about: 'key',
    step: 'number',
  }),

  'approval.asked': info('Something waits for the word of a person before it goes.', { flow: 'word', about: 'key', approval: 'word' }),

  'person.erasure-demanded': info(
    'A channel demanded that somebody be forgotten; `erased` is how many of the names that it knows them by were kept here.',
    {
      connection: 'connection',
      erased: 'number',
    },
  ),
  'webhook.rejected': warn('A webhook was not signed as it should be, and was thrown away.', { connection: 'connection', reason: 'words' }),
  'webhook.not-kept': error('A webhook could not be kept; the channel was asked to send it again.', { code: 'word', place: 'place' }),
  'webhook.turned-away': warn('More webhooks wait than are taken; the channel was asked to send it again later.', {
    connection: 'connection',
    reason: 'word',
  }),
  'control.unauthorized': warn('Somebody asked the control API without a token, or with an unknown one.', { path: 'key' }),
  'control.failed': error('A request to the control API failed by the journal or by a defect.', { code: 'word', place: 'place' }),
} as const satisfies Readonly<Record<string, Told<Fields>>>;

/** Something happened to an order: the events of its lifecycle, and `received`, which begins it. */
export const orderEvents = {
  level: 'info',
  says: 'Something happened to an order; `state` is where it stands after it.',
  fields: { order: 'key', state: 'word' },
} as const;

/** A person did something to the running system. */
export const operationEvents = {
  level: 'info',
  says: 'A person did something; why, and what it changed, is in the audit trail.',
  fields: { key: 'key', by: 'caller', role: 'word' },
} as const;

/** What can happen to an order, as the end of an event's name. */
export type OrderHappening = OrderEvent['kind'] | 'received';
export const orderHappenings: readonly string[] = ['received', ...Object.keys(orderLifecycle.open)];

type ValuesOf<Of> = { readonly [Field in keyof Of]: Of[Field] extends FieldKind ? FieldValues[Of[Field]] | null : never };
type Catalogued = { [Name in keyof typeof eventCatalogue]: { readonly event: Name } & ValuesOf<(typeof eventCatalogue)[Name]['fields']> };

/** An event of the catalogue with its fields; a field that is not known is null. */
export type KnownEvent = { readonly at: Instant } & (
  | Catalogued[keyof Catalogued]
  | ({ readonly event: `order.${OrderHappening}` } & ValuesOf<typeof orderEvents.fields>)
  | ({ readonly event: `operation.${string}` } & ValuesOf<typeof operationEvents.fields>)
);

/** What the catalogue says of an event's name; null for one that it does not know. */
export function toldOf(name: string): Told<Fields> | null {
  const listed: Readonly<Record<string, Told<Fields>>> = eventCatalogue;
  if (Object.hasOwn(listed, name)) return listed[name] ?? null;
  if (name.startsWith('order.') && orderHappenings.includes(name.slice('order.'.length))) return orderEvents;
  return /^operation\.[a-z-]{1,40}$/.test(name) ? operationEvents : null;
}

/** An event as it may leave the process. */
export type SafeEvent = Readonly<Record<string, unknown>> & { readonly at: Instant; readonly level: EventLevel; readonly event: string };

/**
 * What of an event may leave the process: the fields that the catalogue has for it, each in the form of its kind, without the secrets that `redact` knows. Everything else stays inside,
 * whoever logged it; of an event that the catalogue does not know only that there was one leaves.
 */
export function safeEvent(given: { readonly at: Instant; readonly event: string }, redact: (text: string) => string): SafeEvent {
  const { at: when, event, ...fields } = given;
  const told = toldOf(event);
  const moment = String(allowed('instant', when, redact));
  if (told === null) return { at: moment, level: 'error', event: 'event.unknown' };
  const values: Readonly<Record<string, unknown>> = fields;
  const safe = Object.entries(told.fields).map(([name, kind]) => [name, allowed(kind, values[name] ?? null, redact)]);
  return { at: moment, level: told.level, event, ...Object.fromEntries(safe) };
}

/** Where an error came from, as `file:line:column` of our own source; null when its stack does not say. It holds nothing of what the error says. */
export function placeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  return /([\w.-]+\.[jt]s:\d+:\d+)\)?$/m.exec(thrown.stack ?? '')?.[1] ?? null;
}

import type { CallGate, HttpEvent, RateLimiter } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { z, type ZodType } from 'zod';
import { connectionOf, type Answered } from './connection.ts';
import { isRaceText, odooFault, quoted } from './exceptions.ts';
import { rowsPerPage, type TimeoutClass } from './limits.ts';
import { openOffered, type Opened } from './offer.ts';
import { companySchema, languageSchema, loadReplySchema, userSchema } from './wire.ts';

/** Where an Odoo is and who we are there. */
export type OdooOptions = {
  /** Address of the server, such as `https://erp.example.com`. */
  readonly url: string;
  readonly database: string;
  readonly login: string;
  /** An API key works with all protocols; JSON-2 takes nothing else. */
  readonly secret: { readonly apiKey: string } | { readonly password: string };
  /**
   * Default `auto`, the best that the server offers and lets through: JSON-2 from Odoo 19 on when there is an API key, else JSON-RPC, else XML-RPC. XML-RPC (odoo-await) opens sockets of
   * its own, so it does not use `fetch` for its calls, and it reaches no Odoo below a path.
   */
  readonly transport?: TransportName | 'auto';
  /** Odoo's id of the company to work in; default the user's own. Records of other companies are not seen, whatever the user may see. */
  readonly companyId?: number;
  /** Language of names and of Odoo's texts, such as `de_DE`; it must be installed. Default English. */
  readonly lang?: string;
  /** How long calls may take, in milliseconds; default {@link timeoutsMs} of `limits.ts`. More than 300,000 needs a `fetch` that waits as long, because Node's own does not. */
  readonly timeoutsMs?: Partial<Readonly<Record<TimeoutClass, number>>>;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly fetch?: typeof fetch;
  readonly limiter?: RateLimiter;
  /** Bounds the calls of this connection that are under way at a time; default is without bound. */
  readonly gate?: CallGate;
  readonly onEvent?: (event: HttpEvent) => void;
  /** Told once the connection is open: the version, the transport, and why it was chosen. For the log. */
  readonly onConnect?: (connected: Pick<OdooClient, 'version' | 'transport'>) => void;
};

export type TransportName = 'json-2' | 'json-rpc' | 'xml-rpc';

/** A value as JSON carries it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type OdooCall = {
  readonly model: string;
  readonly method: string;
  /** The records to act on; absent for a method of the model itself. */
  readonly ids?: readonly number[];
  /** Arguments by name. */
  readonly args?: Readonly<Record<string, Json>>;
  /** Added to the context of every call: language, company and time zone. The time zone stays UTC whatever is given here, because another one changes what `load` writes. */
  readonly context?: Readonly<Record<string, Json>>;
  /** `always` for reads and for writes that may be made twice. */
  readonly repeat: 'always' | 'never';
  /** `read` also says that a broken answer means no effect. */
  readonly timeout: TimeoutClass;
  /** Instead of the time of its class. */
  readonly timeoutMs?: number;
  /** Ends the call: it rejects with the signal's reason, whether or not Odoo carried it out. */
  readonly signal?: AbortSignal;
};

/** One call over one of the protocols; the context is complete. */
export type Transport = { readonly name: TransportName; call(call: OdooCall): Promise<Answered<unknown>> };

/** How a call is made; `timeout` is its class. */
export type CallOptions = Partial<Pick<OdooCall, 'timeout' | 'timeoutMs' | 'signal'>>;

export type SearchRead = CallOptions & {
  /** Conditions in Odoo's prefix form; those that stand side by side must all hold. */
  readonly domain: readonly Json[];
  readonly fields: readonly string[];
  readonly limit?: number;
  /** Archived records too; default only active ones. */
  readonly archived?: boolean;
  readonly context?: Readonly<Record<string, Json>>;
};

/** Parses the rows of an answer all at once, where a schema per row would be too slow; it may change them in place. Throws a {@link RowIssue}. */
export type RowReader<T> = { readonly rows: (rows: readonly unknown[]) => T[] };

/** A row that is not as it should be: where, and why. Never its value. */
export class RowIssue extends Error {
  override readonly name = 'RowIssue';
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.path = path;
  }
}

/** Answer of {@link OdooClient.load}: the ids of the rows' records, or why none of them was written. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly ids: readonly number[] }
  /** `race`: another transaction was faster, the same load may be made again. */
  | {
      readonly kind: 'failed';
      readonly race: boolean;
      readonly messages: readonly LoadMessage[];
    };

/** Why an import failed. `record` is the place of the record in the table, counted from 0; Odoo names the first one for what befell all together, too. */
export type LoadMessage = { readonly record: number | null; readonly field: string | null; readonly text: string };

/** A connection to one Odoo database, the same for every protocol and version. Answers are parsed by the schema of the caller; every failure is a `ConnectorFault`. */
export type OdooClient = {
  /** Major version, such as 17. */
  readonly version: number;
  readonly transportName: TransportName;
  /** By which protocol we speak, and why by this one, for people. */
  readonly transport: { readonly name: TransportName; readonly reason: string };
  readonly user: { readonly id: number; readonly login: string; readonly email: string | null };
  readonly company: { readonly id: number; readonly name: string; readonly currency: string };
  call<T>(call: OdooCall, answer: ZodType<T>): Promise<T>;
  /** Rows by id; a many2one comes as a plain id, an empty value as false. Every row has `id`. */
  searchRead<T>(model: string, query: SearchRead, row: ZodType<T> | RowReader<T>): Promise<T[]>;
  /** The same for tables of any size, page by page along the id, so that rows written meanwhile shift nothing. Once its signal has ended it, the next page rejects. */
  pages<T extends { readonly id: number }>(
    model: string,
    query: Omit<SearchRead, 'limit'> & { readonly pageSize?: number },
    row: ZodType<T> | RowReader<T>,
  ): AsyncGenerator<T[], void>;
  /** Odoo's import: an atomic upsert of rows by external id. It raises nothing itself, so look at `kind`. Empty text empties a field. */
  load(
    model: string,
    fields: readonly string[],
    rows: readonly (readonly string[])[],
    repeat: 'always' | 'never',
    context?: Readonly<Record<string, Json>>,
    options?: CallOptions,
  ): Promise<Loaded>;
  create(
    model: string,
    values: readonly Readonly<Record<string, Json>>[],
    context?: Readonly<Record<string, Json>>,
    options?: CallOptions,
  ): Promise<number[]>;
  write(
    model: string,
    ids: readonly number[],
    values: Readonly<Record<string, Json>>,
    context?: Readonly<Record<string, Json>>,
    options?: CallOptions,
  ): Promise<void>;
  /**
   * Runs a method on records for its effect, and gives what it answers: mostly true, nothing, or a form that asks back and means that nothing was done. Over XML-RPC such a form looks
   * like nothing, too, when there is a None in it: look at the records.
   */
  act(
    model: string,
    method: string,
    ids: readonly number[],
    options?: CallOptions & Partial<Pick<OdooCall, 'args' | 'context' | 'repeat'>>,
  ): Promise<unknown>;
  /** Those of the fields that this Odoo has. */
  knownFields(model: string, fields: readonly string[], options?: CallOptions): Promise<ReadonlySet<string>>;
};

/**
 * Opens a connection: finds out the version, chooses the protocol, proves who we are, and that company and language are there. Throws `unauthorized` for a wrong login or key,
 * `misconfigured` for a wrong address, database, company or language.
 */
export async function connectOdoo(options: OdooOptions): Promise<OdooClient> {
  const client = await clientOf(await openOffered(connectionOf(options), options), options);
  options.onConnect?.({ version: client.version, transport: client.transport });
  return client;
}

const read = { repeat: 'always', timeout: 'read' } as const;

/** The user, after whose rights and companies the options are checked. */
async function userOf({ transport, uid }: Opened, { login, companyId }: OdooOptions): Promise<z.infer<typeof userSchema>> {
  const args = { fields: ['login', 'email', 'company_id', 'company_ids'], load: '' };
  const request: OdooCall = { model: 'res.users', method: 'read', ids: [uid], args, context: { tz: 'UTC' }, ...read };
  const [user] = parsed(await transport.call(request), z.array(userSchema), request);
  if (user === undefined) throw odooFault('unauthorized', 'connect', 'the user is not there any more', { advice: 'Check the login.' });
  if (user.login !== login)
    // JSON-2 looks at the key alone; the other protocols refuse the pair.
    throw odooFault('unauthorized', 'connect', 'the API key belongs to another login', {
      advice: 'A key belongs to the user who made it.',
    });
  if (companyId !== undefined && !user.company_ids.includes(companyId)) {
    const message = `there is no company ${companyId} that this user may work in; there are ${user.company_ids.join(', ')}`;
    throw odooFault('misconfigured', 'connect', message, { advice: 'Check `companyId`, or allow the user the company.' });
  }
  return user;
}

/** Odoo 17 ignores a language that it does not have, 18 and 19 refuse every call with it; so it is asked for beforehand, by a call without it. */
async function checkLanguage({ transport }: Opened, lang: string): Promise<void> {
  const args = { domain: [['active', '=', true]], fields: ['code'] };
  const request: OdooCall = { model: 'res.lang', method: 'search_read', args, context: { tz: 'UTC' }, ...read };
  const codes = parsed(await transport.call(request), z.array(languageSchema), request).map(({ code }) => code);
  if (codes.includes(lang)) return;
  throw odooFault('misconfigured', 'connect', `the language ${JSON.stringify(lang)} is not installed; there are ${codes.join(', ')}`, {
    advice: 'Check `lang`, or add the language in Odoo under Settings.',
  });
}

async function clientOf(opened: Opened, options: OdooOptions): Promise<OdooClient> {
  const { version, transport, reason } = opened;
  const user = await userOf(opened, options);
  const companyId = options.companyId ?? user.company_id;
  if (options.lang !== undefined) await checkLanguage(opened, options.lang);
  const base = { allowed_company_ids: [companyId], ...(options.lang === undefined ? {} : { lang: options.lang }) };

  async function answered(request: OdooCall): Promise<Answered<unknown>> {
    return transport.call({ ...request, context: { ...base, ...request.context, tz: 'UTC' } });
  }

  async function call<T>(request: OdooCall, answer: ZodType<T>): Promise<T> {
    return parsed(await answered(request), answer, request);
  }

  async function searchRead<T>(model: string, query: SearchRead, row: ZodType<T> | RowReader<T>): Promise<T[]> {
    const { domain, fields, limit, archived, context, ...how } = query;
    const request: OdooCall = {
      model,
      method: 'search_read',
      args: { domain, fields: [...fields], order: 'id', load: '', ...(limit === undefined ? {} : { limit }) },
      context: { ...context, ...(archived === true ? { active_test: false } : {}) },
      ...read,
      ...how,
    };
    const answer = await answered(request);
    return 'rows' in row ? rowsOf(answer, row, request) : parsed(answer, z.array(row), request);
  }

  const [company] = await call(
    { model: 'res.company', method: 'read', ids: [companyId], args: { fields: ['name', 'currency_id'] }, ...read },
    z.array(companySchema),
  );
  if (company === undefined)
    throw odooFault('misconfigured', 'connect', `there is no company ${companyId}`, { advice: 'Check `companyId`.' });

  return {
    version,
    transportName: transport.name,
    transport: { name: transport.name, reason },
    user: { id: user.id, login: user.login, email: user.email === false ? null : user.email },
    company: { id: company.id, name: company.name, currency: company.currency_id[1] },
    call,
    searchRead,
    async *pages(model, { pageSize = rowsPerPage, ...query }, row) {
      for (let last = 0; ;) {
        const rows = await searchRead(model, { ...query, domain: [['id', '>', last], ...query.domain], limit: pageSize }, row);
        if (rows.length > 0) yield rows;
        if (rows.length < pageSize) return;
        last = rows.at(-1)?.id ?? last;
      }
    },
    async load(model, fields, rows, repeat, context = {}, how = {}) {
      const data = rows.map((row) => [...row]);
      const request = { model, method: 'load', args: { fields: [...fields], data }, context, repeat, timeout: 'write' } as const;
      const reply = await call({ ...request, ...how }, loadReplySchema);
      if (reply.ids !== false) return { kind: 'loaded', ids: reply.ids };
      const messages = reply.messages.map(({ record, field, message }) => ({
        record: record ?? null,
        field: typeof field === 'string' ? field : null,
        text: quoted(message),
      }));
      return { kind: 'failed', race: messages.some(({ text }) => isRaceText(text)), messages };
    },
    create(model, values, context = {}, how = {}) {
      const args = { vals_list: values.map((value) => ({ ...value })) };
      return call({ model, method: 'create', args, context, repeat: 'never', timeout: 'write', ...how }, z.array(z.int()));
    },
    async write(model, ids, values, context = {}, how = {}) {
      const request = { model, method: 'write', ids, args: { vals: { ...values } }, context, repeat: 'always', timeout: 'write' } as const;
      await call({ ...request, ...how }, z.literal(true));
    },
    act: (model, method, ids, how = {}) => call({ model, method, ids, repeat: 'never', timeout: 'write', ...how }, z.unknown()),
    async knownFields(model, fields, how = {}) {
      const args = { allfields: [...fields], attributes: ['type'] };
      const known = await call({ model, method: 'fields_get', args, ...read, ...how }, z.record(z.string(), z.unknown()));
      return new Set(Object.keys(known));
    },
  };
}

function parsed<T>({ value, requestId }: Answered<unknown>, answer: ZodType<T>, request: OdooCall): T {
  const result = answer.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unexpected(request, requestId, issue?.path ?? [], issue?.message ?? 'unknown');
}

function rowsOf<T>({ value, requestId }: Answered<unknown>, row: RowReader<T>, request: OdooCall): T[] {
  if (!Array.isArray(value)) throw unexpected(request, requestId, [], 'there are no rows');
  try {
    return row.rows(value);
  } catch (error) {
    if (error instanceof RowIssue) throw unexpected(request, requestId, error.path, error.message);
    throw error;
  }
}

function unexpected(request: OdooCall, requestId: string, path: readonly PropertyKey[], message: string): Error {
  return odooFault(
    'malformed-reply',
    operationOf(request),
    `the answer has an unexpected shape at ${path.join('.') || 'its top'}: ${message}`,
    {
      outcome: request.timeout === 'read' ? 'not-applied' : 'unknown',
      requestId,
      advice: 'This version of Odoo, or a module in it, answers otherwise than the connector expects.',
    },
  );
}

/** Name of a call in faults and events, such as `sale.order.load`. */
export function operationOf(call: Pick<OdooCall, 'model' | 'method'>): string {
  return `${call.model}.${call.method}`;
}

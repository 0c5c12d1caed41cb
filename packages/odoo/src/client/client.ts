import { createHttp, memoryRateLimiter, systemClock, type Http, type HttpEvent, type RateLimiter } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { z, type ZodType } from 'zod';
import { isRaceText, odooFault, quoted } from './exceptions.ts';
import { jsonRpcTransport, jsonRpcVersion } from './json-rpc.ts';
import { json2Transport, webVersion } from './json-2.ts';
import { rowsPerPage, type TimeoutClass } from './limits.ts';
import { odooAwaitFetch, xmlRpcVersion } from './xml-rpc.ts';
import { companySchema, loadReplySchema, userSchema } from './wire.ts';

/** Where an Odoo is and who we are there. */
export type OdooOptions = {
  /** Address of the server, such as `https://erp.example.com`. */
  readonly url: string;
  readonly database: string;
  readonly login: string;
  /** An API key works with all protocols; JSON-2 takes nothing else. */
  readonly secret: { readonly apiKey: string } | { readonly password: string };
  /** Default `auto`: JSON-2 from Odoo 19 on when there is an API key, JSON-RPC otherwise. XML-RPC is for servers that allow nothing else. */
  readonly transport?: TransportName | 'auto';
  /** Odoo's id of the company to work in; default the user's own. */
  readonly companyId?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly fetch?: typeof fetch;
  readonly limiter?: RateLimiter;
  readonly onEvent?: (event: HttpEvent) => void;
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
  /** Added to the context of every call: time zone UTC and the company. */
  readonly context?: Readonly<Record<string, Json>>;
  /** `always` for reads and for writes that may be made twice. */
  readonly repeat: 'always' | 'never';
  readonly timeout: TimeoutClass;
  /** Ends the call: it rejects with the signal's reason, whether or not Odoo carried it out. */
  readonly signal?: AbortSignal;
};

/** One call over one of the protocols; the context is complete. */
export type Transport = { readonly name: TransportName; call(call: OdooCall): Promise<unknown> };

export type SearchRead = {
  /** Conditions in Odoo's prefix form; those that stand side by side must all hold. */
  readonly domain: readonly Json[];
  readonly fields: readonly string[];
  readonly limit?: number;
  /** Archived records too; default only active ones. */
  readonly archived?: boolean;
  readonly context?: Readonly<Record<string, Json>>;
  readonly signal?: AbortSignal;
};

/** Answer of {@link OdooClient.load}: the ids of the rows' records, or why none of them was written. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly ids: readonly number[] }
  /** `race`: another transaction was faster, the same load may be made again. */
  | {
      readonly kind: 'failed';
      readonly race: boolean;
      readonly messages: readonly { readonly field: string | null; readonly text: string }[];
    };

/** A connection to one Odoo database, the same for every protocol and version. Answers are parsed by the schema of the caller; every failure is a `ConnectorFault`. */
export type OdooClient = {
  /** Major version, such as 17. */
  readonly version: number;
  readonly transportName: TransportName;
  readonly user: { readonly id: number; readonly login: string; readonly email: string | null };
  readonly company: { readonly id: number; readonly name: string; readonly currency: string };
  call<T>(call: OdooCall, answer: ZodType<T>): Promise<T>;
  /** Rows by id; a many2one comes as a plain id, an empty value as false. Every row has `id`. */
  searchRead<T>(model: string, query: SearchRead, row: ZodType<T>): Promise<T[]>;
  /** The same for tables of any size, page by page along the id, so that rows written meanwhile shift nothing. */
  pages<T extends { readonly id: number }>(model: string, query: Omit<SearchRead, 'limit'>, row: ZodType<T>): AsyncGenerator<T[], void>;
  /** Odoo's import: an atomic upsert of rows by external id. It raises nothing itself, so look at `kind`. Empty text empties a field. */
  load(model: string, fields: readonly string[], rows: readonly (readonly string[])[], repeat: 'always' | 'never'): Promise<Loaded>;
  create(model: string, values: readonly Readonly<Record<string, Json>>[], context?: Readonly<Record<string, Json>>): Promise<number[]>;
  write(
    model: string,
    ids: readonly number[],
    values: Readonly<Record<string, Json>>,
    context?: Readonly<Record<string, Json>>,
  ): Promise<void>;
  /** Runs a method on records for its effect, and gives what it answers: mostly true, nothing, or a form that asks back and means that nothing was done. */
  act(
    model: string,
    method: string,
    ids: readonly number[],
    options?: Partial<Pick<OdooCall, 'args' | 'context' | 'repeat' | 'signal'>>,
  ): Promise<unknown>;
  /** Those of the fields that this Odoo has. */
  knownFields(model: string, fields: readonly string[]): Promise<ReadonlySet<string>>;
};

/**
 * Opens a connection: finds out the version, chooses the protocol, proves who we are. Throws `unauthorized` for a wrong login or key, `misconfigured` for a wrong address or
 * database.
 */
export async function connectOdoo(options: OdooOptions): Promise<OdooClient> {
  const url = options.url.replace(/\/+$/, '');
  const secret = 'apiKey' in options.secret ? options.secret.apiKey : options.secret.password;
  const clock = options.clock ?? systemClock;
  const httpOptions = {
    connector: 'odoo',
    clock,
    random: options.random ?? Math.random,
    limiter: options.limiter ?? memoryRateLimiter({}, clock),
    secrets: [secret],
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  };
  const http = createHttp(httpOptions);
  const given = { url, database: options.database, login: options.login, secret };
  const { version, name } = await choose(http, url, options);
  const opened =
    name === 'json-2'
      ? await json2Transport(http, given)
      : name === 'json-rpc'
        ? await jsonRpcTransport(http, given)
        : await jsonRpcTransport(createHttp({ ...httpOptions, fetch: odooAwaitFetch(given) }), given, 'xml-rpc');
  return clientOf(version, opened.transport, opened.uid, options.companyId);
}

async function choose(http: Http, url: string, options: OdooOptions): Promise<{ version: number; name: TransportName }> {
  const wanted = options.transport ?? 'auto';
  if (wanted === 'xml-rpc') return { version: await xmlRpcVersion(http, url), name: wanted };
  const version = (await webVersion(http, url)) ?? (await jsonRpcVersion(http, url));
  const json2Possible = version >= 19 && 'apiKey' in options.secret;
  if (wanted === 'json-2' && !json2Possible) {
    const message = version < 19 ? `JSON-2 needs Odoo 19, this is ${version}` : 'JSON-2 takes an API key, not a password';
    throw odooFault('misconfigured', 'connect', message, { advice: 'Use the transport `auto`.' });
  }
  return { version, name: wanted === 'auto' ? (json2Possible ? 'json-2' : 'json-rpc') : wanted };
}

async function clientOf(version: number, transport: Transport, uid: number, companyId: number | undefined): Promise<OdooClient> {
  const base = { tz: 'UTC', ...(companyId === undefined ? {} : { allowed_company_ids: [companyId] }) };

  async function call<T>(request: OdooCall, answer: ZodType<T>): Promise<T> {
    const value = await transport.call({ ...request, context: { ...base, ...request.context } });
    const parsed = answer.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw odooFault(
      'malformed-reply',
      operationOf(request),
      `the answer has an unexpected shape at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`,
      {
        outcome: request.timeout === 'read' ? 'not-applied' : 'unknown',
        advice: 'This version of Odoo, or a module in it, answers otherwise than the connector expects.',
      },
    );
  }

  const read = { repeat: 'always', timeout: 'read' } as const;

  async function searchRead<T>(model: string, query: SearchRead, row: ZodType<T>): Promise<T[]> {
    const args = {
      domain: query.domain,
      fields: [...query.fields],
      order: 'id',
      load: '',
      ...(query.limit === undefined ? {} : { limit: query.limit }),
    };
    const context = { ...query.context, ...(query.archived === true ? { active_test: false } : {}) };
    const signal = query.signal === undefined ? {} : { signal: query.signal };
    return call({ model, method: 'search_read', args, context, ...signal, ...read }, z.array(row));
  }

  const [user] = await call(
    { model: 'res.users', method: 'read', ids: [uid], args: { fields: ['login', 'email', 'company_id'], load: '' }, ...read },
    z.array(userSchema),
  );
  if (user === undefined) throw odooFault('unauthorized', 'connect', 'the user is not there any more', { advice: 'Check the login.' });
  const ofCompany = companyId ?? user.company_id;
  const [company] = await call(
    { model: 'res.company', method: 'read', ids: [ofCompany], args: { fields: ['name', 'currency_id'] }, ...read },
    z.array(companySchema),
  );
  if (company === undefined)
    throw odooFault('misconfigured', 'connect', `there is no company ${ofCompany}`, { advice: 'Check `companyId`.' });

  return {
    version,
    transportName: transport.name,
    user: { id: user.id, login: user.login, email: user.email === false ? null : user.email },
    company: { id: company.id, name: company.name, currency: company.currency_id[1] },
    call,
    searchRead,
    async *pages(model, query, row) {
      for (let last = 0; ;) {
        const rows = await searchRead(model, { ...query, domain: [['id', '>', last], ...query.domain], limit: rowsPerPage }, row);
        if (rows.length > 0) yield rows;
        if (rows.length < rowsPerPage) return;
        last = rows.at(-1)?.id ?? last;
      }
    },
    async load(model, fields, rows, repeat) {
      const data = rows.map((row) => [...row]);
      const reply = await call({ model, method: 'load', args: { fields: [...fields], data }, repeat, timeout: 'write' }, loadReplySchema);
      if (reply.ids !== false) return { kind: 'loaded', ids: reply.ids };
      const messages = reply.messages.map(({ field, message }) => ({
        field: typeof field === 'string' ? field : null,
        text: quoted(message),
      }));
      return { kind: 'failed', race: messages.some(({ text }) => isRaceText(text)), messages };
    },
    create(model, values, context = {}) {
      const args = { vals_list: values.map((value) => ({ ...value })) };
      return call({ model, method: 'create', args, context, repeat: 'never', timeout: 'write' }, z.array(z.int()));
    },
    async write(model, ids, values, context = {}) {
      await call(
        { model, method: 'write', ids, args: { vals: { ...values } }, context, repeat: 'always', timeout: 'write' },
        z.literal(true),
      );
    },
    act: (model, method, ids, options = {}) => call({ model, method, ids, repeat: 'never', timeout: 'write', ...options }, z.unknown()),
    async knownFields(model, fields) {
      const args = { allfields: [...fields], attributes: ['type'] };
      return new Set(Object.keys(await call({ model, method: 'fields_get', args, ...read }, z.record(z.string(), z.unknown()))));
    },
  };
}

/** Name of a call in faults and events, such as `sale.order.load`. */
export function operationOf(call: Pick<OdooCall, 'model' | 'method'>): string {
  return `${call.model}.${call.method}`;
}

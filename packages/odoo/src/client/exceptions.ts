import { ConnectorFault, type FaultCode, type FaultFacts, type FaultRetry } from '@quartermaster/domain';

/** An exception of the server as all three protocols report it: its Python name and its text. */
export type OdooException = { readonly name: string; readonly message: string };

type Meaning = {
  readonly code: FaultCode;
  readonly retry: FaultRetry['kind'] & ('never' | 'safely');
  readonly advice: string;
  /** Whether the exception's own text may be passed on: it is written for people, by Odoo. Texts of the database driver may hold rows. */
  readonly quotable: boolean;
};

/**
 * The fault of an exception. A reply with an exception says that the transaction was rolled back, so the call had no effect. The text is cut and cleaned of file paths; the
 * traceback that comes along is never used.
 */
export function faultOfException(exception: OdooException, operation: string, status?: number): ConnectorFault {
  const { code, retry, advice, quotable } = meaningOf(exception);
  return new ConnectorFault(code, {
    connector: 'odoo',
    operation,
    outcome: 'not-applied',
    retry: { kind: retry },
    vendorCode: nameOf(exception),
    message: quotable ? quoted(exception.message) : `the server raised ${nameOf(exception)}`,
    advice,
    ...(status === undefined ? {} : { status }),
  });
}

/** A fault of the connector's own finding. */
export function odooFault(
  code: FaultCode,
  operation: string,
  message: string,
  more: Partial<Pick<FaultFacts, 'outcome' | 'retry' | 'advice' | 'vendorCode' | 'status' | 'requestId'>> = {},
): ConnectorFault {
  return new ConnectorFault(code, {
    connector: 'odoo',
    operation,
    message,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    ...more,
  });
}

/** True for a text by which PostgreSQL refuses one of two transactions that met: the loser may simply try again. */
export function isRaceText(text: string): boolean {
  return /could not serialize access|deadlock detected|could not obtain lock/i.test(text);
}

/**
 * A text of the server that people may see: one line of at most 300 characters, without file paths, tracebacks, details of database rows, or what connects to the database. Names such
 * as WH/OUT/00012 stay.
 */
export function quoted(text: string): string {
  const line = text
    .replaceAll(/\b(?:DETAIL|Traceback \(most recent call last\)|CONTEXT|QUERY):[\s\S]*/g, '')
    .replaceAll(/\b[a-z][\w+.-]*:\/\/[^\s/@]*@\S*/gi, '…')
    .replaceAll(/\bpostgres(?:ql)?:\S+/gi, '…')
    .replaceAll(/\b(?:host|hostaddr|user|password|dbname|passfile)\s*=\s*(?:'[^']*'|\S+)/gi, '…')
    .replaceAll(/\b(?:[A-Za-z]:)?(?:\\[\w.$ -]+){2,}/g, '…')
    .replaceAll(/\\\\[\w.-]+(?:\\[\w.$-]+)+/g, '…')
    .replaceAll(/(?<![\w/])~?(?:\/[\w.@+-]+){2,}\/?/g, '…')
    .replaceAll(/[\w.@+/-]*\/[\w.@+/-]*\.(?:py[co]?|xml|js|conf|cfg|so|log|csv|po)\b/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** The Python name of an exception; what does not look like one is not passed on. */
function nameOf({ name }: OdooException): string {
  return /^[A-Za-z_][\w.]{0,99}$/.test(name) ? name : 'an exception without a name';
}

const callIsWrong = 'This Odoo does not know what the connector asks for: check its version and that Sales and Inventory are installed.';
const tryLater = 'Two changes met at the server and this one was undone; it can be made again.';

const meanings: Readonly<Record<string, Meaning>> = {
  'odoo.exceptions.UserError': {
    code: 'refused',
    retry: 'never',
    quotable: true,
    advice: 'Odoo refuses this by its rules: change the record there, or the request.',
  },
  'odoo.exceptions.RedirectWarning': { code: 'refused', retry: 'never', quotable: true, advice: 'Odoo asks for a setting first.' },
  'odoo.exceptions.ValidationError': {
    code: 'invalid-request',
    retry: 'never',
    quotable: true,
    advice: 'Odoo does not accept a value or a required one is missing.',
  },
  'odoo.exceptions.MissingError': { code: 'not-found', retry: 'never', quotable: true, advice: 'The record was deleted in Odoo.' },
  'odoo.exceptions.AccessError': {
    code: 'forbidden',
    retry: 'never',
    quotable: true,
    advice: 'Give the integration user the rights for Sales and Inventory, or the company.',
  },
  'odoo.exceptions.AccessDenied': {
    code: 'unauthorized',
    retry: 'never',
    quotable: false,
    advice: 'Check the login and the API key or password.',
  },
  'werkzeug.exceptions.Unauthorized': {
    code: 'unauthorized',
    retry: 'never',
    quotable: false,
    advice: 'Check the API key: it may be revoked or expired.',
  },
  'werkzeug.exceptions.Forbidden': {
    code: 'forbidden',
    retry: 'never',
    quotable: false,
    advice: 'Give the integration user the rights it needs.',
  },
  'werkzeug.exceptions.NotFound': { code: 'unsupported', retry: 'never', quotable: true, advice: callIsWrong },
  'werkzeug.exceptions.UnprocessableEntity': { code: 'invalid-request', retry: 'never', quotable: true, advice: callIsWrong },
  'builtins.AttributeError': { code: 'unsupported', retry: 'never', quotable: false, advice: callIsWrong },
  'builtins.ValueError': { code: 'invalid-request', retry: 'never', quotable: true, advice: callIsWrong },
  'builtins.TypeError': { code: 'invalid-request', retry: 'never', quotable: true, advice: callIsWrong },
};

function meaningOf({ name, message }: OdooException): Meaning {
  if (/SerializationFailure|DeadlockDetected|LockNotAvailable|TransactionRollback/.test(name) || isRaceText(message)) {
    return { code: 'conflict', retry: 'safely', quotable: false, advice: tryLater };
  }
  if (name.startsWith('psycopg2.') && /database .* does not exist/i.test(message)) {
    return {
      code: 'misconfigured',
      retry: 'never',
      quotable: false,
      advice: 'There is no database of that name on this server: check `database`.',
    };
  }
  if (name.startsWith('psycopg2.') && /too many clients|remaining connection slots|the database system is/i.test(message)) {
    return {
      code: 'server-error',
      retry: 'safely',
      quotable: false,
      advice: "PostgreSQL takes no connection at the moment: wait, or raise its `max_connections`, or lower Odoo's `db_maxconn`.",
    };
  }
  if (name === 'odoo.exceptions.UserError' && /^Object \S+ doesn't exist/.test(message)) {
    return { code: 'unsupported', retry: 'never', quotable: true, advice: callIsWrong };
  }
  if (/duplicate key value/.test(message)) return { code: 'conflict', retry: 'safely', quotable: false, advice: tryLater };
  return meanings[name] ?? { code: 'server-error', retry: 'safely', quotable: false, advice: 'Look into the log of the Odoo server.' };
}

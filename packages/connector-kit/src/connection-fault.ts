import { ConnectorFault, type FaultCode, type FaultOutcome } from '@quartermaster/domain';

/**
 * The fault of a request that got no whole answer, from the error of `fetch`. `answering` says that the status had arrived when it broke off: then the request surely did too. The
 * cause is left to the caller, who knows what must not be in it.
 */
export function connectionFault(given: {
  readonly connector: string;
  readonly operation: string;
  readonly url: string;
  readonly answering: boolean;
  readonly error: unknown;
  readonly cause: Error;
}): ConnectorFault {
  const failures = failuresOf(given.error);
  const vendorCode = failures.find((failure) => failure.code !== undefined)?.code;
  const meaning = given.answering ? answerMeaning(failures) : requestMeaning(failures);
  const detail = vendorCode === undefined ? '' : ` (${vendorCode})`;
  return new ConnectorFault(meaning.code, {
    connector: given.connector,
    operation: given.operation,
    outcome: meaning.outcome,
    retry: meaning.code === 'misconfigured' ? { kind: 'never' } : { kind: 'safely' },
    message: `${meaning.what} ${new URL(given.url).origin}${detail}`,
    advice: meaning.outcome === 'unknown' ? lookFirst : 'Check the address, the network and that the server runs.',
    ...(vendorCode === undefined ? {} : { vendorCode }),
    cause: given.cause,
  });
}

/** What to do when nobody knows whether the request was carried out. */
export const lookFirst = 'The request may have been carried out: it is looked up before it is made again.';

type Failure = { readonly name: string; readonly message: string; readonly code: string | undefined; readonly syscall: string | undefined };
type Meaning = { readonly code: FaultCode; readonly outcome: FaultOutcome; readonly what: string };

function requestMeaning(failures: readonly Failure[]): Meaning {
  if (failures.every(isMisconfigured)) return { code: 'misconfigured', outcome: 'not-applied', what: 'no trusted connection to' };
  if (failures.every(neverLeft)) return { code: 'unreachable', outcome: 'not-applied', what: 'no connection to' };
  return answerMeaning(failures);
}

function answerMeaning(failures: readonly Failure[]): Meaning {
  const codes = failures.map((failure) => failure.code ?? '');
  if (codes.some((code) => /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)))
    return { code: 'timeout', outcome: 'unknown', what: 'no answer in time from' };
  if (failures.some((failure) => failure.name === 'HTTPParserError') || codes.some((code) => code.startsWith('Z_'))) {
    return { code: 'malformed-reply', outcome: 'unknown', what: 'no readable answer from' };
  }
  return { code: 'unreachable', outcome: 'unknown', what: 'the connection broke off to' };
}

/**
 * Not one byte of the request can have arrived: the name was not found, or the connection not made. A host or network that is unreachable says so only while connecting; later the
 * same code can come from a connection that carried the request.
 */
function neverLeft(failure: Failure): boolean {
  if (failure.syscall === 'connect' || failure.syscall === 'getaddrinfo') return true;
  return failure.code !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(failure.code);
}

/** The TLS handshake failed before anything was sent (a certificate that is not trusted, a server that does not speak TLS), or `fetch` itself forbids the port. */
function isMisconfigured({ code, message }: Failure): boolean {
  if (code === undefined) return message === 'bad port';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return noCommonTls.test(`${code} ${message}`.replaceAll('_', ' '));
  return /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);
}

const noCommonTls = /wrong version number|packet length too long|unsupported protocol|alert protocol version|alert handshake failure/i;

/** The errors at the bottom. Connecting to a name with several addresses fails with one for each of them. */
function failuresOf(error: unknown, depth = 0): Failure[] {
  if (!(error instanceof Error) || depth > 8) return [{ name: '', message: '', code: undefined, syscall: undefined }];
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.flatMap((inner: unknown) => failuresOf(inner, depth + 1));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined && error.cause instanceof Error) return failuresOf(error.cause, depth + 1);
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : undefined;
  return [{ name: error.name, message: error.message, code, syscall }];
}

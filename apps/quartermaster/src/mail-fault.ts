import { ConnectorFault, type FaultCode, type FaultRetry } from '@quartermaster/domain';

/** The fault of a mail of which something may have `left`. The words of a mail server may hold addresses, so it has its codes alone. */
export function mailFault(error: unknown, left: boolean): ConnectorFault {
  const { code, responseCode, originalCode } = codesOf(error);
  const replied = responseCode !== null && (code === 'EAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE');
  const meaning = replied ? replyMeaning(code, responseCode) : brokenMeaning(code, originalCode);
  const outcome = left && !replied ? 'unknown' : 'not-applied';
  const vendorCode = [responseCode, code, originalCode].filter((each) => each !== null).join(' ');
  return new ConnectorFault(meaning.code, {
    connector: 'mail',
    operation: 'notify',
    outcome,
    retry: meaning.retry,
    message: `${meaning.what}${vendorCode === '' ? '' : ` (${vendorCode})`}`,
    advice: outcome === 'unknown' ? 'See in the mailbox whether the mail is there.' : meaning.advice,
    ...(vendorCode === '' ? {} : { vendorCode }),
  });
}

type Meaning = {
  readonly code: FaultCode;
  readonly what: string;
  readonly retry: FaultRetry;
  readonly advice: string;
};

const never = { kind: 'never' } as const;
const safely = { kind: 'safely' } as const;

/** What the server said itself. 4xx passes, such as a greylist; the rest does not. */
function replyMeaning(code: string, responseCode: number): Meaning {
  if (responseCode < 500)
    return {
      code: 'server-error',
      what: 'the mail server takes nothing now',
      retry: { kind: 'after', ms: 60_000 },
      advice: 'Nothing: it is tried again.',
    };
  if (code === 'EAUTH')
    return {
      code: 'unauthorized',
      what: 'the mail server refused the login',
      retry: never,
      advice: 'Check user and password in the secret of its url.',
    };
  return {
    code: 'refused',
    what: 'the mail server refused the mail',
    retry: never,
    advice: 'Check sender and recipients in the config, and what the server allows to this login.',
  };
}

function brokenMeaning(code: string | null, originalCode: string | null): Meaning {
  if (code === 'ETLS' || code === 'EREQUIRETLS' || /CERT|SELF_SIGNED|ALTNAME/.test(originalCode ?? ''))
    return {
      code: 'misconfigured',
      what: 'no encrypted and trusted connection to the mail server',
      retry: never,
      advice: 'Check its address and certificate; a relay without TLS on the same machine needs `tls: offered`.',
    };
  if (code === 'EAUTH')
    return {
      code: 'misconfigured',
      what: 'the mail server offers no login that we know',
      retry: never,
      advice: 'Check its address and port.',
    };
  if (code === 'ETIMEDOUT')
    return {
      code: 'timeout',
      what: 'the mail server did not answer in time',
      retry: safely,
      advice: 'Nothing at first: it is tried again.',
    };
  if (code === 'EPROTOCOL')
    return {
      code: 'malformed-reply',
      what: 'what answers does not speak SMTP',
      retry: safely,
      advice: 'Check address and port of the mail server.',
    };
  return {
    code: 'unreachable',
    what: 'no connection to the mail server',
    retry: safely,
    advice: 'Check its address, the network and that it runs.',
  };
}

function codesOf(error: unknown): {
  readonly code: string | null;
  readonly responseCode: number | null;
  readonly originalCode: string | null;
} {
  const said = (name: string): unknown => (typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined);
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const responseCode = said('responseCode');
  return {
    code: text(said('code')),
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    originalCode: text(said('originalCode')),
  };
}

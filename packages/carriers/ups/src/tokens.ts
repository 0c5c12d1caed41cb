import { parseReply, type Http } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { wireTokenSchema } from './wire.ts';

/** Gives an access token. Asked again, with the token that UPS rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

/** Of an app in UPS's developer portal that is bound to the account. */
export type UpsCredentials = { readonly clientId: string; readonly clientSecret: string };

/** A token is renewed so long before it runs out, because a call may wait for its turn. UPS's live four hours. */
const renewBeforeMs = 300_000;
const operation = 'token.grant';

/** One access token by client credentials for all calls: renewed by one request however many wait for it. Asking has no effect that could be doubled, so it is repeated as a read is. */
export function tokenSource(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: UpsCredentials;
  readonly accountNumber: string;
  readonly clock: Clock;
}): TokenSource {
  const { http, origin, credentials, clock } = given;
  let held: { readonly token: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;

  return async ({ rejected }) => {
    if (held !== null && held.token !== rejected && epochMs(clock.now()) < held.until) return held.token;
    renewing ??= fresh().finally(() => {
      renewing = null;
    });
    return renewing;
  };

  async function fresh(): Promise<string> {
    const reply = await http({
      operation,
      method: 'POST',
      url: `${origin}/security/v1/oauth/token`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'x-merchant-id': given.accountNumber,
        authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
      repeat: 'always',
      judge: ({ status }) => (status === 400 || status === 401 ? wrongKeys(status) : undefined),
    });
    const granted = parseReply(wireTokenSchema, reply, { connector, operation, outcome: 'not-applied' });
    const lifeMs = granted.expires_in * 1_000;
    held = { token: granted.access_token, until: epochMs(clock.now()) + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return granted.access_token;
  }
}

function wrongKeys(status: number): ConnectorFault {
  return new ConnectorFault('unauthorized', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    status,
    message: 'UPS does not take the client id and secret',
    advice: 'Compare them with the app in the developer portal, and see that it is bound to the account and the host (test or production).',
  });
}

import { parseReply, type Http } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { wireTokenSchema } from './wire.ts';

/** Gives an access token. Asked again, with the token that FedEx rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

/** API key and secret key of a project in FedEx's developer portal. */
export type FedexCredentials = { readonly clientId: string; readonly clientSecret: string };

/** A token is renewed so long before it runs out, because a call may wait for its turn. FedEx's live one hour. */
const renewBeforeMs = 300_000;
const operation = 'token.grant';

/** One access token by client credentials for all calls: renewed by one request however many wait for it. Asking has no effect that could be doubled, so it is repeated as a read is. */
export function tokenSource(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: FedexCredentials;
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
      url: `${origin}/oauth/token`,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      }).toString(),
      repeat: 'always',
      judge: ({ status }) => ([400, 401, 403].includes(status) ? wrongKeys(status) : undefined),
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
    message: 'FedEx does not take the API key and secret key',
    advice: 'Compare them with the project in the developer portal, and see that they are those of the host (test or production).',
  });
}

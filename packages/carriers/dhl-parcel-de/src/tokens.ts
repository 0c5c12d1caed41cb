import { parseReply, type Http } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { paths } from './limits.ts';
import { wireTokenSchema } from './wire.ts';

/** Gives an access token. Asked again, with the token that DHL rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

/** A user of the business customer portal (best a system user, whose password lives a year), and an app of DHL's developer portal. */
export type OauthCredentials = { readonly user: string; readonly password: string; readonly apiKey: string; readonly apiSecret: string };

/** A token is renewed so long before it runs out, because a call may wait for its turn. DHL's live half an hour. */
const renewBeforeMs = 120_000;
const operation = 'token.grant';

/** One access token by the password grant for all calls: renewed by one request however many wait for it. Asking has no effect that could be doubled, so it is repeated as a read is. */
export function tokenSource(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: OauthCredentials;
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
      url: `${origin}${paths.token}`,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'password',
        username: credentials.user,
        password: credentials.password,
        client_id: credentials.apiKey,
        client_secret: credentials.apiSecret,
      }).toString(),
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
    message: 'DHL does not take user, password, key and secret together',
    advice:
      'Log in to the business customer portal with the user (passwords run out: after a year for a system user, after 90 days for a person), and compare key and secret with the app in the developer portal of the same host (test or production).',
  });
}

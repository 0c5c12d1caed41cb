import { parseReply, type Http, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connectorName } from './connector-name.ts';
import { tokenSchema } from './wire.ts';

/** Gives an access token. Asked again, with the token that Walmart rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

/** Of the seller's own key pair in Walmart's developer portal. */
export type WalmartCredentials = { readonly clientId: string; readonly clientSecret: string };

/** A token is renewed so long before it runs out, because a call may wait for its turn. Walmart's live 15 minutes. */
const renewBeforeMs = 120_000;

/** Access tokens by client credentials: renewed by one request however many wait for it. Asking for a token has no effect that could be doubled, so it is repeated as a read is. */
export function tokenSource(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: WalmartCredentials;
  readonly clock: Clock;
  readonly commonHeaders: () => Readonly<Record<string, string>>;
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
    const operation = 'token.grant';
    let granted: { readonly access_token: string; readonly expires_in: number } | null = null;
    await http({
      operation,
      method: 'POST',
      url: `${origin}/v3/token`,
      headers: {
        ...given.commonHeaders(),
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
      repeat: 'always',
      judge(reply) {
        const fault = refusal(operation, reply);
        if (fault === undefined && reply.status < 300)
          granted = parseReply(tokenSchema, reply, { connector: connectorName, operation, outcome: 'not-applied' });
        return fault;
      },
    });
    return taken(granted);
  }

  function taken(granted: { readonly access_token: string; readonly expires_in: number } | null): string {
    if (granted === null)
      throw new ConnectorFault('malformed-reply', {
        connector: connectorName,
        operation: 'token.grant',
        outcome: 'not-applied',
        retry: { kind: 'safely' },
        message: 'the answer holds no token',
      });
    const lifeMs = granted.expires_in * 1_000;
    held = { token: granted.access_token, until: epochMs(clock.now()) + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return granted.access_token;
  }
}

/** A refused grant is a matter of keys, whichever of both statuses it has. */
function refusal(operation: string, reply: HttpReply): ConnectorFault | undefined {
  if (reply.status !== 400 && reply.status !== 401) return undefined;
  return new ConnectorFault('unauthorized', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    status: reply.status,
    message: 'Walmart does not take the client id and secret',
    advice: 'Compare them with the key of production (or of the sandbox, for its host) in the developer portal.',
  });
}

import { parseReply, type Http, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connectorName } from './connector-name.ts';
import { applicationScope } from './limits.ts';
import { tokenSchema } from './wire-application.ts';
import { errorAnswerSchema } from './wire.ts';

/** Gives an access token. Asked again, with the token that eBay rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

export type EbayCredentials = {
  /** App ID of the application's keyset. */
  readonly clientId: string;
  /** Cert ID of the same keyset. */
  readonly clientSecret: string;
  /** What the seller's grant gave, good for about 18 months; eBay does not rotate it. */
  readonly refreshToken: string;
};

/** A token is renewed so long before it runs out, because a call may wait for its turn. */
const renewBeforeMs = 300_000;

/** The seller's token: renewed from the refresh token every two hours, by one request however many wait for it. */
export function sellerToken(http: Http, origin: string, credentials: EbayCredentials, clock: Clock): TokenSource {
  return singleFlight(clock, () =>
    grant(http, origin, credentials, 'token.refresh', { grant_type: 'refresh_token', refresh_token: credentials.refreshToken }),
  );
}

/** The application's own token, for what belongs to no seller: public keys, destinations, quotas. eBay gives 1,000 a day, which last two hours each. */
export function applicationToken(http: Http, origin: string, credentials: EbayCredentials, clock: Clock): TokenSource {
  return singleFlight(clock, () =>
    grant(http, origin, credentials, 'token.application', { grant_type: 'client_credentials', scope: applicationScope }),
  );
}

type Granted = { readonly token: string; readonly lifeMs: number };

function singleFlight(clock: Clock, renew: () => Promise<Granted>): TokenSource {
  let held: { readonly token: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;

  return async ({ rejected }) => {
    const usable = held !== null && held.token !== rejected && epochMs(clock.now()) < held.until;
    if (held !== null && usable) return held.token;
    renewing ??= fresh().finally(() => {
      renewing = null;
    });
    return renewing;
  };

  async function fresh(): Promise<string> {
    const { token, lifeMs } = await renew();
    held = { token, until: epochMs(clock.now()) + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return token;
  }
}

/** Asking for a token has no effect that could be doubled, so it is repeated as a read is. */
async function grant(
  http: Http,
  origin: string,
  credentials: EbayCredentials,
  operation: string,
  form: Readonly<Record<string, string>>,
): Promise<Granted> {
  let granted: Granted | null = null;
  await http({
    operation,
    method: 'POST',
    url: `${origin}/identity/v1/oauth2/token`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams(form).toString(),
    repeat: 'always',
    judge(reply) {
      const fault = refusal(operation, reply);
      if (fault === undefined && reply.status < 300) {
        const answer = parseReply(tokenSchema, reply, { connector: connectorName, operation, outcome: 'not-applied' });
        granted = { token: answer.access_token, lifeMs: answer.expires_in * 1_000 };
      }
      return fault;
    },
  });
  if (granted !== null) return granted;
  throw new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    message: 'the answer holds no token',
  });
}

/** A refused grant is a matter of keys, whatever the status: eBay answers an ended refresh token with 400 `invalid_grant`. */
function refusal(operation: string, reply: HttpReply): ConnectorFault | undefined {
  if (reply.status !== 400 && reply.status !== 401) return undefined;
  const code = errorCodeIn(reply.text);
  const ended = code === 'invalid_grant';
  return new ConnectorFault('unauthorized', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    status: reply.status,
    message: ended ? 'the refresh token has ended, or the seller took the grant back' : 'eBay does not take the keys of the application',
    advice: ended
      ? 'Let the seller grant access again and store the new refresh token.'
      : 'Compare client id and client secret with the keyset.',
    ...(code === null ? {} : { vendorCode: code }),
  });
}

function errorCodeIn(text: string): string | null {
  try {
    const parsed = errorAnswerSchema.safeParse(JSON.parse(text));
    return parsed.success && typeof parsed.data.error === 'string' ? parsed.data.error.slice(0, 60) : null;
  } catch {
    return null;
  }
}

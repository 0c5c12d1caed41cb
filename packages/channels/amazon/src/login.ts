import { parseReply, statusFault, type Http, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { z } from 'zod';

/** What an app of Login with Amazon and a seller's consent consist of. All but `clientId` are secrets. */
export type LoginCredentials = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** For whom a token is: the seller who gave consent, or the app itself (creating destinations of notifications needs no seller). */
export type TokenFor = 'seller' | 'notifications';

/** Gives access tokens. `rejected` is one that Amazon did not take any more: then it gives another. */
export type AccessTokens = (whose: TokenFor, given?: { readonly rejected: string }) => Promise<string>;

/** A token is renewed so long before it ends: the longest that a call may be under way. */
const marginMs = 120_000;

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const errorSchema = z.object({ error: z.string() });

/**
 * Access tokens of Login with Amazon: each lives an hour, is renewed two minutes before its end, and however many calls want one, it is asked for once. Throws `unauthorized` where
 * Amazon does not know the app or the consent any more.
 */
export function accessTokens(given: {
  readonly http: Http;
  readonly credentials: LoginCredentials;
  /** `https://api.amazon.com`. */
  readonly origin: string;
  readonly clock: Clock;
  readonly connector: string;
}): AccessTokens {
  const { credentials, clock } = given;
  type Held = { readonly token: string; readonly until: number };
  const held = new Map<TokenFor, Held>();
  const asked = new Map<TokenFor, Promise<Held>>();

  async function ask(whose: TokenFor): Promise<Held> {
    const began = epochMs(clock.now());
    const app = { client_id: credentials.clientId, client_secret: credentials.clientSecret };
    const form =
      whose === 'seller'
        ? { grant_type: 'refresh_token', refresh_token: credentials.refreshToken, ...app }
        : { grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications', ...app };
    const reply = await given.http({
      operation: 'token',
      method: 'POST',
      url: `${given.origin}/auth/o2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: new URLSearchParams(form).toString(),
      repeat: 'always',
      judge: (answer) => loginFault(answer, given.connector, clock),
    });
    const wire = parseReply(tokenSchema, reply, { connector: given.connector, operation: 'token', outcome: 'not-applied' });
    const fresh = { token: wire.access_token, until: began + wire.expires_in * 1_000 - marginMs };
    held.set(whose, fresh);
    return fresh;
  }

  return async (whose, { rejected } = { rejected: '' }) => {
    const one = held.get(whose);
    if (one !== undefined && one.token !== rejected && epochMs(clock.now()) < one.until) return one.token;
    const pending = asked.get(whose) ?? ask(whose).finally(() => asked.delete(whose));
    asked.set(whose, pending);
    return (await pending).token;
  };
}

/** Login with Amazon answers a revoked consent with 400 `invalid_grant`: that is no bad request of ours, somebody must give consent anew. */
function loginFault(reply: HttpReply, connector: string, clock: Clock): ConnectorFault | undefined {
  if (reply.status !== 400 && reply.status !== 401) return undefined;
  const vendorCode = errorOf(reply);
  const fault = statusFault({
    connector,
    operation: 'token',
    reply: { ...reply, status: 401 },
    now: clock.now(),
    message: 'no access token',
  });
  return new ConnectorFault('unauthorized', {
    ...fault.facts,
    status: reply.status,
    advice: 'Check client id and secret; where they are right, the seller has to authorize the app again.',
    ...(vendorCode === null ? {} : { vendorCode }),
  });
}

function errorOf(reply: HttpReply): string | null {
  try {
    const parsed = errorSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? parsed.data.error : null;
  } catch {
    return null;
  }
}

import { grantedToken, keptToken, type AccessToken, type Http, type HttpReply } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { z } from 'zod';

/** What an app of Login with Amazon and a seller's consent consist of. All but `clientId` are secrets. */
export type LoginCredentials = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** For whom a token is: the seller who gave consent, or the app itself (creating destinations of notifications needs no seller). */
export type TokenFor = 'seller' | 'notifications';

/** The longest that a call may be under way. Amazon's live an hour. */
const renewBeforeMs = 120_000;

const errorSchema = z.object({ error: z.string() });

/** Access tokens of Login with Amazon, one of the seller's and one of the app's own. */
export function accessTokens(given: {
  readonly http: Http;
  readonly credentials: LoginCredentials;
  /** `https://api.amazon.com`. */
  readonly origin: string;
  readonly clock: Clock;
  readonly connector: string;
}): Readonly<Record<TokenFor, AccessToken>> {
  const { http, origin, clock, connector } = given;
  const { clientId, clientSecret, refreshToken } = given.credentials;
  const by = (form: Readonly<Record<string, string>>) =>
    keptToken({
      clock,
      renewBeforeMs,
      grant: () =>
        grantedToken({
          http,
          connector,
          operation: 'token',
          url: `${origin}/auth/o2/token`,
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
          grant: { ...form, client_id: clientId, client_secret: clientSecret },
          refusal,
        }),
    });
  return {
    seller: by({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    notifications: by({ grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications' }),
  };
}

/** Login with Amazon answers a revoked consent with 400 `invalid_grant`: that is no bad request of ours, somebody must give consent anew. */
function refusal(reply: HttpReply): { readonly message: string; readonly advice: string; readonly vendorCode?: string } {
  const vendorCode = errorOf(reply);
  return {
    message: 'no access token',
    advice: 'Check client id and secret; where they are right, the seller has to authorize the app again.',
    ...(vendorCode === null ? {} : { vendorCode }),
  };
}

function errorOf(reply: HttpReply): string | null {
  try {
    const parsed = errorSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? parsed.data.error : null;
  } catch {
    return null;
  }
}

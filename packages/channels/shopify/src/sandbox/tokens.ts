import { epochMs, type Clock } from '@quartermaster/domain';

/** The app of the Dev Dashboard that asks for tokens. */
export type SandboxOauthApp = { readonly clientId: string; readonly clientSecret: string };

export type SandboxTokens = {
  /** Whether a call with this token is let in. */
  admits(token: string | null): boolean;
  /** The merchant lets the app in: an expiring offline token with what refreshes it. */
  install(): { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: string };
  /** `POST /admin/oauth/access_token`. */
  answer(request: Request): Promise<{ readonly status: number; readonly body: unknown }>;
};

/** Seconds that tokens live: an offline token one hour, one of client credentials 24 hours, a refresh token 90 days. */
const offlineSeconds = 3_600;
const clientCredentialsSeconds = 86_399;
const refreshSeconds = 90 * 86_400;

type Grant = { readonly accessToken: string; readonly refreshToken: string | null; readonly until: number; readonly refreshUntil: number };

/**
 * Tokens of a shop: the one that never expires, if any, and those of an app. Of an app's expiring offline tokens only the newest is let in. A refresh token that was used works again until the
 * token that it gave is used (since August 2026): then the answer was not lost.
 */
export function sandboxTokens(clock: Clock, forever: string, app: SandboxOauthApp | null): SandboxTokens {
  let count = 0;
  let offline: { readonly grant: Grant; readonly usedToRefresh: string | null } | null = null;
  const credentials = new Map<string, number>();
  const now = () => epochMs(clock.now());

  function grantOffline(usedToRefresh: string | null): Grant {
    count += 1;
    const grant = {
      accessToken: `shpat_offline_${count}`,
      refreshToken: `shprt_refresh_${count}`,
      until: now() + offlineSeconds * 1_000,
      refreshUntil: now() + refreshSeconds * 1_000,
    };
    offline = { grant, usedToRefresh };
    return grant;
  }

  return {
    admits(token) {
      if (token === null) return false;
      if (token === forever) return true;
      if ((credentials.get(token) ?? 0) > now()) return true;
      if (offline?.grant.accessToken !== token || offline.grant.until <= now()) return false;
      offline = { grant: offline.grant, usedToRefresh: null };
      return true;
    },
    install() {
      const { accessToken, refreshToken, until } = grantOffline(null);
      return { accessToken, refreshToken: refreshToken ?? '', expiresAt: new Date(until).toISOString() };
    },
    async answer(request) {
      const form = new URLSearchParams(await request.text());
      if (app === null || form.get('client_id') !== app.clientId || form.get('client_secret') !== app.clientSecret)
        return { status: 401, body: { error: 'invalid_client' } };
      if (form.get('grant_type') === 'client_credentials') {
        count += 1;
        const token = `shpat_credentials_${count}`;
        credentials.set(token, now() + clientCredentialsSeconds * 1_000);
        return { status: 200, body: { access_token: token, scope: '', expires_in: clientCredentialsSeconds } };
      }
      if (form.get('grant_type') !== 'refresh_token') return { status: 400, body: { error: 'unsupported_grant_type' } };
      const given = form.get('refresh_token');
      const known = given !== null && offline !== null && (offline.grant.refreshToken === given || offline.usedToRefresh === given);
      if (!known || offline === null || offline.grant.refreshUntil <= now()) return { status: 400, body: { error: 'invalid_grant' } };
      const grant = grantOffline(given);
      return {
        status: 200,
        body: {
          access_token: grant.accessToken,
          scope: '',
          expires_in: offlineSeconds,
          refresh_token: grant.refreshToken,
          refresh_token_expires_in: refreshSeconds,
        },
      };
    },
  };
}

import { digits, next, nowMs, type AmazonState } from './state.ts';
import { fingerprint } from '@quartermaster/connector-kit';

/** Login with Amazon: gives tokens that live an hour, to who knows the app and the seller's consent. */
export type Login = {
  token(request: Request): Promise<Response>;
  /** For whom a token is that lives still; null of any other. */
  holder(token: string | null): 'seller' | 'app' | 'expired' | null;
  /** Ends all tokens, as Amazon may. */
  revoke(): void;
  /** Every token that was given. */
  readonly given: string[];
};

export function loginOf(state: AmazonState, app: { clientId: string; clientSecret: string; refreshToken: string }): Login {
  const tokens = new Map<string, { readonly whose: 'seller' | 'app'; until: number }>();
  const given: string[] = [];
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': `login-${next(state, 'request')}` },
    });
  return {
    given,
    async token(request) {
      const form = new URLSearchParams(await request.text());
      if (form.get('client_id') !== app.clientId || form.get('client_secret') !== app.clientSecret) {
        return answer(401, { error: 'invalid_client', error_description: 'Client authentication failed' });
      }
      const grant = form.get('grant_type');
      if (grant === 'refresh_token' && form.get('refresh_token') !== app.refreshToken) {
        return answer(400, { error: 'invalid_grant', error_description: 'The request has an invalid grant parameter : refresh_token' });
      }
      if (grant === 'client_credentials' ? form.get('scope') !== 'sellingpartnerapi::notifications' : grant !== 'refresh_token') {
        return answer(400, { error: 'unsupported_grant_type', error_description: 'The grant is not supported' });
      }
      const token = `Atza|${digits(8, 'token', String(next(state, 'token')))}${fingerprint(app.clientId, String(given.length)).slice(0, 40)}`;
      tokens.set(token, { whose: grant === 'refresh_token' ? 'seller' : 'app', until: nowMs(state) + 3_600_000 });
      given.push(token);
      return answer(200, { access_token: token, token_type: 'bearer', expires_in: 3_600 });
    },
    holder(token) {
      const found = tokens.get(token ?? '');
      if (found === undefined) return null;
      return nowMs(state) < found.until ? found.whose : 'expired';
    },
    revoke() {
      for (const token of tokens.values()) token.until = 0;
    },
  };
}

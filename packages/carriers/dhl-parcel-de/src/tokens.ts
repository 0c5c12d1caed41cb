import { grantedToken, keptToken, type AccessToken, type Http } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { paths } from './limits.ts';

/** A user of the business customer portal (best a system user, whose password lives a year), and an app of DHL's developer portal. */
export type OauthCredentials = { readonly user: string; readonly password: string; readonly apiKey: string; readonly apiSecret: string };

/** DHL's live half an hour. */
const renewBeforeMs = 120_000;

/** One access token by the password grant for all calls. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: OauthCredentials;
  readonly clock: Clock;
}): AccessToken {
  const { http, origin, credentials, clock } = given;
  const { user, password, apiKey, apiSecret } = credentials;
  const grant = () =>
    grantedToken({
      http,
      connector,
      operation: 'token.grant',
      url: `${origin}${paths.token}`,
      grant: { grant_type: 'password', username: user, password, client_id: apiKey, client_secret: apiSecret },
      refusal: () => ({
        message: 'DHL does not take user, password, key and secret together',
        advice:
          'Log in to the business customer portal with the user (passwords run out: after a year for a system user, after 90 days for a person), and compare key and secret with the app in the developer portal of the same host (test or production).',
      }),
    });
  return keptToken({ clock, renewBeforeMs, grant });
}

import { grantedToken, keptToken, type AccessToken, type Http } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';

/** API key and secret key of a project in FedEx's developer portal. */
export type FedexCredentials = { readonly clientId: string; readonly clientSecret: string };

/** FedEx's live one hour. */
const renewBeforeMs = 300_000;

/** One access token by client credentials for all calls. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: FedexCredentials;
  readonly clock: Clock;
}): AccessToken {
  const { http, origin, credentials, clock } = given;
  const grant = () =>
    grantedToken({
      http,
      connector,
      operation: 'token.grant',
      url: `${origin}/oauth/token`,
      grant: { grant_type: 'client_credentials', client_id: credentials.clientId, client_secret: credentials.clientSecret },
      refusedBy: [400, 401, 403],
      refusal: () => ({
        message: 'FedEx does not take the API key and secret key',
        advice: 'Compare them with the project in the developer portal, and see that they are those of the host (test or production).',
      }),
    });
  return keptToken({ clock, renewBeforeMs, grant });
}

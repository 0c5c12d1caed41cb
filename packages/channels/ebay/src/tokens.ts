import { grantedToken, keptToken, type AccessToken, type Http, type HttpReply } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connectorName } from './connector-name.ts';
import { applicationScope } from './limits.ts';
import { errorAnswerSchema } from './wire.ts';

export type EbayCredentials = {
  /** App ID of the application's keyset. */
  readonly clientId: string;
  /** Cert ID of the same keyset. */
  readonly clientSecret: string;
  /** What the seller's grant gave, good for about 18 months; eBay does not rotate it. */
  readonly refreshToken: string;
};

/** eBay's live two hours. */
const renewBeforeMs = 300_000;

/** The seller's token: renewed from the refresh token. */
export function sellerToken(http: Http, origin: string, credentials: EbayCredentials, clock: Clock): AccessToken {
  const grant = { grant_type: 'refresh_token', refresh_token: credentials.refreshToken };
  return tokenBy(grant, 'token.refresh', { http, origin, credentials, clock });
}

/** The application's own token, for what belongs to no seller: public keys, destinations, quotas. eBay gives 1,000 a day. */
export function applicationToken(http: Http, origin: string, credentials: EbayCredentials, clock: Clock): AccessToken {
  const grant = { grant_type: 'client_credentials', scope: applicationScope };
  return tokenBy(grant, 'token.application', { http, origin, credentials, clock });
}

function tokenBy(
  form: Readonly<Record<string, string>>,
  operation: string,
  given: { readonly http: Http; readonly origin: string; readonly credentials: EbayCredentials; readonly clock: Clock },
): AccessToken {
  const { http, origin, credentials, clock } = given;
  const grant = () =>
    grantedToken({
      http,
      connector: connectorName,
      operation,
      url: `${origin}/identity/v1/oauth2/token`,
      headers: { authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}` },
      grant: form,
      refusal,
    });
  return keptToken({ clock, renewBeforeMs, grant });
}

/** eBay answers an ended refresh token with 400 `invalid_grant`. */
function refusal(reply: HttpReply): { readonly message: string; readonly advice: string; readonly vendorCode?: string } {
  const code = errorCodeIn(reply.text);
  const ended = code === 'invalid_grant';
  return {
    message: ended ? 'the refresh token has ended, or the seller took the grant back' : 'eBay does not take the keys of the application',
    advice: ended
      ? 'Let the seller grant access again and store the new refresh token.'
      : 'Compare client id and client secret with the keyset.',
    ...(code === null ? {} : { vendorCode: code }),
  };
}

function errorCodeIn(text: string): string | null {
  try {
    const parsed = errorAnswerSchema.safeParse(JSON.parse(text));
    return parsed.success && typeof parsed.data.error === 'string' ? parsed.data.error.slice(0, 60) : null;
  } catch {
    return null;
  }
}

import { grantedToken, keptToken, parseReply, type AccessToken, type Http } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { paymentTokenLifeMs } from './limits.ts';
import { wirePaymentSchema } from './wire.ts';

/** Of an app in USPS's developer portal. */
export type UspsCredentials = { readonly clientId: string; readonly clientSecret: string };

/** Who pays for labels and whose numbers they have, from the Business Customer Gateway. */
export type PostageAccount = {
  /** Customer registration, 2 to 18 digits. */
  readonly crid: string;
  /** Mailer id for labels and for manifests, 6 or 9 digits each. */
  readonly mid: string;
  readonly manifestMid: string;
  readonly pays:
    | { readonly type: 'EPS'; readonly accountNumber: string }
    | { readonly type: 'PERMIT'; readonly permitNumber: string; readonly zipCode: string };
  /** Whether prices are those of a contract of this account's. */
  readonly hasContract: boolean;
};

/** USPS's tokens live eight hours. */
const renewBeforeMs = 300_000;

/** An access token by client credentials for all calls. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: UspsCredentials;
  readonly clock: Clock;
}): AccessToken {
  const { http, origin, credentials, clock } = given;
  const grant = () =>
    grantedToken({
      http,
      connector,
      operation: 'token.grant',
      url: `${origin}/oauth2/v3/token`,
      as: 'json',
      grant: { client_id: credentials.clientId, client_secret: credentials.clientSecret, grant_type: 'client_credentials' },
      refusal: () => ({
        message: 'USPS does not take the client id and secret',
        advice: 'Compare them with the app in the developer portal, and see that it is of this environment (production or test).',
      }),
    });
  return keptToken({ clock, renewBeforeMs, grant });
}

/** A payment authorization for all labels of eight hours: "should not be called for every label" (Payments 3.0). */
export function paymentTokens(given: {
  readonly authorize: (
    body: unknown,
  ) => Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }>;
  readonly account: PostageAccount;
  readonly clock: Clock;
}): AccessToken {
  const grant = async () => {
    const reply = await given.authorize({ roles: rolesOf(given.account) });
    const granted = parseReply(wirePaymentSchema, reply, { connector, operation: paymentOperation, outcome: 'not-applied' });
    return { token: granted.paymentAuthorizationToken, lifeMs: paymentTokenLifeMs };
  };
  return keptToken({ clock: given.clock, renewBeforeMs, grant });
}

export const paymentOperation = 'payment.authorize';

/** Who pays, whose numbers the labels have, and with a contract whose prices hold. */
export function rolesOf({ crid, mid, manifestMid, pays, hasContract }: PostageAccount): readonly Readonly<Record<string, string>>[] {
  const party = { CRID: crid, MID: mid, manifestMID: manifestMid };
  const account: Record<string, string> =
    pays.type === 'EPS'
      ? { accountType: 'EPS', accountNumber: pays.accountNumber }
      : { accountType: 'PERMIT', permitNumber: pays.permitNumber, permitZIP: pays.zipCode };
  return [
    { roleName: 'PAYER', ...party, ...account },
    { roleName: 'LABEL_OWNER', ...party },
    ...(hasContract ? [{ roleName: 'RATE_HOLDER', ...party, ...account }] : []),
  ];
}

import { parseReply, type Http } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import { connector } from './faults.ts';
import { paymentTokenLifeMs } from './limits.ts';
import { wirePaymentSchema, wireTokenSchema } from './wire.ts';

/** Gives a token. Asked again, with the token that USPS rejected, after a 401. */
export type TokenSource = (given: { readonly rejected: string | null }) => Promise<string>;

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

/** A token is renewed so long before it runs out, because a call may wait for its turn. USPS's live eight hours. */
const renewBeforeMs = 300_000;

/** An access token by client credentials for all calls. Asking has no effect that could be doubled, so it is repeated as a read is. */
export function accessTokens(given: {
  readonly http: Http;
  readonly origin: string;
  readonly credentials: UspsCredentials;
  readonly clock: Clock;
}): TokenSource {
  const { http, origin, credentials, clock } = given;
  const operation = 'token.grant';
  return kept(clock, async () => {
    const reply = await http({
      operation,
      method: 'POST',
      url: `${origin}/oauth2/v3/token`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        grant_type: 'client_credentials',
      }),
      repeat: 'always',
      judge: ({ status }) => (status === 400 || status === 401 ? wrongKeys(operation, status) : undefined),
    });
    const granted = parseReply(wireTokenSchema, reply, { connector, operation, outcome: 'not-applied' });
    return { token: granted.access_token, lifeMs: granted.expires_in * 1_000 };
  });
}

/** A payment authorization for all labels of eight hours: "should not be called for every label" (Payments 3.0). */
export function paymentTokens(given: {
  readonly authorize: (
    body: unknown,
  ) => Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }>;
  readonly account: PostageAccount;
  readonly clock: Clock;
}): TokenSource {
  return kept(given.clock, async () => {
    const reply = await given.authorize({ roles: rolesOf(given.account) });
    const granted = parseReply(wirePaymentSchema, reply, { connector, operation: paymentOperation, outcome: 'not-applied' });
    return { token: granted.paymentAuthorizationToken, lifeMs: paymentTokenLifeMs };
  });
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

/** Holds a token until shortly before its end, and renews it by one request however many wait for it. */
function kept(clock: Clock, fresh: () => Promise<{ readonly token: string; readonly lifeMs: number }>): TokenSource {
  let held: { readonly token: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const asked = epochMs(clock.now());
    const { token, lifeMs } = await fresh();
    held = { token, until: asked + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return token;
  }

  return async ({ rejected }) => {
    if (held !== null && held.token !== rejected && epochMs(clock.now()) < held.until) return held.token;
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    return renewing;
  };
}

function wrongKeys(operation: string, status: number): ConnectorFault {
  return new ConnectorFault('unauthorized', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    status,
    message: 'USPS does not take the client id and secret',
    advice: 'Compare them with the app in the developer portal, and see that it is of this environment (production or test).',
  });
}

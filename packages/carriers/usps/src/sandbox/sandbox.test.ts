import { describe, expect, test } from 'vitest';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { labelDraftOf, type Terms } from '../label-draft.ts';
import { optionsDraftOf } from '../options.ts';
import { account, ada, keys, postage, request, zone } from '../testing/account.ts';
import { dimensionalPounds, lengthAndGirth } from './tariff.ts';
import { isTrackingNumber } from './tracking-number.ts';

const terms: Terms = {
  mailClass: 'USPS_GROUND_ADVANTAGE',
  rateIndicator: 'SP',
  processingCategory: 'MACHINABLE',
  mailingDate: '2026-11-23',
};
const origin = 'https://usps.test';
const key = idempotencyKeyOf('intent', 1);

/** The vendor spoken to by hand, with both tokens. */
async function opened() {
  const { clock, sandbox } = account({ sandbox: { callsPerHour: 6_000 } });
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string>) => {
    const response = await sandbox.app(
      new Request(`${origin}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      }),
    );
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  };
  const granted = await send(
    'POST',
    '/oauth2/v3/token',
    { client_id: keys.clientId, client_secret: keys.clientSecret, grant_type: 'client_credentials' },
    {},
  );
  const { access_token: token }: { access_token: string } = JSON.parse(granted.text);
  const bearer = { authorization: `Bearer ${token}` };
  const roles = [
    { roleName: 'PAYER', CRID: postage.crid, accountType: 'EPS', accountNumber: '1000123456' },
    { roleName: 'LABEL_OWNER', CRID: postage.crid, MID: postage.mid, manifestMID: postage.manifestMid },
  ];
  const paid = await send('POST', '/payments/v3/payment-authorization', { roles }, bearer);
  const { paymentAuthorizationToken }: { paymentAuthorizationToken: string } = JSON.parse(paid.text);
  const common = { ...bearer, accept: 'application/vnd.usps.labels+json', 'x-payment-authorization-token': paymentAuthorizationToken };
  /** Status and code of the refusal, or the number of a label. */
  const call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const { status, text } = await send('POST', path, body, { ...common, ...headers });
    const answer: { error?: { errors: { code: string }[] }; trackingNumber?: string } = JSON.parse(text);
    return [status, answer.error?.errors[0]?.code ?? answer.trackingNumber ?? null];
  };
  return { call, clock, common, roles, sandbox, send };
}

describe('the sandbox of USPS', () => {
  test('wants its tokens, and new ones after eight hours', async () => {
    const { call, clock } = await opened();
    const draft = labelDraftOf(request, terms);
    expect(await call('/labels/v3/label', draft, { authorization: 'Bearer other' })).toEqual([401, '401']);
    expect(await call('/labels/v3/label', draft, { 'x-payment-authorization-token': 'other' })).toEqual([401, '401']);
    await clock.sleep(8 * 3_600_000);
    expect(await call('/labels/v3/label', draft)).toEqual([401, '401']);
  });

  test.each<[string, (roles: Record<string, string>[]) => unknown[], string]>([
    ['a payer', (roles) => roles.slice(1), '160228'],
    ['an owner of the labels', (roles) => roles.slice(0, 1), '160229'],
    ['an account that it knows', ([payer, owner]) => [{ ...payer, accountNumber: '1' }, owner], '100001'],
    ['a mailer id', ([payer]) => [payer, { roleName: 'LABEL_OWNER', CRID: postage.crid }], '160221'],
  ])('authorizes no payment without %s', async (_, change, code) => {
    const { call, roles } = await opened();
    expect(await call('/payments/v3/payment-authorization', { roles: change(roles) })).toEqual([400, code]);
  });

  test('gives the same label for the same words under a key, and nothing for other words', async () => {
    const { call, sandbox } = await opened();
    const header = { 'x-idempotency-key': key };
    const first = await call('/labels/v3/label', labelDraftOf(request, terms), header);
    expect(await call('/labels/v3/label', labelDraftOf(request, terms), header)).toEqual(first);
    expect(await call('/labels/v3/label', labelDraftOf({ ...request, reference: 'other' }, terms), header)).toEqual([400, '00000XX']);
    expect(await call('/labels/v3/label', labelDraftOf(request, terms), { 'x-idempotency-key': 'intent-1' })).toEqual([400, '00000XX']);
    expect(sandbox.snapshot().labels).toHaveLength(1);
  });

  test('makes a label for every call that has no key', async () => {
    const { call, sandbox } = await opened();
    await call('/labels/v3/label', labelDraftOf(request, terms));
    await call('/labels/v3/label', labelDraftOf(request, terms));
    expect(new Set(sandbox.snapshot().labels.map(({ trackingNumber }) => trackingNumber)).size).toBe(2);
  });

  test.each<[string, Partial<typeof request>, Partial<Terms>, string]>([
    ['a day of mailing that is past', {}, { mailingDate: '2026-11-22' }, '160001'],
    ['a day of mailing in more than a week', {}, { mailingDate: '2026-12-01' }, '160001'],
    ['a rate that is not sold', {}, { rateIndicator: 'FB' }, '030002'],
    ['a mail class that there is not', {}, { mailClass: 'PIGEON_MAIL' }, '160090'],
    ['more than 70 pounds', { parcel: { ...request.parcel, grams: 31_752 } }, {}, '160098'],
    ['a parcel that is too long', { parcel: { ...request.parcel, millimetres: [2_500, 300, 200] } }, {}, '030008'],
    ['a long parcel as machinable', { parcel: { ...request.parcel, millimetres: [600, 100, 100] } }, {}, '030011'],
    ['a large light parcel at the price of its weight', { parcel: { ...request.parcel, millimetres: [500, 400, 400] } }, {}, '030007'],
    ['an address that nobody knows', { shipTo: { ...ada, lines: ['0 Nowhere'] } }, {}, '010005'],
    ['a ship without a customs form', { shipTo: { ...ada, lines: ['PSC 1 BOX 2'], region: 'AP', postalCode: '96201' } }, {}, '160120'],
  ])('refuses %s by its code', async (_, change, other, code) => {
    const { call } = await opened();
    expect(await call('/labels/v3/label', labelDraftOf({ ...request, ...change }, { ...terms, ...other }))).toEqual([400, code]);
  });

  test('refuses what its specification does not know, and what it misses', async () => {
    const { call } = await opened();
    const draft = labelDraftOf(request, terms);
    expect(await call('/labels/v3/label', { ...draft, note: 'x' })).toEqual([400, '030010']);
    expect(await call('/labels/v3/label', { ...draft, toAddress: undefined })).toEqual([400, '030010']);
  });

  test('gives labels in several parts to who does not ask for its own JSON', async () => {
    const { common, send } = await opened();
    const { text, type } = await send('POST', '/labels/v3/label', labelDraftOf(request, terms), { ...common, accept: 'application/json' });
    expect(type).toMatch(/^multipart\/form-data; boundary=/);
    expect(text).toContain('name="labelMetadata"');
  });

  test('has sixty calls an hour, and says when there are more', async () => {
    const { sandbox } = account();
    const asked = async () => (await sandbox.app(new Request(`${origin}/tracking/v3/tracking/1`))).status;
    const statuses = [];
    for (let call = 0; call < 6; call++) statuses.push(await asked());
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(sandbox.snapshot().callsRefused).toBe(1);
  });

  test('prices nothing that nobody takes, and asks a contract for its account', async () => {
    const { call } = await opened();
    const given = { account: postage, zone, now: '2026-11-23T06:10:00.000Z' };
    const options = optionsDraftOf(request, null, given);
    expect(await call('/shipments/v3/options/search', { ...options, pricingOptions: [{ priceType: 'CONTRACT' }] })).toEqual([
      400,
      '160154',
    ]);
    expect(await call('/shipments/v3/options/search', optionsDraftOf(request, 'PIGEON_MAIL', given))).toEqual([400, '030020']);
  });

  test('gives numbers that check themselves', async () => {
    const { call } = await opened();
    const [, number] = await call('/labels/v3/label', labelDraftOf(request, terms));
    expect(isTrackingNumber(String(number))).toBe(true);
    expect(['9405530900066611112089', '9405530900066611112088'].map(isTrackingNumber)).toEqual([true, false]);
  });

  test('bills the size of what is above a cubic foot: by 166 before 2026-07-12, by 139 and whole inches since', () => {
    const box = { weight: 1, length: 12.2, width: 12.2, height: 12.2 };
    expect([dimensionalPounds(box, '2026-07-11'), dimensionalPounds(box, '2026-07-12')]).toEqual([0, 16]);
    expect(dimensionalPounds({ ...box, length: 20 }, '2026-07-11')).toBe(18);
    expect(lengthAndGirth({ weight: 1, length: 10, width: 30, height: 5 })).toBe(60);
  });
});

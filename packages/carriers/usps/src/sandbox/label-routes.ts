import type { Context, Hono } from 'hono';
import { isMade, judged } from './label-rules.ts';
import { errorJson, metadataJson, partsResponse, pictureOf } from './replies.ts';
import { labelRequestSchema, reprintRequestSchema } from './requests.ts';
import type { SandboxWorld } from './sandbox.ts';
import type { Draft, StoredLabel } from './state.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const reprintLimit = 3;

/** Labels: bought under their keys, printed once more, given back. */
export function labelRoutes(app: Hono, world: SandboxWorld): void {
  const { state, account, bodyOf, invalid, services, today } = world;

  app.use('/labels/v3/*', async (context, next) => {
    if (state.isGoodPayment(context.req.header('x-payment-authorization-token') ?? '')) return next();
    return context.json(errorJson(401, 'Unauthorized', '401', 'The payment authorization token is not valid, or has run out.'), 401);
  });

  for (const isReturn of [false, true]) {
    app.post(isReturn ? '/labels/v3/return-label' : '/labels/v3/label', async (context) => {
      const json = await bodyOf(context);
      const parsed = labelRequestSchema.safeParse(json);
      if (!parsed.success) return invalid(context, parsed.error);
      const key = context.req.header('x-idempotency-key') ?? null;
      if (key !== null && !uuid.test(key)) return refuse(context, '00000XX', 'must be a UUID', 'X-Idempotency-Key');
      const verdict = judged(parsed.data, { isReturn, services: services(), hasContract: account.hasContract, today: today() });
      if ('refusal' in verdict) return refuse(context, verdict.refusal[0], verdict.refusal[2], verdict.refusal[1]);
      const words = `${isReturn} ${JSON.stringify(json)}`;
      const before = key === null ? null : state.boughtUnder(key);
      if (before !== null) return known(context, before, words);
      const draft: Draft = { key, words, isReturn, body: parsed.data, price: verdict.price, mailingDate: verdict.mailingDate };
      switch (world.trouble()) {
        case 'refused':
          return refuse(context, '030002', 'Could not find working sku from SSF ingredients', 'packageDescription');
        case 'failed':
          return unavailable(context);
        case 'failed-made':
          state.make(draft);
          return unavailable(context);
        case 'late':
          state.makeLater(draft);
          return unavailable(context);
        case null:
          return labelResponse(context, state.make(draft));
      }
    });
  }

  app.delete('/labels/v3/label/:trackingNumber', (context) => {
    const label = state.byNumber(context.req.param('trackingNumber'));
    if (label === null) return refuse(context, '160185', 'Order not found', 'trackingNumber');
    if (label.standing === 'canceled') return refuse(context, '160186', 'Order already canceled', 'trackingNumber');
    if (world.takesVoidRefusal()) return refuse(context, '160184', 'Order cannot be canceled', 'trackingNumber');
    if (label.isReturn) return refuse(context, '160187', 'Return label orders cannot be canceled', 'trackingNumber');
    if (label.scans.length > 0) return refuse(context, '00000XX', 'A refund request for this order cannot be submitted', 'trackingNumber');
    if (!state.isManifested(label)) {
      if (label.form !== null) return refuse(context, '160174', 'Labels associated with a scan form cannot be canceled', 'trackingNumber');
      label.standing = 'canceled';
      return context.json({ trackingNumber: label.trackingNumber, status: 'CANCELED' });
    }
    const day = state.centralDay();
    if (label.disputedOn === day)
      return refuse(context, '00000XX', 'A refund request for this order has already been submitted today', 'trackingNumber');
    label.standing = 'disputed';
    label.disputedOn = day;
    return context.json({ trackingNumber: label.trackingNumber, status: 'DISPUTED', disputeId: '104660' });
  });

  app.post('/labels/v3/label-reprint/:trackingNumber', (context) =>
    printAgain(context, state.byNumber(context.req.param('trackingNumber'))),
  );
  app.post('/labels/v3/label-reprint', (context) =>
    printAgain(context, state.boughtUnder(context.req.header('x-idempotency-key') ?? '')?.label ?? null),
  );

  async function printAgain(context: Context, label: StoredLabel | null): Promise<Response> {
    const parsed = reprintRequestSchema.safeParse(await bodyOf(context));
    if (!parsed.success) return invalid(context, parsed.error);
    const type = parsed.data.imageInfo?.imageType ?? 'PDF';
    if (label === null)
      return refuse(context, '160378', 'Tracking number not found for a mailing date within the last 45 days', 'trackingNumber');
    if (label.standing === 'canceled') return refuse(context, '160379', 'Canceled labels are unavailable for reprint', 'trackingNumber');
    if (label.standing === 'disputed') return refuse(context, '160380', 'Disputed labels are unavailable for reprint', 'trackingNumber');
    if (label.mailingDate < today())
      return refuse(context, '160381', 'Labels past their mailingDate are unavailable for reprint', 'trackingNumber');
    if (label.reprints >= reprintLimit)
      return refuse(context, '160382', `This label has reached the reprint limit of ${reprintLimit} reprints`, 'reprintInfo.reprintCount');
    if (!isMade(type)) return refuse(context, '160024', `the sandbox makes no ${type}`, 'imageInfo.imageType');
    label.reprints += 1;
    const names = namesOf(label);
    const image = pictureOf(label, type);
    const reprintInfo = { reprintNumber: label.reprints, reprintLimit };
    if (wantsJson(context)) return context.json({ [names.metadata]: metadataJson(label), [names.image]: image, reprintInfo });
    return partsResponse([
      { name: names.metadata, type: 'application/json', text: JSON.stringify(metadataJson(label)) },
      { name: names.image, type: 'application/pdf', text: image },
      { name: 'reprintInfo', type: 'application/json', text: JSON.stringify(reprintInfo) },
    ]);
  }

  function known(context: Context, before: { readonly words: string; readonly label: StoredLabel }, words: string): Response {
    // What USPS answers to other words under a key, and to a key whose label was given back, it does not say: the sandbox refuses both.
    if (before.words !== words) return refuse(context, '00000XX', 'The key was used for another request', 'X-Idempotency-Key');
    if (before.label.standing !== 'bought') return refuse(context, '160186', 'Order already canceled', 'X-Idempotency-Key');
    return labelResponse(context, before.label);
  }
}

/** As USPS does: the picture in the answer for who asks for its own type of JSON, else in a part of its own. */
function labelResponse(context: Context, label: StoredLabel): Response {
  const type = label.body.imageInfo?.imageType ?? 'PDF';
  if (!isMade(type)) return refuse(context, '160024', `the sandbox makes no ${type}`, 'imageInfo.imageType');
  const names = namesOf(label);
  const image = pictureOf(label, type);
  if (wantsJson(context)) return context.json({ ...metadataJson(label), [names.image]: image });
  return partsResponse([
    { name: names.metadata, type: 'application/json', text: JSON.stringify(metadataJson(label)) },
    { name: names.image, type: 'application/pdf', text: image },
  ]);
}

export function wantsJson(context: Context): boolean {
  return context.req.header('accept') === 'application/vnd.usps.labels+json';
}

function namesOf({ isReturn }: StoredLabel): { readonly metadata: string; readonly image: string } {
  return isReturn ? { metadata: 'returnLabelMetadata', image: 'returnLabelImage' } : { metadata: 'labelMetadata', image: 'labelImage' };
}

function refuse(context: Context, code: string, detail: string, parameter: string): Response {
  return context.json(errorJson(400, 'Bad Request', code, detail, parameter), 400);
}

function unavailable(context: Context): Response {
  return context.json(errorJson(503, 'Service Unavailable', '503', 'Service is unavailable.'), 503);
}

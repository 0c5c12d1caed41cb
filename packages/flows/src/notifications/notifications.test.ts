import { chatWebhook } from '@quartermaster/connector-kit';
import type { Notifier } from '@quartermaster/domain';
import { JournalError, type Intent } from '@quartermaster/journal';
import { expect, test } from 'vitest';
import { createEngine, settle, type Engine } from '../engine.ts';
import { exceptionPolicySchema } from '../exceptions/exception-policy.ts';
import { askApproval } from '../maturity/approvals.ts';
import { createOperations } from '../operations/operations.ts';
import { ada, openScene, type Scene } from '../testing/scene.ts';
import { notificationPolicySchema } from './notification-policy.ts';

const nine = '2026-11-23T09:00:00.000Z';
const told = { exceptions: { '*': ['ops'] }, escalations: { '*': ['ops'] }, approvals: ['ops'], freezes: ['ops'] };

/** A business whose people have a chat `ops`; what the chat shows, and how it answers. */
async function chatting(policy: object, given: { status?: () => number; notifier?: (chat: Notifier) => Notifier } = {}) {
  const scene = await openScene({
    settings: (settings) => ({
      ...settings,
      notifiers: [{ connection: 'ops' }],
      notifications: notificationPolicySchema.parse(policy),
      exceptions: exceptionPolicySchema.parse({ dueMinutes: { '*': 60 }, escalate: { '*': [{ afterMinutes: 0, to: 'lead' }] } }),
    }),
  });
  const shown: string[] = [];
  const chat = chatWebhook({
    connection: 'ops',
    url: 'https://chat.example/hook',
    clock: scene.clock,
    random: () => 0.5,
    fetch: (_url, init) => {
      const status = given.status?.() ?? 200;
      if (status === 200) shown.push(textOf(init?.body));
      return Promise.resolve(new Response('', { status }));
    },
  });
  const process = (notifier = chat): Engine => scene.restart({ notifiers: new Map([['ops', notifier]]) });
  scene.clock.advanceTo(nine);
  return { scene, shown, process, chat };
}

function textOf(body: unknown): string {
  const said: unknown = JSON.parse(String(body));
  return typeof said === 'object' && said !== null && 'text' in said ? String(said.text) : '';
}

async function turn(scene: Scene, engine: Engine): Promise<void> {
  await engine.tendExceptions();
  await settle(engine, scene.clock);
}

const raise = (scene: Scene, subjectKey = 'SKU-1', code = 'stock-refused', reason = 'the shop refused it') =>
  scene.journal.transaction((tx) => tx.exceptions.raise({ code, subjectKey, owner: 'operations', reason, at: scene.clock.now() }));

const notices = (scene: Scene): Promise<Intent[]> => scene.journal.read((tx) => tx.intents.list({ kinds: ['notify'], limit: 100 }));

test('nobody is told anything as long as the policy does not say so', async () => {
  const { scene, shown, process } = await chatting({});
  await raise(scene);

  await turn(scene, process());

  expect(shown).toEqual([]);
  expect(await notices(scene)).toEqual([]);
});

test('an exception is told with its code, its owner, the next action and the link', async () => {
  const { scene, shown, process } = await chatting({ exceptions: { 'stock-refused': ['ops'] }, link: 'https://qm.example/' });
  const id = await raise(scene);
  await raise(scene, 'erp', 'stock-not-listed');

  await turn(scene, process());

  expect(shown).toEqual([
    `Exception ${id} stock-refused, SKU-1: with operations. Next: Mend in the channel what it names; the level is set again by itself. https://qm.example/`,
  ]);
});

test('an escalation, an approval that waits and a freeze are told, each once however often it is looked', async () => {
  const { scene, shown, process } = await chatting({ ...told, exceptions: {} });
  const id = await raise(scene);
  const engine = process();
  await turn(scene, engine);
  expect(shown).toEqual([]);

  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  const approval = await scene.journal.transaction((tx) =>
    askApproval(tx, scene.context, {
      flow: 'sourcing',
      about: 'order-1',
      what: 'a plan',
      askedBy: 'quartermaster',
      needs: 'operator',
      carry: { kind: 'plan', decisionId: 'd', shipments: [] },
      parts: [1],
    }),
  );
  const asked = { requestId: 'request-1', by: 'mia', role: 'admin', reason: 'peak week of Ada' } as const;
  await createOperations(scene.context).freezeChanges(asked, { until: '2026-11-30T00:00:00.000Z' });
  for (let look = 0; look < 3; look++) await turn(scene, engine);

  expect(shown.toSorted()).toEqual([
    `Approval ${approval} (sourcing) of order-1 waits for the role operator. Next: \`qm approve ${approval}\` or \`qm reject ${approval}\`.`,
    expect.stringMatching(new RegExp(`^Exception ${id} stock-refused, SKU-1: waited too long and went to lead\\. Next: `)),
    'Policy and modes are frozen until 2026-11-30T00:00:00.000Z.',
  ]);
});

test('told once although the process dies between noting and telling', async () => {
  const { scene, shown, process } = await chatting(told);
  await raise(scene);
  await process().tendExceptions();

  const next = process();
  await next.recover();
  await turn(scene, next);
  await turn(scene, next);

  expect(shown).toHaveLength(1);
  expect(await notices(scene)).toMatchObject([{ state: 'done' }]);
});

test('told once although the process dies between telling and noting that it was told', async () => {
  const { scene, shown, process, chat } = await chatting(told);
  await raise(scene);
  const dying = process({
    ...chat,
    async make(notice, memo) {
      await chat.make(notice, memo);
      throw new JournalError('closed', 'the process is gone');
    },
  });
  await dying.tendExceptions();
  await expect(dying.work()).rejects.toThrow('the process is gone');

  const next = process();
  await next.recover();
  await turn(scene, next);
  await turn(scene, next);

  expect(shown).toHaveLength(1);
  expect(await notices(scene)).toMatchObject([{ state: 'dead', fault: { code: 'cannot-tell' } }]);
});

test('a notice holds no personal data: neither the customer nor what a vendor or a person wrote', async () => {
  const { scene, shown, process } = await chatting(told);
  const key = scene.order();
  await scene.engine.pull('shop');
  const { name } = (await scene.case(key)).order;
  await raise(scene, key, 'refunded-outside', `refund to ${ada.name}, ${ada.address1}, ada@example.com`);

  await turn(scene, process());

  expect(shown).toHaveLength(1);
  expect(shown[0]).toContain(`order ${name}`);
  const stored = JSON.stringify((await notices(scene)).map(({ key: of, payload }) => [of, payload]));
  for (const personal of ['Ada', 'Invalidenstr', '10115', 'Berlin', 'example.com'])
    expect(`${shown.join()} ${stored}`).not.toContain(personal);
});

test.each([
  ['refuses', 404],
  ['is away', 503],
  ['turns us away', 401],
])('a chat that %s stops nothing, and there is no exception about it', async (_how, status) => {
  const { scene, shown, process } = await chatting({ ...told, escalations: {} }, { status: () => status });
  const id = await raise(scene);
  const order = scene.order();
  await scene.engine.pull('shop');
  const engine = process();

  await engine.tendExceptions();
  await engine.wave('2026-11-23T10:00:00.000Z');
  await engine.work();
  // It is tried for as long as it is news; nobody waits for that.
  scene.clock.advanceTo('2026-11-24T09:30:00.000Z');
  await turn(scene, engine);

  expect(shown).toEqual([]);
  expect((await scene.openExceptions()).map((each) => each.id)).toEqual([id]);
  expect((await scene.case(order)).shipments).not.toEqual([]);
  const ends = (await notices(scene)).map(({ state }) => state);
  expect(ends.length).toBeGreaterThan(0);
  expect(ends.every((state) => state === 'failed' || state === 'dead')).toBe(true);
});

test('what is settled before it could be told is not told, nor what is no news any more', async () => {
  const { scene, shown, process } = await chatting(told);
  await raise(scene);
  const engine = process();
  await engine.tendExceptions();
  await scene.journal.transaction((tx) =>
    tx.exceptions.resolve(
      { code: 'stock-refused', subjectKey: 'SKU-1' },
      { by: 'quartermaster', reason: 'it is set', at: scene.clock.now() },
    ),
  );
  await settle(engine, scene.clock);
  expect(shown).toEqual([]);

  const later = createEngine({
    ...scene.context,
    settings: { ...scene.context.settings, notifications: notificationPolicySchema.parse({ exceptions: told.exceptions }) },
    notifiers: new Map(),
  });
  await raise(scene, 'SKU-2');
  scene.clock.advanceTo('2026-11-25T09:00:00.000Z');
  await later.tendExceptions();
  expect(await notices(scene)).toHaveLength(1);
});

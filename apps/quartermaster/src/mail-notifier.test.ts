import { systemClock } from '@quartermaster/connector-kit';
import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { createEngine, createOperations, flowSettingsSchema, settle } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import { afterEach, expect, test } from 'vitest';
import { mailNotifier, type MailOptions } from './mail-notifier.ts';
import { openBreakingLine, openMailServer, openSilence } from './testing/mail-server.ts';
import { openSmallBusiness } from './testing/small-business.ts';

const title = 'Exception 7 parcel-lost';
const text = 'Exception 7 parcel-lost, order #1001: with operations. Next: Ask the carrier. https://qm.example/';
const notice = { title, text, about: null };
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function listening<Listener extends { close(): unknown }>(listener: Promise<Listener>): Promise<Listener> {
  opened.push(await listener);
  return listener;
}

const mailTo = ({ port }: { readonly port: number }, more: Partial<MailOptions> = {}) =>
  mailNotifier({
    connection: 'post',
    url: `smtp://127.0.0.1:${port}`,
    from: 'qm@acme.example',
    to: ['ops@acme.example'],
    tls: 'offered',
    clock: virtualClock('2026-11-23T09:00:00.000Z'),
    ...more,
  });

const withLogin = ({ port }: { readonly port: number }) => ({ url: `smtp://qm:very%2Fsecret@127.0.0.1:${port}` });

test('a notice is one mail to all recipients, which no absence note answers to', async () => {
  const server = await listening(openMailServer());
  const mail = mailTo(server, { ...withLogin(server), to: ['ops@acme.example', 'lead@acme.example'] });

  const { ref } = await mail.make(notice, intentMemo('notify/post/exception/7'));

  expect(server.logins).toEqual(['qm:very/secret']);
  expect(server.taken).toMatchObject([{ to: ['ops@acme.example', 'lead@acme.example'], body: expect.any(String) }]);
  const [taken] = server.taken;
  expect(taken?.body.replaceAll('=\r\n', '')).toBe(text);
  expect(Object.fromEntries(taken?.headers ?? [])).toMatchObject({
    from: 'qm@acme.example',
    to: 'ops@acme.example, lead@acme.example',
    subject: '[Quartermaster] Exception 7 parcel-lost',
    date: 'Mon, 23 Nov 2026 09:00:00 +0000',
    'message-id': ref,
    'auto-submitted': 'auto-generated',
  });
});

test('every attempt of a notice has the same Message-ID, and no other notice has it, not even one with that key in a new journal', async () => {
  const server = await listening(openMailServer());
  const memo = intentMemo('notify/post/exception/7');
  await mailTo(server).make(notice, memo);
  await mailTo(server, { clock: virtualClock('2026-11-23T10:00:00.000Z') }).make({ ...notice, text: 'in other words by now' }, memo);
  await mailTo(server).make(notice, intentMemo('notify/post/exception/8'));
  await mailTo(server, { clock: virtualClock('2027-01-01T00:00:00.000Z') }).make(notice, intentMemo('notify/post/exception/7'));

  const [first, again, ...others] = server.taken.map(({ headers }) => headers.get('message-id'));

  expect(first).toMatch(/^<[0-9a-f]{40}@acme\.example>$/);
  expect(again).toBe(first);
  expect(new Set([first, ...others]).size).toBe(3);
});

test('recipients that the server refuses do not keep the others from being told, and the notice says how many', async () => {
  const server = await listening(openMailServer({ recipient: (address) => (address.startsWith('gone') ? 550 : null) }));

  const { ref } = await mailTo(server, { to: ['gone@acme.example', 'ops@acme.example'] }).make(notice, intentMemo());

  expect(server.taken.map(({ to }) => to)).toEqual([['ops@acme.example']]);
  expect(ref).toMatch(/, refused for 1 of 2$/);
});

test.each([
  ['refuses the login', { login: () => 535 }, { code: 'unauthorized', retry: { kind: 'never' } }],
  ['takes no login now', { login: () => 454 }, { code: 'server-error', retry: { kind: 'after', ms: 60_000 } }],
  ['refuses all recipients', { recipient: () => 550 }, { code: 'refused', retry: { kind: 'never' } }],
  ['has the sender wait', { recipient: () => 451 }, { code: 'server-error', retry: { kind: 'after', ms: 60_000 } }],
  ['refuses the mail', { mail: () => 554 }, { code: 'refused', retry: { kind: 'never' } }],
])('a mail server that %s has not taken the mail, and the fault tells no address and no password', async (_title, answers, expected) => {
  const server = await listening(openMailServer(answers));

  const fault = await faultOf(mailTo(server, withLogin(server)));

  expect(fault).toMatchObject({ ...expected, connector: 'mail', operation: 'notify', outcome: 'not-applied' });
  expect(JSON.stringify(fault)).not.toMatch(/acme\.example|very/);
  expect(server.taken).toEqual([]);
});

test('a mail server that is away, or says nothing in time, has not taken the mail', async () => {
  const gone = await openMailServer();
  await gone.close();
  expect(await faultOf(mailTo(gone))).toMatchObject({ code: 'unreachable', outcome: 'not-applied', retry: { kind: 'safely' } });

  const silence = await listening(openSilence());
  expect(await faultOf(mailTo(silence, { timeoutMs: 100 }))).toMatchObject({ code: 'timeout', outcome: 'not-applied' });
});

test('no password is said to a server that does not encrypt, or whose certificate nobody vouches for', async () => {
  for (const options of [{ disabledCommands: ['STARTTLS'] }, { disabledCommands: [] }]) {
    const server = await listening(openMailServer({ options }));
    const fault = await faultOf(mailTo(server, { ...withLogin(server), tls: 'required' }));
    expect(fault).toMatchObject({ code: 'misconfigured', outcome: 'not-applied', retry: { kind: 'never' } });
    expect([server.logins, server.taken]).toEqual([[], []]);
  }
});

test('when the line breaks before the answer nobody knows whether the mail was taken, and only a mailbox can tell', async () => {
  const server = await listening(openMailServer());
  const line = await listening(openBreakingLine(server));
  const memo = intentMemo();
  const mail = mailTo(line);
  expect(await mail.find(notice, memo)).toEqual({ kind: 'absent' });

  expect(await faultOf(mail, memo)).toMatchObject({ code: 'unreachable', outcome: 'unknown' });

  expect(server.taken).toHaveLength(1);
  expect(await mail.find(notice, memo)).toMatchObject({ kind: 'cannot-tell' });
});

test('a mail is sent once although the process dies before it notes that; what a person has sent again is the same mail to a mailbox', async () => {
  const server = await listening(openMailServer());
  const { context, journal, clock } = await openSmallBusiness();
  const settings = {
    ...context.settings,
    notifiers: [{ connection: 'post' }],
    notifications: flowSettingsSchema.shape.notifications.parse({ exceptions: { '*': ['post'] } }),
  };
  const mail = mailTo(server, { clock });
  const process = (notifier = mail) => {
    const world = { ...context, settings, notifiers: new Map([['post', notifier]]) };
    return { world, engine: createEngine(world) };
  };
  await journal.transaction((tx) =>
    tx.exceptions.raise({ code: 'stock-refused', subjectKey: 'MUG', owner: 'mia', reason: 'no', at: clock.now() }),
  );
  const dying = process({
    ...mail,
    async make(said, memo) {
      await mail.make(said, memo);
      throw new JournalError('closed', 'the process is gone');
    },
  });
  await dying.engine.tendExceptions();
  await expect(dying.engine.work()).rejects.toThrow('the process is gone');

  const next = process();
  await next.engine.recover();
  await next.engine.tendExceptions();
  await settle(next.engine, clock);
  expect(server.taken).toHaveLength(1);

  const [told] = await journal.read((tx) => tx.intents.list({ kinds: ['notify'], limit: 9 }));
  const asked = { requestId: 'request-1', by: 'ada', role: 'admin', reason: 'it is not in the mailbox' } as const;
  await createOperations(next.world).retryIntent(asked, { intent: told?.id ?? 0, provedAbsent: true });
  await settle(next.engine, clock);

  expect(server.taken).toHaveLength(2);
  expect(new Set(server.taken.map(({ headers }) => headers.get('message-id'))).size).toBe(1);
});

test.each(['very/secret', 'https://qm:secret@acme.example', 'smtp://'])(
  'an address that is none is named by its connection, and not shown: %s',
  (url) => {
    const options = { connection: 'post', from: 'qm@acme.example', to: [], tls: 'required', clock: systemClock } as const;
    expect(() => mailNotifier({ ...options, url })).toThrow(/^the address of the mail server post is none: smtps:/);
  },
);

async function faultOf(mail: ReturnType<typeof mailTo>, memo = intentMemo()): Promise<object> {
  const error: unknown = await mail.make(notice, memo).catch((thrown: unknown) => thrown);
  if (!isFault(error)) throw new TypeError('no fault was thrown', { cause: error });
  return error.toJSON();
}

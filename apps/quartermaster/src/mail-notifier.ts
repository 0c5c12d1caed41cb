import type { Clock, ConnectionId, EffectMemo, Notice, Notifier } from '@quartermaster/domain';
import { createHash } from 'node:crypto';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { SMTPConnectionAuth, SMTPConnectionOptions, SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { mailFault } from './mail-fault.ts';

export type MailOptions = {
  readonly connection: ConnectionId;
  /** `smtps://user:password@host:465`, or `smtp://...:587`, which is upgraded by STARTTLS. It holds the password, so it is a secret. */
  readonly url: string;
  readonly from: string;
  /** All get the same mail. */
  readonly to: readonly string[];
  /** `required`: nothing is said, no password above all, before the connection is encrypted. `offered`: only where the server can, such as for a relay on the same machine. */
  readonly tls: 'required' | 'offered';
  readonly clock: Clock;
  /** For connecting, for the greeting, and for every silence after it. */
  readonly timeoutMs?: number;
};

/**
 * Writes mails by SMTP: one per notice, as plain text. SMTP knows no key of ours and cannot be asked, so a mail that may have left is not sent again by itself. When a person has it sent again it has the same
 * Message-ID, by which mailboxes know a mail that they have. Throws a `RangeError`, which does not hold the address, when it is none.
 */
export function mailNotifier(options: MailOptions): Notifier {
  const server = serverOf(options);
  return {
    connection: options.connection,
    safety: 'read-back',
    atOrders: null,
    async make(notice, memo) {
      const mail = mailOf(options, notice, await identityOf(options, memo));
      const { rejected, accepted } = await deliver(server, mail);
      const refused = rejected.length === 0 ? '' : `, refused for ${rejected.length} of ${rejected.length + accepted.length}`;
      return { ref: `${mail.messageId}${refused}` };
    },
    async find(_notice, { refs }) {
      // What is kept before the first word to the server is not there: none was said.
      if (refs[noticedRef] === undefined) return { kind: 'absent' };
      return { kind: 'cannot-tell', check: 'see in the mailbox whether the mail is there' };
    },
  };
}

type Server = { readonly options: SMTPConnectionOptions; readonly login: SMTPConnectionAuth | null };
type Identity = { readonly messageId: string; readonly date: string };
type Mail = Identity & { readonly from: string; readonly to: string[]; readonly subject: string; readonly text: string };

function serverOf({ connection, url, tls, timeoutMs = 30_000 }: MailOptions): Server {
  const at = URL.canParse(url) ? new URL(url) : null;
  if (at === null || at.hostname === '' || (at.protocol !== 'smtp:' && at.protocol !== 'smtps:'))
    throw new RangeError(
      `the address of the mail server ${connection} is none: smtps://user:password@host:465 or smtp://user:password@host:587`,
    );
  const secure = at.protocol === 'smtps:';
  const [user, pass] = [decodeURIComponent(at.username), decodeURIComponent(at.password)];
  return {
    options: {
      host: at.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: at.port === '' ? (secure ? 465 : 587) : Number(at.port),
      secure,
      requireTLS: !secure && tls === 'required',
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
    login: user === '' ? null : { user, pass },
  };
}

/** The name of a mail: of its notice, and of when that was first tried, since keys of notices begin anew with a new journal. Durable before anything leaves, so every attempt has the same. */
async function identityOf({ from, clock }: MailOptions, memo: EffectMemo): Promise<Identity> {
  const date = memo.refs[noticedRef] ?? clock.now();
  if (memo.refs[noticedRef] === undefined) await memo.saveRefs({ [noticedRef]: date });
  const name = createHash('sha256')
    .update(JSON.stringify([memo.key, date]))
    .digest('hex')
    .slice(0, 40);
  return { messageId: `<${name}@${from.slice(from.lastIndexOf('@') + 1)}>`, date };
}

const noticedRef = 'noticedAt';

function mailOf({ from, to }: MailOptions, { title, text }: Notice, identity: Identity): Mail {
  return { ...identity, from, to: [...to], subject: `[Quartermaster] ${title}`, text: `${text}\n` };
}

/** Says everything to the server. Until the envelope nothing of the mail has left, so a fault before that says that it was not sent. */
async function deliver({ options, login }: Server, mail: Mail): Promise<SMTPConnectionSendInfo> {
  const [{ default: SMTPConnection }, { default: MailComposer }] = await Promise.all([
    import('nodemailer/lib/smtp-connection'),
    import('nodemailer/lib/mail-composer'),
  ]);
  const content = await new MailComposer({ ...mail, date: new Date(mail.date), ...unanswered }).compile().build();
  const connection = new SMTPConnection(options);
  let left = false;
  const broken = new Promise<never>((_resolve, reject) => connection.on('error', reject));
  // Whoever waits hears of it; what breaks when nobody does is of no interest.
  broken.catch(() => undefined);
  const step = <Answer>(say: (done: (error?: Error | null, answer?: Answer) => void) => void): Promise<Answer | undefined> =>
    Promise.race([
      broken,
      new Promise<Answer | undefined>((resolve, reject) => say((error, answer) => (error ? reject(error) : resolve(answer)))),
    ]);
  try {
    await step((done) => connection.connect(done));
    if (login !== null) await step((done) => connection.login(login, done));
    left = true;
    const info = await step<SMTPConnectionSendInfo>((done) => connection.send({ from: mail.from, to: mail.to }, content, done));
    if (info === undefined) throw new TypeError('the mail was sent without an answer');
    connection.quit();
    return info;
  } catch (error) {
    connection.close();
    throw mailFault(error, left);
  }
}

/** Absence notes and the like do not answer to it (RFC 3834); and no text makes it read a file or an address. */
const unanswered = {
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
} satisfies MailComposerOptions;

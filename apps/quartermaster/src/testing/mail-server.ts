import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail that the server took. */
export type TakenMail = { readonly to: readonly string[]; readonly headers: ReadonlyMap<string, string>; readonly body: string };

export type MailServer = {
  readonly port: number;
  readonly taken: TakenMail[];
  /** Users and passwords that it was told, in the order in which it heard them. */
  readonly logins: string[];
  close(): Promise<void>;
};

/** A real SMTP server on this machine, which keeps what it takes. `answers` may refuse what is said to it. */
export async function openMailServer(
  answers: {
    readonly options?: SMTPServerOptions;
    readonly login?: (user: string) => number | null;
    readonly recipient?: (address: string) => number | null;
    readonly mail?: () => number | null;
  } = {},
): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    ...answers.options,
    onAuth({ username = '', password = '' }, _session, done) {
      logins.push(`${username}:${password}`);
      const code = answers.login?.(username) ?? null;
      if (code === null) done(null, { user: username });
      else done(refusal(code));
    },
    onRcptTo({ address }, _session, done) {
      done(refusalOrNull(answers.recipient?.(address) ?? null));
    },
    onData(stream, { envelope }, done) {
      const said: Buffer[] = [];
      stream.on('data', (part: Buffer) => void said.push(part));
      stream.on('end', () => {
        const code = answers.mail?.() ?? null;
        if (code === null) taken.push({ to: envelope.rcptTo.map(({ address }) => address), ...parsed(Buffer.concat(said).toString()) });
        done(refusalOrNull(code));
      });
    },
  });
  // Whoever breaks off in the middle is no fault of the server.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return { port: portOf(listening), taken, logins, close: () => new Promise((done) => server.close(() => done())) };
}

/** A line to a server that breaks before its client hears that a mail was taken. */
export async function openBreakingLine(to: { readonly port: number }): Promise<{ readonly port: number; close(): void }> {
  const line = createServer((client) => {
    const server = connect(to.port, '127.0.0.1');
    let mailIsOver = false;
    client.on('data', (said: Buffer) => {
      mailIsOver ||= said.toString('latin1').endsWith('\r\n.\r\n');
      server.write(said);
    });
    server.on('data', (said: Buffer) => void (mailIsOver ? client.destroy() : client.write(said)));
    endTogether(client, server);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  return { port: portOf(line), close: () => void line.close() };
}

/** Something that listens and never says a word. */
export async function openSilence(): Promise<{ readonly port: number; close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: portOf(server), close };
}

function endTogether(one: Socket, other: Socket): void {
  for (const [socket, partner] of [
    [one, other],
    [other, one],
  ] as const)
    socket.on('error', () => undefined).on('close', () => void partner.end());
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}

/** A server names the recipient when it refuses. */
function refusal(code: number): Error {
  return Object.assign(new Error('5.1.1 <ops@acme.example> is not wanted here'), { responseCode: code });
}

function refusalOrNull(code: number | null): Error | null {
  return code === null ? null : refusal(code);
}

function parsed(sent: string): Pick<TakenMail, 'headers' | 'body'> {
  const [head = '', ...rest] = sent.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const);
  return { headers: new Map(headers), body: rest.join('\r\n\r\n').trimEnd() };
}

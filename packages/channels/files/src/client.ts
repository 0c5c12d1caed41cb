import { jitteredDelayMs, notDoneBy, redactor, type SurroundingOptions } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, instantSchema, type FaultCode, type FaultOutcome, type FaultRetry } from '@quartermaster/domain';
import { z } from 'zod';
import { DirectoryError, type Directory, type DirectoryEntry, type DirectoryErrorKind } from './directory.ts';

export const connectorName = 'files';

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** The directory as the rest of the connector uses it: it tries again what is safe to repeat (everything is), and throws nothing but `ConnectorFault`s without secrets. */
export type FileClient = {
  list(folder: string): Promise<readonly DirectoryEntry[]>;
  /** Null of a file that is not there. */
  read(path: string): Promise<Uint8Array | null>;
  /** A file of ours, in JSON. */
  readJson<Content>(path: string, schema: z.ZodType<Content>): Promise<Content | null>;
  /** A file of others as it was listed; null of one that is gone, or still of another size after all attempts: somebody is at it. */
  readListed(folder: string, entry: DirectoryEntry): Promise<Uint8Array | null>;
  write(path: string, text: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
};

export type FileClientOptions = Required<Pick<SurroundingOptions, 'clock' | 'random'>> &
  Pick<SurroundingOptions, 'attempts' | 'onEvent'> & {
    readonly directory: Directory;
    /** Of one call, in the machine's own time, default 60,000. */
    readonly timeoutMs?: number;
    /** Texts that must never appear in a fault, such as the password of an SFTP server. */
    readonly secrets?: readonly string[];
  };

const entriesSchema = z.array(z.object({ name: z.string().min(1), size: z.int().nonnegative(), modifiedAt: instantSchema }));
const bytesSchema = z.instanceof(Uint8Array).nullable();
const backoff = { baseMs: 250, capMs: 10_000 };

export function createFileClient(options: FileClientOptions): FileClient {
  const { directory, clock } = options;
  const attempts = options.attempts ?? 3;
  const timeoutMs = options.timeoutMs ?? 60_000;
  const redact = redactor(options.secrets ?? []);

  return {
    list: (folder) => call('list', folder, 'not-applied', async () => answered(entriesSchema, await directory.list(folder))),
    read: (path) => call('read', path, 'not-applied', async () => answered(bytesSchema, await directory.read(path))),
    readJson: (path, schema) =>
      call('read', path, 'not-applied', async () => {
        const bytes = answered(bytesSchema, await directory.read(path));
        return bytes === null ? null : answered(schema, jsonOf(bytes));
      }),
    async readListed(folder, entry) {
      const path = `${folder}/${entry.name}`;
      try {
        return await call('read', path, 'not-applied', async () => {
          const bytes = answered(bytesSchema, await directory.read(path));
          if (bytes !== null && bytes.length !== entry.size) throw new OtherSize();
          return bytes;
        });
      } catch (error) {
        if (error instanceof ConnectorFault && error.facts.vendorCode === otherSize) return null;
        throw error;
      }
    },
    write: (path, text) => call('write', path, 'unknown', () => directory.writeAtomically(path, new TextEncoder().encode(text))),
    move: (from, to) => call('move', from, 'unknown', () => directory.move(from, to)),
  };

  async function call<Result>(what: string, path: string, outcome: FaultOutcome, work: () => Promise<Result>): Promise<Result> {
    const operation = `file.${what}`;
    for (let attempt = 1; ; attempt++) {
      const began = epochMs(clock.now());
      const event = (fault: FaultCode | null) =>
        options.onEvent?.({ connector: connectorName, operation, attempt, status: null, fault, elapsedMs: epochMs(clock.now()) - began });
      try {
        const result = await inTime(work, timeoutMs);
        event(null);
        return result;
      } catch (error) {
        const fault = faultOf(error, operation, path, outcome);
        event(fault.code);
        const { retry } = fault.facts;
        if (attempt >= attempts || retry.kind === 'never') throw fault;
        await clock.sleep((retry.kind === 'after' ? retry.ms : 0) + jitteredDelayMs({ ...backoff, attempt, random: options.random }));
      }
    }
  }

  /** Of an error that is no `DirectoryError` only the code is told: nobody knows what its text holds. */
  function faultOf(error: unknown, operation: string, path: string, outcome: FaultOutcome): ConnectorFault {
    const known = error instanceof DirectoryError ? error : new DirectoryError('failed', `an error (${codeOf(error)})`);
    const { code, retry, advice } = known instanceof OutOfTime ? outOfTime : meanings[known.kind];
    return new ConnectorFault(code, {
      connector: connectorName,
      operation,
      outcome: known.applied === 'no' ? 'not-applied' : outcome,
      retry,
      message: redact(`${path}: ${known.message}`),
      advice,
      ...(known instanceof OtherSize ? { vendorCode: otherSize } : {}),
      ...(known.cause instanceof Error ? { cause: new Error(redact(known.cause.message)) } : {}),
    });
  }
}

type Meaning = { readonly code: FaultCode; readonly retry: FaultRetry; readonly advice: string };

const meanings: Readonly<Record<DirectoryErrorKind, Meaning>> = {
  unreachable: { code: 'unreachable', retry: { kind: 'safely' }, advice: 'Check that the folder is mounted, or that the server runs.' },
  unauthorized: { code: 'unauthorized', retry: { kind: 'never' }, advice: 'Check the user, the password or the key of the directory.' },
  forbidden: { code: 'forbidden', retry: { kind: 'never' }, advice: 'Give our user the right to read, write and rename there.' },
  busy: { code: 'rate-limited', retry: { kind: 'after', ms: 1_000 }, advice: 'The directory asks for patience.' },
  garbled: { code: 'malformed-reply', retry: { kind: 'safely' }, advice: 'Check that the directory is the one that was meant.' },
  failed: { code: 'server-error', retry: { kind: 'safely' }, advice: 'Look into the log of the directory; its disk may be full.' },
};
const outOfTime: Meaning = { code: 'timeout', retry: { kind: 'safely' }, advice: 'What was written is written again under the same name.' };

class OutOfTime extends DirectoryError {
  constructor() {
    super('unreachable', 'no answer in time');
  }
}

const otherSize = 'OTHER_SIZE';

class OtherSize extends DirectoryError {
  constructor() {
    super('garbled', 'not of the size that was listed');
  }
}

async function inTime<Result>(work: () => Promise<Result>, timeoutMs: number): Promise<Result> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    return await Promise.race([
      work(),
      new Promise<never>((_, reject) => ending.signal.addEventListener('abort', () => reject(new OutOfTime()), { once: true })),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Also a directory is outside: one that somebody plugged in may answer anything. */
function answered<Answer>(schema: z.ZodType<Answer>, answer: unknown): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new DirectoryError('garbled', `an answer of another shape at ${parsed.error.issues[0]?.path.join('.') ?? 'its top'}`);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new DirectoryError('garbled', 'not JSON, or not whole');
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Exit codes of `qm`, the same for every command; `docs/cli.md` lists them and a test compares. */
export const exitCodes = {
  ok: 0,
  /** The answer is no: the plan does not verify, the doctor found something, the order is unknown. */
  no: 1,
  /** The command line, the config or the input is wrong; the message names the field. */
  usage: 2,
  /** Something outside cannot be reached or refuses us; the message says which and what to do. */
  outside: 3,
  /** The journal cannot be opened or written. */
  journal: 4,
  /** A bug of ours. */
  bug: 70,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a sentence for people instead of a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What the operating system calls the reason of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown cause';
}

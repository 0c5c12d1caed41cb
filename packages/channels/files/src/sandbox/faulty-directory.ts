import type { FaultPlan, SandboxFault } from '@quartermaster/connector-kit/sandbox';
import { DirectoryError, type Directory } from '../directory.ts';

/**
 * Lets calls of a directory go wrong by plan, as `withFaults` does for calls over HTTP: `-before` nothing was done, `-after` it was done and the answer is lost, a truncated file comes as
 * its first half. The plan is given a request whose address is the path. `refusal` is quoted by a refused sign-in, as servers do.
 */
export function withDirectoryFaults(directory: Directory, plan: FaultPlan, refusal = 'sign-in refused'): Directory {
  let calls = 0;
  return {
    list: (folder) =>
      act(
        folder,
        () => directory.list(folder),
        () => garbled(),
      ),
    read: (path) =>
      act(
        path,
        () => directory.read(path),
        (bytes) => bytes?.slice(0, Math.floor(bytes.length / 2)) ?? null,
      ),
    writeAtomically: (path, bytes) =>
      act(
        path,
        () => directory.writeAtomically(path, bytes),
        () => garbled(),
      ),
    move: (from, to) =>
      act(
        from,
        () => directory.move(from, to),
        () => garbled(),
      ),
  };

  async function act<Result>(path: string, work: () => Promise<Result>, half: (whole: Result) => Result): Promise<Result> {
    const fault = plan(calls++, new Request(new URL(path, 'http://directory.example/')));
    if (fault === null) return work();
    if (fault === 'truncated-after') return half(await work());
    if (fault.endsWith('-after')) await work();
    if (fault.startsWith('hang')) return new Promise(() => undefined);
    throw errorOf(fault, refusal);
  }
}

function errorOf(fault: SandboxFault, refusal: string): DirectoryError {
  const applied = fault === 'rate-limited' || fault === 'unauthorized' ? 'no' : 'unknown';
  if (fault === 'rate-limited') return new DirectoryError('busy', 'too many connections', { applied });
  if (fault === 'unauthorized') return new DirectoryError('unauthorized', refusal, { applied });
  if (fault.startsWith('drop')) return new DirectoryError('unreachable', 'the connection broke off');
  if (fault.startsWith('malformed')) return new DirectoryError('garbled', 'an answer of something else');
  return new DirectoryError('failed', 'failure');
}

function garbled(): never {
  throw new DirectoryError('garbled', 'the answer broke off');
}

import { main } from '../main.ts';

/** Runs `qm` with these arguments in this process, as where nobody looks at a terminal, and gives its exit code and what it printed. */
export async function qm(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const told = { out: '', err: '' };
  const code = await main([...args], { out: (text) => void (told.out += text), err: (text) => void (told.err += text), live: false });
  return { code, ...told };
}

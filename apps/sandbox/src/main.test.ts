import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectControl } from './remote-control.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const lineSchema = z.object({ urls: z.record(z.string(), z.url()), controlUrl: z.url(), access: z.looseObject({}) });

test('the process prints where everything is, serves it, and ends on SIGTERM', async () => {
  const child = start('--seed', '3', '--orders', '20', '--odoo', '17', '--clock', 'standing');
  const [line] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'));
  const { urls, controlUrl } = lineSchema.parse(JSON.parse(line));

  const world = await connectControl(controlUrl).world();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');

  expect(Object.keys(urls)).toEqual(['odoo', 'easypost', 'shop-eu', 'shop-pro']);
  expect(world.events.filter((event) => event.kind === 'order')).toHaveLength(20);
  expect(code).toBe(0);
});

test.each([
  { given: ['--odoo', '16'], code: 2, says: 'odoo' },
  { given: ['--wings', '2'], code: 2, says: "Unknown option '--wings'" },
  { given: ['--olist', '/no/such/folder'], code: 1, says: 'no such file or directory' },
])('$given is refused with a sentence and exit code $code', async ({ given, code, says }) => {
  const child = start(...given);
  const errors = textOf(child.stderr);
  const [exitCode] = await once(child, 'exit');

  expect(exitCode).toBe(code);
  expect(await errors).toContain(says);
  expect(await errors).not.toContain('    at ');
});

function start(...options: readonly string[]) {
  return spawn(process.execPath, ['--conditions=quartermaster-source', main, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += String(piece);
  return text;
}

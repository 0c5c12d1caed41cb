import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ConnectorFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createFileClient } from './client.ts';
import { DirectoryError, type Directory } from './directory.ts';
import { memoryDirectory } from './sandbox/index.ts';
import { start } from './testing/folder.ts';

function clientOf(given: Partial<Directory>, timeoutMs = 1_000) {
  const clock = virtualClock(start);
  const directory = { ...memoryDirectory(clock), ...given };
  return createFileClient({ directory, clock, random: () => 0.5, secrets: ['hunter22'], timeoutMs });
}

async function faultOf(work: Promise<unknown>): Promise<ConnectorFault> {
  const error: unknown = await work.then(
    () => new Error('no fault'),
    (reason: unknown) => reason,
  );
  if (!isFault(error)) throw error;
  return error;
}

test('an error of a directory that somebody plugged in is told by its code alone: its text may hold anything', async () => {
  const error = Object.assign(new Error('getaddrinfo sftp://qm:s3cret@files.example'), { code: 'ENOTFOUND' });
  const fault = await faultOf(clientOf({ list: () => Promise.reject(error) }).list('orders'));
  expect([fault.code, fault.message]).toEqual(['server-error', 'files file.list: orders: an error (ENOTFOUND)']);
});

test('a secret that a directory quotes is not told', async () => {
  const read = () => Promise.reject(new DirectoryError('unauthorized', 'hunter22 is wrong', { cause: new Error('tried hunter22') }));
  const fault = await faultOf(clientOf({ read }).read('orders/a.json'));
  expect(JSON.stringify(fault) + fault.stack + String(fault.cause)).not.toContain('hunter22');
});

test('a listing that is none is a malformed reply', async () => {
  const list: Directory['list'] = async () => JSON.parse('[{ "name": "a.json", "size": "3" }]');
  expect(await faultOf(clientOf({ list }).list('orders'))).toMatchObject({ code: 'malformed-reply', facts: { outcome: 'not-applied' } });
});

test('a directory that does not answer is given up, and what was written is not known', async () => {
  const writeAtomically = () => new Promise<never>(() => undefined);
  expect(await faultOf(clientOf({ writeAtomically }, 5).write('stock/a.json', '{}'))).toMatchObject({
    code: 'timeout',
    facts: { outcome: 'unknown' },
  });
});

test('a directory that stumbles is tried again', async () => {
  let calls = 0;
  const list: Directory['list'] = async () => {
    if (++calls < 3) throw new DirectoryError('unreachable', 'the connection broke off');
    return [];
  };
  expect(await clientOf({ list }).list('orders')).toEqual([]);
});

test('a file of another size than it was listed with is nobody’s yet', async () => {
  const client = clientOf({ read: async () => new Uint8Array(3) });
  expect(await client.readListed('orders', { name: 'a.json', size: 5, modifiedAt: start })).toBeNull();
});

test('a record of ours that breaks off is a malformed reply, not an empty one', async () => {
  const fault = await faultOf(clientOf({ read: async () => new TextEncoder().encode('{"a":') }).readJson('sent/a.json', z.object({})));
  expect(fault.code).toBe('malformed-reply');
});

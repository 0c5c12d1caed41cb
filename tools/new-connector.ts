import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeConnector } from './new-connector/write-connector.ts';

// `npm run new-connector -- channel NAME` writes a connector that compiles, has a sandbox and passes the part of the conformance suite that it declares (docs/new-connector.md).

const root = process.cwd();
process.exitCode = main(process.argv.slice(2));

function main([kind, name, ...rest]: readonly string[]): number {
  if (kind === undefined || name === undefined || rest.length > 0) return failed('usage: npm run new-connector -- channel NAME');
  const written = writeConnector({ root, kind, name });
  if (written.kind === 'refused') return failed(written.reason);
  const { dir } = written;
  // Names of another length want other line breaks.
  const formatted = spawnSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), dir], { cwd: root, encoding: 'utf8' });
  if (formatted.status !== 0) process.stderr.write(`${dir} is written, but could not be formatted: npx oxfmt ${dir}\n`);
  process.stdout.write(
    [
      `${dir} is written. Next:`,
      '',
      '  npm install                               makes it a package of the workspace',
      `  npx vitest run --dir ${dir}`,
      '  npx vitest run --dir tools channels -u    puts it on docs/channels.md',
      '',
      'Then docs/new-connector.md: what to replace first, and which rule asks for what.',
      '',
    ].join('\n'),
  );
  return 0;
}

function failed(why: string): number {
  process.stderr.write(`${why}\n`);
  return 1;
}

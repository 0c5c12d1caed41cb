#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as modules from 'node:module';

// Plain JavaScript on purpose: it must run, and explain itself, on a Node that is too old for the rest.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `qm needs Node 24 or newer; this is Node ${process.versions.node}. In a checkout, 'npx --no-install qm' and 'npm start' bring their own on Linux and Windows.\n`,
  );
  process.exit(2);
}

// What was compiled once is kept in the folder for temporary files: a start takes a third of the time then. Where that cannot be, it takes all of it.
modules.enableCompileCache?.();

// Node refuses to strip types below node_modules, so a checkout runs the sources and an installed package its dist.
const source = new URL('../src/main.ts', import.meta.url);
const runsFromSource = existsSync(source) && !source.pathname.includes('/node_modules/');
if (runsFromSource) {
  modules.registerHooks({
    resolve: (specifier, context, next) => next(specifier, { ...context, conditions: [...context.conditions, 'quartermaster-source'] }),
  });
}
const { main } = await import(runsFromSource ? source.href : new URL('../dist/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));

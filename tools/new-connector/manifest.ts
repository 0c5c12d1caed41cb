/** The package.json of a new connector. `versions` are those that the workspace has. */
export function manifestOf(given: {
  readonly packageName: string;
  readonly title: string;
  readonly versions: { readonly own: string; readonly zod: string };
}): string {
  const door = (folder: string) => ({
    'quartermaster-source': `./src/${folder}index.ts`,
    types: `./dist/${folder}index.d.ts`,
    default: `./dist/${folder}index.js`,
  });
  const manifest = {
    name: given.packageName,
    version: given.versions.own,
    description: `${given.title} as a Quartermaster channel, with a stateful sandbox of it.`,
    license: 'Apache-2.0',
    files: ['dist', 'src', '!**/*.test.ts', '!**/testing', 'LICENSE'],
    type: 'module',
    sideEffects: false,
    exports: { '.': door(''), './sandbox': door('sandbox/') },
    dependencies: {
      '@quartermaster/connector-kit': given.versions.own,
      '@quartermaster/domain': given.versions.own,
      zod: given.versions.zod,
    },
    engines: { node: '>=22.12' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

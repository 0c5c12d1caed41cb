import { isWorkspace, type Project, type ProjectPackage } from './workspace.ts';

/** Packages that npm or nx would pass over: no workspace, no test target, or no test. `tested` are the folders with a test target. */
export function untestedPackages(project: Project, tested: ReadonlySet<string>): string[] {
  return project.packages.flatMap((one) => [
    ...(isWorkspace(project, one.dir) ? [] : [`${one.dir} is no workspace of the root's package.json`]),
    ...(tested.has(one.dir) ? [] : [`${one.dir} has no test target`]),
    ...(one.files.some(({ path }) => path.endsWith('.test.ts')) ? [] : [`${one.dir} has no test`]),
  ]);
}

/** A README of a package is at most this long; that of sourcing holds the model as mathematics and may be longer. */
const longestReadme = 80;

export function missingPapers({ packages }: Project): string[] {
  return packages.flatMap((one) => {
    const { dir, manifest } = one;
    const readme = fileOf(one, 'README.md');
    const lines = readme?.trimEnd().split('\n').length ?? 0;
    return [
      ...(manifest.version === null ? [`${dir} has no version`] : []),
      ...(manifest.license === null ? [`${dir} names no licence`] : []),
      ...(readme === undefined ? [`${dir} has no README.md`] : []),
      ...(lines > longestReadme && dir !== 'packages/sourcing' ? [`${dir}/README.md has ${lines} lines, more than ${longestReadme}`] : []),
      ...(fileOf(one, 'LICENSE') === undefined && !manifest.private ? [`${dir} has no LICENSE`] : []),
    ];
  });
}

/** The GPL stays in the one package that carries it, and only the app (which a user runs, and no library is) depends on it. */
export function strayGpl({ packages }: Project): string[] {
  const isGpl = ({ manifest }: ProjectPackage) => /GPL/.test(manifest.license ?? '');
  const home = 'packages/solvers/glpk';
  const names = new Set(packages.filter(isGpl).map(({ manifest }) => manifest.name));
  return packages.flatMap((one) => [
    ...(isGpl(one) && one.dir !== home ? [`${one.dir} is under the GPL`] : []),
    ...(!isGpl(one) && one.dir === home ? [`${one.dir} contains glpk.js and is not under the GPL`] : []),
    ...(one.dir === home || one.dir === 'apps/quartermaster'
      ? []
      : dependenciesOf(one).filter((name) => names.has(name) || name === 'glpk.js')
    ).map((name) => `${one.dir} depends on ${name}, which is under the GPL`),
  ]);
}

/** Every third-party package of any package.json has a row in docs/dependencies.md, which says why it is there. */
export function dependenciesWithoutReason(project: Project): string[] {
  const document = project.root.files.find(({ path }) => path === 'docs/dependencies.md')?.text ?? '';
  const rows = document.split('\n').flatMap((line) => /^\|([^|]*)\|[^|]*\|[^|]*[^|\s][^|]*\|/.exec(line)?.[1] ?? []);
  const reasoned = new Set(rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1])));
  const ours = new Set(project.packages.map(({ manifest }) => manifest.name));
  const named = new Set([project.root, ...project.packages].flatMap(dependenciesOf).filter((name) => !ours.has(name)));
  return [...named].filter((name) => !reasoned.has(name)).map((name) => `${name} has no row in docs/dependencies.md`);
}

/** What must not be published: where things lie on somebody's machine, his package registry, and keys. */
const privateTexts: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a path of a machine', new RegExp(`(?<![\\w.:/$}-])/(?:${['work', 'root', 'home/[a-z]+', 'Users/[A-Za-z]+'].join('|')})/`)],
  [
    'a registry of its own',
    /https?:\/\/(?!registry\.npmjs\.org\b|(?:www|docs)\.npmjs\.com\b)[\w.-]*(?:registry|npm|artifactory|nexus|verdaccio)[\w-]*[.:/]/,
  ],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
  ['a key of EasyPost', /\bEZ[AT]K[0-9a-f]{32}[0-9A-Za-z]{10,}/],
  ['a key of Shopify', /\bshp(?:at|ca|pa|ss|tka)_[0-9a-f]{32}\b/],
  ['a key of GitHub', /\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{40,})/],
  ['a key of npm', /\bnpm_[0-9A-Za-z]{36}\b|_auth[T]oken=/],
  ['a key of AWS', /\bAKIA[0-9A-Z]{16}\b/],
  ['a key of Stripe or Slack', /\b(?:sk_live_[0-9A-Za-z]{16,}|xox[abprs]-[0-9A-Za-z-]{20,})/],
];

export function privateTextsIn(project: Project): string[] {
  return [project.root, ...project.packages]
    .flatMap(({ files }) => files)
    .filter(({ text }) => !text.includes('\0'))
    .flatMap(({ path, text }) => privateTexts.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${path} holds ${what}`));
}

function fileOf(one: ProjectPackage, name: string): string | undefined {
  return one.files.find(({ path }) => path === `${one.dir}/${name}`)?.text;
}

function dependenciesOf({ manifest }: ProjectPackage): string[] {
  return [...manifest.dependencies, ...manifest.devDependencies, ...manifest.otherDependencies];
}

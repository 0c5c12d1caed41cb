import type { ModelField } from '../models/field.ts';

/** What drift is found in: the models of a lock, or of the curated types, and those of a server. Labels help to guess new names. */
export type Comparable = {
  readonly models: Readonly<Record<string, Readonly<Record<string, ModelField & { readonly label?: string }>>>>;
};

export type DriftKind =
  | 'model-missing'
  | 'field-missing'
  | 'type-changed'
  | 'relation-changed'
  | 'now-required'
  | 'no-longer-required'
  | 'no-longer-stored'
  | 'value-gone'
  | 'value-added'
  | 'not-installed';

/** One difference between what the types were generated from and what the server has. */
export type Drift = {
  readonly kind: DriftKind;
  /** `breaks`: what reads or writes this field fails, or reads something else. `tells`: worth knowing, nothing fails by it alone. */
  readonly severity: 'breaks' | 'tells';
  readonly model: string;
  readonly field: string | null;
  /** One sentence for people. */
  readonly what: string;
  /** The field that it was perhaps renamed to. */
  readonly perhaps: string | null;
};

/**
 * Names every difference that matters to code which was written for `lock` and now meets `live`, ordered by model and field. `live` may have more models and fields than the lock: the
 * more it has, the better new names are guessed. `installed` are the modules of the server, or null when nobody may see them, so that only a module of which nothing at all is left counts as absent: a field
 * whose modules are all absent is `not-installed`.
 */
export function compareSchemas(lock: Comparable, live: Comparable, installed: ReadonlySet<string> | null = null): Drift[] {
  const absent = absentModules(lock, live, installed);
  return sorted(lock.models).flatMap(([model, fields]) => {
    const there = live.models[model];
    if (there !== undefined) return sorted(fields).flatMap(([name, field]) => fieldDrift({ model, name, field, fields, there, absent }));
    const all = Object.values(fields);
    const modules = [...new Set(all.flatMap((field) => field.modules ?? []))];
    if (all.length > 0 && all.every((field) => isAbsent(field, absent))) return [notInstalled(model, null, modules)];
    return [drift('model-missing', 'breaks', model, null, `${model} is gone, or this user may not see it`)];
  });
}

type Compared = {
  readonly model: string;
  readonly name: string;
  readonly field: ModelField & { readonly label?: string };
  readonly fields: Comparable['models'][string];
  readonly there: Comparable['models'][string];
  readonly absent: ReadonlySet<string>;
};

function fieldDrift({ model, name, field, fields, there, absent }: Compared): Drift[] {
  const now = there[name];
  if (now === undefined) {
    if (isAbsent(field, absent)) return [notInstalled(model, name, field.modules ?? [])];
    const perhaps = newNameOf(name, field, fields, there);
    const guess = perhaps === null ? '' : `, perhaps renamed to ${perhaps}`;
    return [drift('field-missing', 'breaks', model, name, `${model}.${name} is gone, or this user may not see it${guess}`, perhaps)];
  }
  const path = `${model}.${name}`;
  if (now.type !== field.type)
    return [drift('type-changed', 'breaks', model, name, `${path} was of type ${field.type} and is ${now.type} now`)];
  if (now.relation !== field.relation) {
    return [
      drift(
        'relation-changed',
        'breaks',
        model,
        name,
        `${path} led to ${field.relation ?? 'nothing'} and leads to ${now.relation ?? 'nothing'} now`,
      ),
    ];
  }
  return [...factDrift(model, name, field, now), ...valueDrift(model, name, field, now)];
}

function factDrift(model: string, name: string, field: ModelField, now: ModelField): Drift[] {
  const found: Drift[] = [];
  const path = `${model}.${name}`;
  if (field.required !== true && now.required === true)
    found.push(
      drift('now-required', 'tells', model, name, `${path} is required now: new records without it are refused unless it has a default`),
    );
  // Rows are read by the lock, in which the field is never empty.
  if (field.required === true && now.required !== true)
    found.push(drift('no-longer-required', 'tells', model, name, `${path} may be empty now, and rows in which it is are refused`));
  if (field.stored !== false && now.stored === false)
    found.push(drift('no-longer-stored', 'breaks', model, name, `${path} is no longer stored: it may be neither searched nor sorted by`));
  return found;
}

function valueDrift(model: string, name: string, field: ModelField, now: ModelField): Drift[] {
  if (field.values === undefined || now.values === undefined) return [];
  const path = `${model}.${name}`;
  const gone = field.values.filter((value) => now.values?.includes(value) === false);
  const added = now.values.filter((value) => field.values?.includes(value) === false);
  return [
    ...gone.map((value) => drift('value-gone', 'breaks', model, name, `${path} does not take the value ${value} any more`)),
    ...added.map((value) => drift('value-added', 'tells', model, name, `${path} also takes the value ${value} now`)),
  ];
}

function notInstalled(model: string, name: string | null, modules: readonly string[]): Drift {
  const what = `${name === null ? model : `${model}.${name}`} is not there, because ${modules.join(' or ')} is not installed`;
  return drift('not-installed', 'tells', model, name, what);
}

/** Modules of the lock that the server does not have. Where nobody may see which those are: those of which a whole model is missing, and every field besides. */
function absentModules(lock: Comparable, live: Comparable, installed: ReadonlySet<string> | null): ReadonlySet<string> {
  const all = new Set<string>();
  const left = new Set<string>();
  const withoutModel = new Set<string>();
  for (const [model, fields] of Object.entries(lock.models))
    for (const [name, { modules = [] }] of Object.entries(fields))
      for (const module of modules) {
        all.add(module);
        if (live.models[model]?.[name] !== undefined) left.add(module);
        else if (live.models[model] === undefined) withoutModel.add(module);
      }
  const isThere = (module: string) => (installed === null ? left.has(module) || !withoutModel.has(module) : installed.has(module));
  return new Set([...all].filter((module) => !isThere(module)));
}

/** Whether none of the modules that bring a field is there. */
function isAbsent({ modules }: ModelField, absent: ReadonlySet<string>): boolean {
  return modules !== undefined && modules.length > 0 && modules.every((module) => absent.has(module));
}

/**
 * A field that the lock does not have and that is of the same type and leads to the same model. The same label decides, then a name of which one contains the other; where several
 * are alike, nothing is guessed.
 */
function newNameOf(name: string, field: Compared['field'], fields: Compared['fields'], there: Compared['there']): string | null {
  const alike = sorted(there).filter(
    ([other, now]) => fields[other] === undefined && now.type === field.type && now.relation === field.relation,
  );
  const byLabel = alike.filter(([, now]) => now.label !== undefined && now.label === field.label);
  const byName = alike.filter(([other]) => other.includes(stem(name)) || name.includes(stem(other)));
  const bySelection = alike.filter(([, now]) => field.values !== undefined && now.values?.join() === field.values.join());
  const [only, ...others] =
    [byLabel, bySelection, byName, field.relation === undefined ? [] : alike].find((found) => found.length > 0) ?? [];
  return only === undefined || others.length > 0 ? null : only[0];
}

/** A name without what tells one from many: `tax_id` and `tax_ids` are alike. */
function stem(name: string): string {
  return name.replace(/_ids?$/, '');
}

function drift(
  kind: DriftKind,
  severity: Drift['severity'],
  model: string,
  field: string | null,
  what: string,
  perhaps: string | null = null,
): Drift {
  return { kind, severity, model, field, what, perhaps };
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

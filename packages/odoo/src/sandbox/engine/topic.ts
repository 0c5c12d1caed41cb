import type { Row, Value, Values } from './database.ts';
import type { Model, OdooVersion } from './field.ts';
import type { Right } from './rights.ts';
import type { Context, World } from './world.ts';

/** One call of a method as all protocols bring it. */
export type MethodCall = {
  readonly model: string;
  readonly method: string;
  readonly ids: readonly number[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: Context;
};

export type Method = {
  /** Whether it acts on records, so that their ids come first. */
  readonly onRecords: boolean;
  /** Names of the arguments, in the order in which they may be given by position. */
  readonly parameters: readonly string[];
  readonly required?: readonly string[];
  /** The right to the model that it needs; absent for none. */
  readonly right?: Right;
  /** `undefined` is Python's None: XML-RPC cannot send it, JSON-RPC leaves the result out. */
  run(world: World, call: MethodCall): unknown;
};

/**
 * A part of Odoo that the sandbox emulates: its models, what its methods do, and what happens by itself when records change. Topics build on one another like Odoo's modules: a topic
 * may add fields to a model of another one. Each is a file of `topics/`.
 */
export type Topic = {
  readonly models?: (version: OdooVersion) => Readonly<Record<string, Model>>;
  /** By model, then by name. Only what every model has (`read`, `create` ...) is not here. */
  readonly methods?: Readonly<Record<string, Readonly<Record<string, Method>>>>;
  /** Values of the computed fields, by `model.field`. */
  readonly computed?: Readonly<Record<string, Compute>>;
  /** Makes the record of a model in a way of its own; by default the values are inserted as they are. */
  readonly create?: Readonly<Record<string, Create>>;
  /** After a record and its nested ones were made. */
  readonly created?: Readonly<Record<string, Created>>;
  /** Before values are written: gives the values to write, or throws. */
  readonly writing?: Readonly<Record<string, Writing>>;
  /** After values were written. */
  readonly written?: Readonly<Record<string, Written>>;
  /** Before a record is deleted: throws when Odoo forbids it. */
  readonly removing?: Readonly<Record<string, Removing>>;
  /** What people call a model; Odoo names it in errors. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What a user with Sales, Inventory and Contact creation may do with a model; one that no topic names is read only. */
  readonly rights?: Readonly<Record<string, readonly Right[]>>;
  /** Records that every fresh database has. */
  readonly install?: (world: World) => void;
};

export type Compute = (world: World, row: Row, context: Context) => Value;
export type Create = (world: World, values: Values, context: Context) => Row;
export type Created = (world: World, row: Row, context: Context) => void;
export type Writing = (world: World, before: Row, values: Values, context: Context) => Values;
/** `asked` is what was to be written, before the hooks of `writing` changed it. */
export type Written = (
  world: World,
  change: { readonly before: Row; readonly after: Row; readonly asked: Values },
  context: Context,
) => void;
export type Removing = (world: World, row: Row) => void;

/** All topics together, as the engine asks them. */
export type Topics = {
  readonly models: Readonly<Record<string, Model>>;
  method(model: string, name: string): Method | undefined;
  computed(model: string, field: string): Compute | undefined;
  create(model: string): Create | undefined;
  created(model: string): readonly Created[];
  writing(model: string): readonly Writing[];
  written(model: string): readonly Written[];
  removing(model: string): readonly Removing[];
  rights(model: string): readonly Right[];
  label(model: string): string;
  install(world: World): void;
};

/** Puts topics together, in the order in which they build on one another. Throws a RangeError when two make the same thing. */
export function together(topics: readonly Topic[], version: OdooVersion): Topics {
  const models: Record<string, Model> = {};
  for (const topic of topics)
    for (const [name, fields] of Object.entries(topic.models?.(version) ?? {})) models[name] = { ...models[name], ...fields };
  const methods = new Map<string, Method>();
  const computed = new Map<string, Compute>();
  const create = new Map<string, Create>();
  const rights = new Map<string, readonly Right[]>();
  const labels = new Map<string, string>();
  for (const topic of topics) {
    for (const [model, ofModel] of Object.entries(topic.methods ?? {}))
      for (const [name, method] of Object.entries(ofModel)) once(methods, `${model}.${name}`, method);
    for (const [field, read] of Object.entries(topic.computed ?? {})) once(computed, field, read);
    for (const [model, make] of Object.entries(topic.create ?? {})) once(create, model, make);
    for (const [model, granted] of Object.entries(topic.rights ?? {})) once(rights, model, granted);
    for (const [model, label] of Object.entries(topic.labels ?? {})) once(labels, model, label);
  }
  return {
    models,
    method: (model, name) => methods.get(`${model}.${name}`),
    computed: (model, field) => computed.get(`${model}.${field}`),
    create: (model) => create.get(model),
    created: hooksOf(topics.map((topic) => topic.created)),
    writing: hooksOf(topics.map((topic) => topic.writing)),
    written: hooksOf(topics.map((topic) => topic.written)),
    removing: hooksOf(topics.map((topic) => topic.removing)),
    rights: (model) => rights.get(model) ?? ['read'],
    label: (model) => labels.get(model) ?? model,
    install(world) {
      for (const topic of topics) topic.install?.(world);
    },
  };
}

function once<Made>(map: Map<string, Made>, name: string, made: Made): void {
  if (map.has(name)) throw new RangeError(`two topics of the sandbox make ${name}`);
  map.set(name, made);
}

/** All hooks of a model, in the order of the topics. */
function hooksOf<Hook>(parts: readonly (Readonly<Record<string, Hook>> | undefined)[]): (model: string) => readonly Hook[] {
  const hooks = new Map<string, Hook[]>();
  for (const part of parts)
    for (const [model, hook] of Object.entries(part ?? {})) {
      const there = hooks.get(model);
      if (there === undefined) hooks.set(model, [hook]);
      else there.push(hook);
    }
  return (model) => hooks.get(model) ?? [];
}

/** A method of records that needs the right to change them. */
export function action(run: Method['run'], parameters: readonly string[] = []): Method {
  return { onRecords: true, parameters, right: 'write', run };
}

import type { Safety } from '@quartermaster/domain';
import type { Session } from '../session/session.ts';

/**
 * A write to Odoo that says how it is kept from happening twice: `natural` looks at the state first and does nothing to what is as it should be, `claim` takes a unique external id
 * together with the effect, `read-back` looks for its own mark before it does anything.
 */
export type Operation<Input, Output> = {
  /** Such as `deliveries.validate`; names it in faults and in documents. */
  readonly name: string;
  readonly safety: Safety;
  run(session: Session, input: Input): Promise<Output>;
};

export function operation<Input, Output>(
  name: string,
  safety: Safety,
  run: (session: Session, input: Input) => Promise<Output>,
): Operation<Input, Output> {
  return { name, safety, run };
}

/** Operations by name, perhaps in groups. */
export type Operations = { readonly [name: string]: Operation<never, unknown> };

/** The same as functions of an open connection. */
export type Bound<Group extends Operations> = {
  readonly [Name in keyof Group]: Group[Name] extends Operation<infer Input, infer Output> ? (input: Input) => Promise<Output> : never;
};

/** Makes operations functions; the connection is opened at the first call. */
export function bind<Group extends Operations>(group: Group, open: () => Promise<Session>): Bound<Group> {
  const entries = Object.entries(group).map(([name, each]) => [name, async (input: never) => each.run(await open(), input)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entry by entry the same names, each with its own operation's input and output
  return Object.fromEntries(entries) as Bound<Group>;
}

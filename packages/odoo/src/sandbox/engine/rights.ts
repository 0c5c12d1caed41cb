import { accessError } from './errors.ts';
import type { World } from './world.ts';

export type Right = 'create' | 'read' | 'write' | 'unlink';

export function mayDo(world: World, model: string, right: string): boolean {
  if (world.administrator) return true;
  const rights: readonly string[] = world.topics.rights(model);
  return rights.includes(right);
}

/** Throws an AccessError when our user may not do this. */
export function demandRight(world: World, model: string, right: Right): void {
  if (mayDo(world, model, right)) return;
  throw accessError(`You are not allowed to ${right === 'read' ? 'access' : right} '${model}' (${model}) records.`);
}

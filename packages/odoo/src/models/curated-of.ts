import { odoo17 } from './curated/odoo17.ts';
import { odoo18 } from './curated/odoo18.ts';
import { odoo19 } from './curated/odoo19.ts';
import type { Models } from './field.ts';

const versions: Readonly<Record<number, Models>> = { 17: odoo17, 18: odoo18, 19: odoo19 };

/** The models that ship with this package for a major version of Odoo, or null for one that they were not generated for. */
export function curatedOf(version: number): Models | null {
  return versions[version] ?? null;
}

import { readSpecification, type Specification } from '@quartermaster/connector-kit/testing';
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../../../shared/specs/dhl_parcel_de/', import.meta.url);

/** A specification of DHL's; null where the vendors' material is not beside the project: then what reads it is skipped. */
export function vendorSpecification(name: string): Specification | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readSpecification(file) : null;
}

/** A table of DHL's; null as for {@link vendorSpecification}. */
export function vendorTable(name: string): string | null {
  const file = new URL(name, folder);
  return existsSync(file) ? readFileSync(file, 'latin1') : null;
}

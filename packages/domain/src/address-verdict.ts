import type { Address } from './person.ts';

/**
 * What a carrier says about an address. `corrected`: it knows the place by other words, in `suggested`. `ambiguous`: it could be several places. `unsupported`: it does not check addresses of
 * that country.
 */
export type AddressVerdict = {
  readonly kind: 'valid' | 'corrected' | 'ambiguous' | 'invalid' | 'unsupported';
  readonly suggested: Address | null;
  /** Null where the carrier does not say. */
  readonly isResidential: boolean | null;
  /** In words, without the address. */
  readonly messages: readonly string[];
};

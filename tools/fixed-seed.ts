import * as fc from 'fast-check';

/**
 * Laws are tried on the same examples every time, so that a green check stays green; `QM_SEED=$RANDOM npm test` tries them on others. A counterexample that turns up becomes a test of its
 * own.
 */
fc.configureGlobal({ seed: Number(process.env['QM_SEED'] ?? 20_261_121) });

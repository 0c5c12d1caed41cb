import type { Engine } from './engine.ts';
import type { Pulse } from './pulse.ts';

/** Carrying out intents beside what else a daemon does: reading, waves and publications hold it up no more than it holds them up. */
export type WorkBeside = {
  /** Goes on carrying out until it is time for something else, or nothing is due any more. `resting`: nothing was due at all. Throws what the work threw. */
  goOn(isTime: () => boolean): Promise<'more' | 'resting'>;
  /** Begins nothing new, and resolves when what is under way has ended. Throws what the work threw. */
  end(): Promise<void>;
};

/** `pulse` looks every so many milliseconds, also while nothing ends, whether it is time, and whether something has become due. */
export function workBeside(engine: Pick<Engine, 'work'>, pulse: Pulse, lookEveryMs: number): WorkBeside {
  const state: { running: Promise<void> | null; ending: boolean; lastCount: number; failure: { readonly error: unknown } | null } = {
    running: null,
    ending: false,
    lastCount: 0,
    failure: null,
  };
  let stirred = Promise.withResolvers<void>();
  const stir = (): void => {
    stirred.resolve();
    stirred = Promise.withResolvers();
  };
  const run = async (): Promise<void> => {
    try {
      state.lastCount = await engine.work({ enough: () => state.ending, ended: stir });
    } catch (error) {
      state.failure = { error };
    }
    state.running = null;
    stir();
  };
  const begin = (): void => {
    if (state.running === null && !state.ending && state.failure === null) state.running = run();
  };
  const stop = pulse(lookEveryMs, async () => {
    begin();
    stir();
  });
  const tell = (): void => {
    if (state.failure !== null) throw state.failure.error;
  };
  return {
    async goOn(isTime) {
      // What was under way already may have looked before the last step left something to do: then it is looked once more.
      for (let joined = state.running !== null; ; joined = false) {
        begin();
        while (state.running !== null && !isTime()) await stirred.promise;
        tell();
        if (state.running !== null || isTime() || state.lastCount > 0) return 'more';
        if (!joined) return 'resting';
      }
    },
    async end() {
      state.ending = true;
      stop();
      await state.running;
      tell();
    },
  };
}

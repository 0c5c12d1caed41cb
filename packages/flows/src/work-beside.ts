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
  let running: Promise<void> | null = null;
  let ending = false;
  let lastCount = 0;
  let failure: { readonly error: unknown } | null = null;
  let stirred = Promise.withResolvers<void>();
  const stir = (): void => {
    stirred.resolve();
    stirred = Promise.withResolvers();
  };
  const begin = (): void => {
    if (running !== null || ending || failure !== null) return;
    running = engine
      .work({ enough: () => ending, ended: stir })
      .then(
        (count) => {
          lastCount = count;
        },
        (error: unknown) => {
          failure = { error };
        },
      )
      .finally(() => {
        running = null;
        stir();
      });
  };
  const stop = pulse(lookEveryMs, async () => {
    begin();
    stir();
  });
  const tell = (): void => {
    if (failure !== null) throw failure.error;
  };
  return {
    async goOn(isTime) {
      // What was under way already may have looked before the last step left something to do: then it is looked once more.
      for (let joined = running !== null; ; joined = false) {
        begin();
        while (running !== null && !isTime()) await stirred.promise;
        tell();
        if (running !== null || isTime() || lastCount > 0) return 'more';
        if (!joined) return 'resting';
      }
    },
    async end() {
      ending = true;
      stop();
      await running;
      tell();
    },
  };
}

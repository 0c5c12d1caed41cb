import type { MipSolver } from '@quartermaster/sourcing';

/** Time and memory of this process since it was made. */
export type Meter = {
  readonly cpuSeconds: () => number;
  readonly wallSeconds: () => number;
  readonly peakRssMb: () => number;
};

export function meter(): Meter {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1e6;
  };
  const wallSeconds = () => (performance.now() - began) / 1_000;
  return {
    cpuSeconds,
    wallSeconds,
    peakRssMb: () => process.resourceUsage().maxRSS / 1_024,
  };
}

/** An engine that is told CPU time of this process for the time of day while it solves: it reads the clock itself, so its limits hold on a busy machine, too. */
export function ofCpuSeconds(solver: MipSolver, { cpuSeconds }: Meter): MipSolver {
  const now = () => 1_000 * cpuSeconds();
  return {
    ...solver,
    solve: async (problem, options) => {
      const clocks = [Reflect.get(performance, 'now'), Reflect.get(Date, 'now')];
      for (const clock of [performance, Date]) Reflect.set(clock, 'now', now);
      try {
        return await solver.solve(problem, options);
      } finally {
        for (const [at, clock] of [performance, Date].entries()) Reflect.set(clock, 'now', clocks[at]);
      }
    },
  };
}

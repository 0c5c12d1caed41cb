import type { MipSolver } from '@quartermaster/sourcing';

/** Time and memory of this process since it was made. */
export type Meter = {
  readonly cpuSeconds: () => number;
  readonly wallSeconds: () => number;
  readonly peakRssMb: () => number;
  /** So many wall seconds have passed for each of CPU: 1 or little more where the machine has nothing else to do. */
  readonly waiting: () => number;
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
    waiting: () => Math.max(1, wallSeconds() / cpuSeconds()),
    peakRssMb: () => process.resourceUsage().maxRSS / 1_024,
  };
}

/** An engine whose time limits, which are of wall time, are stretched as far as this process has to wait for others: so a busy machine measures nearly the same. */
export function ofCpuSeconds(solver: MipSolver, { waiting }: Meter): MipSolver {
  return {
    ...solver,
    solve: async (problem, request = {}) => {
      const { timeLimitMs } = request;
      return solver.solve(problem, timeLimitMs === undefined ? request : { ...request, timeLimitMs: timeLimitMs * waiting() });
    },
  };
}

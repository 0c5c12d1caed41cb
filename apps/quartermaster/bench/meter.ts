/** Time and memory of this process since it was made. */
export type Meter = {
  readonly cpuSeconds: () => number;
  readonly wallSeconds: () => number;
  readonly peakRssMb: () => number;
};

export function meter(): Meter {
  const began = performance.now();
  const cpu = process.cpuUsage();
  return {
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1e6;
    },
    wallSeconds: () => (performance.now() - began) / 1_000,
    peakRssMb: () => process.resourceUsage().maxRSS / 1_024,
  };
}

const EVERY_MS = 20;
const MEGABYTE = 1024 * 1024;

const residentMb = (): number => process.memoryUsage.rss() / MEGABYTE;

/** The most memory that this process holds while `work` runs, beside what it held before; in MB. */
export async function peakWhile(work: () => Promise<unknown>): Promise<{ idle: number; peak: number }> {
  globalThis.gc?.();
  const idle = residentMb();
  let peak = idle;
  const sample = setInterval(() => (peak = Math.max(peak, residentMb())), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(sample);
  }
  return { idle, peak: Math.max(peak, residentMb()) };
}

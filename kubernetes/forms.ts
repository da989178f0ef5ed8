/** Values as Microsoft's client writes them. */

const units = [
  ["D", 86_400_000],
  ["H", 3_600_000],
  ["M", 60_000],
] as const;

/** A duration in ISO 8601: P1DT1H, PT1M, PT5M10S, PT0.5S. */
export const milliseconds = (value: unknown): string => {
  let rest = Number(value);
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : "";
  });
  const seconds = rest > 0 ? `${decimal(rest / 1000)}S` : "";
  const time = `${parts[1]}${parts[2]}${seconds}`;
  return `P${parts[0]}${time === "" ? "" : `T${time}`}`;
};

export const seconds = (value: unknown): string => milliseconds(Number(value) * 1000);

/** CPU cores as a Kubernetes quantity: "2", "500m". Kubernetes knows nothing smaller than a thousandth. */
export const cores = (value: unknown): string => {
  const count = Number(value);
  return Number.isInteger(count) ? String(count) : `${Math.ceil(Number((count * 1000).toFixed(6)))}m`;
};

/** Memory as a Kubernetes quantity. A GB is taken for a Gi, which never shrinks it. */
export const gibibytes = (value: unknown): string => `${decimal(Number(value))}Gi`;

/** Never with an exponent, which Kubernetes would take for another unit. */
const decimal = (value: number): string => value.toFixed(9).replace(/\.?0+$/, "");

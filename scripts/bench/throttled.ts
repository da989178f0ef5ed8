import { startEmulatorProcess, type EmulatorProcess } from "../../test/harness/emulator-process";
import { repository } from "../../test/harness/project-folder";
import type { Call } from "../../test/harness/workspace";
import { checked, openProvider, type Provider } from "./provider";

/**
 * So many services at once, against a workspace that takes so few requests a second: how much longer it takes than the
 * requests that were taken would at that pace.
 */
const SERVICES = 40;
const A_SECOND = 5;
const LIMIT = 1.4;

interface Made {
  readonly id: string;
  readonly outs: object;
}

/** Does the same to each service at once, and says what it took. @returns whether all went well, and not much too slowly */
async function together(
  emulator: EmulatorProcess,
  verb: string,
  run: (index: number) => Promise<unknown>,
): Promise<boolean> {
  await fetch(`${emulator.url}/_emulator/requests`, { method: "DELETE" });
  const begun = performance.now();
  const ended = await Promise.allSettled(Array.from({ length: SERVICES }, (_, index) => run(index)));
  const seconds = (performance.now() - begun) / 1000;
  const response = await fetch(`${emulator.url}/_emulator/requests`);
  const calls = ((await response.json()) as readonly Call[]).filter(({ path }) =>
    path.includes("/workspaces/"),
  );
  const refused = calls.filter(({ status }) => status === 429).length;
  const taken = calls.length - refused;
  const figure = seconds / (taken / A_SECOND);
  const failures = ended.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  const ok = failures.length === 0 && figure <= LIMIT;
  console.log(
    `${ok ? "ok    " : "MISSED"} ${verb} of ${SERVICES} services at ${A_SECOND} requests a second: ${seconds.toFixed(1)} s, ` +
      `${taken} requests and ${refused} times 429; ${figure.toFixed(2)} of the least possible ${(taken / A_SECOND).toFixed(1)} s ` +
      `(at most ${LIMIT}); ${failures.length} failed`,
  );
  if (failures[0] !== undefined) console.log(failures[0]);
  return ok;
}

async function measure(provider: Provider, emulator: EmulatorProcess): Promise<boolean> {
  const made: Made[] = [];
  const created = await together(emulator, "create", async (index) => {
    made.push(await provider.create(await checked(provider, { serviceName: `service-${index}` })));
  });
  if (!created) return false;
  return together(emulator, "delete", async (index) => {
    const { id, outs } = made[index]!;
    await provider.delete(id, withoutKeys(outs));
  });
}

/** As the engine hands outputs to a delete, which needs no keys. */
const withoutKeys = (outs: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(outs).filter(([name]) => !name.endsWith("Key")));

async function main(): Promise<void> {
  const options = ["--requests-per-second", String(A_SECOND)];
  const emulator = await startEmulatorProcess(repository(), options);
  try {
    if (!(await measure(await openProvider(emulator), emulator))) process.exitCode = 1;
  } finally {
    await emulator.stop();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

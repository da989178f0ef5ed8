import { startEmulator, type Emulator } from "../../../emulator";
import type { Assessment } from "../../../cli/assess/assessment";
import { fields } from "../../../provider/schema/fields";
import { envFor, ownFolder, runCli, type CliRun } from "../run";
import { unfitServices, workingServices } from "../shapes";

const [SERVICES, SEED] = [40, 18];
const CANARY = "canary-of-a-key-0123456789";
const folder = ownFolder();

let emulator: Emulator;
beforeAll(async () => {
  const services = [...workingServices(SERVICES - unfitServices.length, SEED), ...unfitServices];
  emulator = await startEmulator({
    pageSize: 7,
    seed: {
      services: services.map((service, at) => ({
        ...service,
        keys: { primaryKey: `${CANARY}-${at}`, secondaryKey: `${CANARY}-${at}-2` },
      })),
    },
  });
});
beforeEach(() => emulator.clearRequests());
afterAll(() => emulator.close());

const run = (...args: readonly string[]): Promise<CliRun> =>
  runCli(["assess", ...args], { env: envFor(emulator), cwd: folder });

const times = (text: string, part: string): number => text.split(part).length - 1;

test(`${SERVICES} services: nothing written, the same words again, each setting once, no key`, async () => {
  const begun = process.hrtime.bigint();
  const [text, markdown, json] = [await run(), await run("--format", "markdown"), await run("--json")];
  const seconds = Number(process.hrtime.bigint() - begun) / 3e9;
  const again = [await run(), await run("--format", "markdown"), await run("--json")];
  const writes = emulator.requests().filter(({ method }) => method !== "GET").length;
  const { services, total, leftOut } = JSON.parse(json.stdout) as Assessment;
  const expected = ["state", ...fields.map(({ input }) => input)].sort();
  const uneven = services.filter(
    ({ findings }) =>
      JSON.stringify(findings.map(({ setting }) => setting).sort()) !== JSON.stringify(expected),
  ).length;
  const different = [text, markdown, json].filter((one, at) => one.stdout !== again[at]!.stdout).length;
  const keys = [text, markdown, json].reduce(
    (all, { stdout, stderr }) => all + times(stdout + stderr, CANARY),
    0,
  );
  process.stdout.write(
    `assess: ${total + leftOut.length} emulated services (seed ${SEED}); writes ${writes}, ${seconds.toFixed(2)} s a report, ` +
      `reports different in a second run ${different}, services in which a setting is not exactly once ${uneven}, keys found ${keys}\n`,
  );
  expect({ writes, different, uneven, keys, count: total + leftOut.length }).toEqual({
    ...{ writes: 0, different: 0, uneven: 0, keys: 0 },
    count: SERVICES,
  });
  expect([text, markdown, json].map(({ status }) => status)).toEqual([2, 2, 2]);
});

import { startEmulator } from "../../emulator/index";
import { startHostFor } from "./workspace";

jest.setTimeout(60_000);

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:AksWebservice::";
const MOST = 2;
/** More than eleven wait: of as many listeners to one interrupt Node.js would warn. */
const NAMES = Array.from({ length: 15 }, (_, n) => `svc-${n}`);

it("services of a cluster are deployed two at a time, in Pulumi's own host process", async () => {
  const emulator = await startEmulator({ operationTime: 0 });
  const host = await startHostFor(emulator, { env: { AZUREML_CHANGES_PER_CLUSTER: String(MOST) } });
  const create = async (serviceName: string): Promise<unknown> => {
    const news = { serviceName, computeTargetName: "aks", models: ["m:1"], __urn: URN + serviceName };
    return host.create((await host.check({}, news)).inputs);
  };
  /** How many deployments have begun, as the emulator saw it. */
  const begun = (): number =>
    emulator.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/services")).length;
  const waiting = (): number =>
    host.lines().filter(({ text }) => text.startsWith("Waits for its turn")).length;
  try {
    const gates = NAMES.map(() => emulator.gate({ method: "POST", path: "/services$", holds: "operation" }));
    const creates = NAMES.map((name) => create(name));
    while (waiting() < NAMES.length - MOST) await new Promise(setImmediate);
    const atOnce: number[] = [];
    for (const [ended, gate] of gates.entries()) {
      await gates[Math.min(ended + MOST, NAMES.length) - 1]!.reached;
      atOnce.push(begun() - ended);
      gate.open();
    }
    await Promise.all(creates);
    expect(atOnce).toEqual([...Array.from({ length: NAMES.length - 1 }, () => MOST), 1]);
    expect(waiting()).toBe(NAMES.length - MOST);
    expect(host.printed()).toBe("");
  } finally {
    await host.close();
    await emulator.close();
  }
});

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetOwnSettings, openSession, workspaceConfig, type Session } from "../harness/session";
import { findPulumi, pulumiEngine } from "../harness/engines/pulumi";
import { rehearsalEngine } from "../harness/engines/rehearsal";
import { outputNames } from "../../sdk/args";

jest.setTimeout(300_000);
forgetOwnSettings();

/**
 * A service of our class, whose outputs are made when the program asks for them, and beside it the same service as a plain
 * resource that is registered with every output. Each run notes how the program sees both.
 */
const PROGRAM = `
const { readFileSync, writeFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");

const { names, cores } = JSON.parse(readFileSync("run.json", "utf8"));
const args = (serviceName) => ({
  serviceName, computeTargetName: "aks-prod", models: ["fraud:7"], cpuCores: cores, tags: { a: pulumi.secret("hidden") },
});
const lazy = new azureml.AksWebservice("lazy", args("lazy-1"));
const all = Object.fromEntries(names.map((name) => [name, undefined]));
const eager = new pulumi.CustomResource(
  "pulumi-nodejs:dynamic/azureml:AksWebservice", "eager",
  { ...all, ...args("eager-1"), __provider: lazy.__provider, __secrets: ["tags"],
    __urn: pulumi.createUrn("eager", "pulumi-nodejs:dynamic/azureml:AksWebservice").promise() },
  { additionalSecretOutputs: ["primaryKey", "secondaryKey"] },
);

const seen = async (output) => ({
  known: await output.isKnown,
  secret: await output.isSecret,
  value: await output.promise(),
  of: (await Promise.all([...(await output.allResources())].map((one) => one.urn.promise()))).length > 0,
});
const noted = async (service) => Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, await seen(service[name])])),
);
const keys = (service) => Object.keys(service).filter((name) => !name.startsWith("__"));
const note = async () => {
  const [one, other] = [await noted(lazy), await noted(eager)];
  // Asked again, when the resource is long known, and in another order.
  const late = await seen({ ...lazy }.state);
  writeFileSync("seen.json", JSON.stringify({ lazy: one, eager: other, late, keys: [keys(lazy), keys(eager)] }));
};
note();
exports.service = lazy;
exports.output = pulumi.output(lazy).apply((service) => service.state);
`;

const folder = mkdtempSync(join(realpathSync(tmpdir()), "lazy-outputs-"));
writeFileSync(join(folder, "index.js"), PROGRAM);
writeFileSync(join(folder, "run.json"), "{}");
writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "outputs", private: true }));
writeFileSync(join(folder, "Pulumi.yaml"), "name: outputs\nruntime: nodejs\nmain: index.js\n");

afterAll(() => rmSync(folder, { recursive: true }));

const cli = findPulumi() !== undefined;
const engines = [
  { name: "the rehearsal engine", engine: rehearsalEngine, run: test },
  cli
    ? { name: "the Pulumi CLI", engine: pulumiEngine, run: test }
    : { name: "the Pulumi CLI (skipped: no Pulumi CLI)", engine: pulumiEngine, run: test.skip },
];

interface Seen {
  readonly known: boolean;
  readonly secret: boolean;
  readonly value: unknown;
  readonly of: boolean;
}

type All = Readonly<Record<string, Seen>>;

interface Noted {
  readonly lazy: All;
  readonly eager: All;
  readonly late: Seen;
  readonly keys: readonly [readonly string[], readonly string[]];
}

/** What tells the two services apart: names, times and keys. */
const own = new Set(["createdTime", "updatedTime", "primaryKey", "secondaryKey", "properties"]);

const comparable = (all: All): object =>
  Object.fromEntries(
    Object.entries(all).map(([name, { value, ...seen }]) => {
      const text = JSON.stringify(value)?.replaceAll(/lazy|eager/g, "…");
      return [name, { ...seen, value: own.has(name) ? typeof value : text }];
    }),
  );

const unknown = (all: All): readonly string[] => Object.keys(all).filter((name) => !all[name]!.known);

describe.each(engines)("under $name, outputs that are made when they are asked for", ({ engine, run }) => {
  /** Runs one operation of a program that looks at each output. */
  const lookedAt = async (
    { folder: { project } }: Session,
    cores: number,
    operate: () => Promise<unknown>,
  ) => {
    writeFileSync(join(project, "run.json"), JSON.stringify({ names: outputNames, cores }));
    rmSync(join(project, "seen.json"), { force: true });
    await operate();
    const noted = JSON.parse(readFileSync(join(project, "seen.json"), "utf8")) as Noted;
    expect(comparable(noted.lazy)).toEqual(comparable(noted.eager));
    expect(noted.keys[0]).toEqual(noted.keys[1]);
    expect(noted.late).toEqual(noted.lazy["state"]);
    return noted.lazy;
  };

  run("are known, unknown and secret as if all had been registered", async () => {
    const session = await openSession(engine, folder);
    try {
      const { stack } = session;
      await stack.setConfig(workspaceConfig(session));
      const planned = await lookedAt(session, 0.5, () => stack.preview());
      expect(unknown(planned)).toEqual(expect.arrayContaining(["state", "scoringUri", "memoryGb"]));
      expect(planned["serviceName"]).toMatchObject({ known: true, value: "lazy-1" });
      const made = await lookedAt(session, 0.5, () => stack.up());
      expect(unknown(made)).toEqual([]);
      expect(made["memoryGb"]).toMatchObject({ value: 0.5, secret: false });
      expect([made["primaryKey"]!.secret, made["tags"]!.secret]).toEqual([true, true]);
      const exported = (await stack.outputs({ showSecrets: true })) as Record<
        string,
        Record<string, unknown>
      >;
      expect(exported["service"]).toMatchObject({ state: "Healthy", memoryGb: 0.5, tags: { a: "hidden" } });
      expect(exported["output"]).toBe("Healthy");
      const unchanged = await lookedAt(session, 0.5, () => stack.preview());
      // What the service does not have is not known in any preview.
      expect(unknown(unchanged)).not.toContain("state");
      expect(unknown(unchanged)).toContain("imageDigest");
      const changed = await lookedAt(session, 1, () => stack.preview());
      expect(unknown(changed)).toEqual(expect.arrayContaining(["state", "memoryGb"]));
      await lookedAt(session, 1, () => stack.up());
      if (engine.name === "pulumi") await failing(session);
    } finally {
      await session.close();
    }
  });

  /** A program that goes on in spite of a service that could not be changed, or made, does not know its outputs. */
  const failing = async (session: Session) => {
    const { url } = session.emulator();
    const refuse = (method: string) =>
      fetch(`${url}/_emulator/faults`, {
        method: "POST",
        body: JSON.stringify({ method, path: "/services", status: 400, times: 100 }),
      });
    await refuse("PATCH");
    const goOn = { flags: { continueOnError: true } };
    await lookedAt(session, 2, () => session.stack.up(goOn));
    await fetch(`${url}/_emulator/faults`, { method: "DELETE" });
    await session.stack.destroy();
    await refuse("POST");
    const failed = await lookedAt(session, 2, () => session.stack.up(goOn));
    expect(unknown(failed)).toContain("state");
  };
});

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { filesIn, type Place, type Secret } from "../../../scripts/demo/leaks";
import { openSession, workspaceConfig, type Session } from "../../harness/session";
import type { RunResult } from "../../harness/engines/engine";
import { rehearsalEngine } from "../../harness/engines/rehearsal";
import { findCanaries } from "../../canaries/find-canaries";

jest.setTimeout(300_000);

const random = (): string => randomBytes(30).toString("base64");
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Each with characters that encodings change. */
const given: Readonly<Record<string, string>> = {
  primaryKey: `p"${random()}`,
  secondaryKey: `s\\${random()}`,
  tag: random(),
  registryPassword: `r&${random()}`,
  variable: `postgres://me:${random()}@database/fraud`,
  pem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
};
const configured: Readonly<Record<string, string>> = {
  "azureml:clientSecret": random(),
  "azure-native:clientCertificatePassword": random(),
};
const signature = `${random()}+/=`;

/** Everything that a server which echoes could say, in each way of writing it. */
const everyForm = (text: string): readonly string[] => [
  text,
  JSON.stringify(text),
  encodeURIComponent(text),
  Buffer.from(`user:${text}`).toString("base64"),
  text.replaceAll("\n", "\n      "),
  `\u001b[31m${text}\u001b[0m`,
  ...text.split("\n"),
];

describe("planted secrets", () => {
  let session: Session;
  let canaries: readonly Secret[];
  const texts: Place[] = [];

  beforeAll(async () => {
    session = await openSession(rehearsalEngine, join(__dirname, "program"), {
      emulator: ["--operation-time", "0"],
    });
    const token = session.emulator().accessToken;
    canaries = Object.entries({ ...given, ...configured, token, signature }).map(([name, value]) => ({
      name,
      value,
    }));
    const secrets = Object.entries({ ...given, ...configured }).map(([key, value]) => [
      key,
      { secret: value },
    ]);
    await session.stack.setConfig({
      ...workspaceConfig(session),
      cpuCores: "0.5",
      ...(Object.fromEntries(secrets) as Record<string, { secret: string }>),
    });
  });
  afterAll(() => session.close());

  const take = (where: string, { text, events }: RunResult): void => {
    const messages = events.flatMap((event) => ("message" in event ? [event.message] : []));
    texts.push({ where, text }, { where: `${where}, its messages`, text: messages.join("\n") });
  };

  /** The next such request begins an operation that fails, and whose error and logs say every secret. */
  const failing = async (method: string, path: string): Promise<void> => {
    const { url, accessToken } = session.emulator();
    const all = [
      // A signature is known only by the address that it is a part of.
      ...canaries.flatMap(({ value }) => (value === signature ? [] : everyForm(value))),
      `https://store/x?sig=${encodeURIComponent(signature)}&se=1`,
      `https://store/x?sig=${signature}`,
    ];
    const error = { code: "Echo", statusCode: 400, message: all.join(" , "), details: [] };
    // At the end of long lines, where a log is cut.
    const log = all.map((text) => `${"x".repeat(200)} ${text}`);
    const answer = await fetch(`${url}/_emulator/faults`, {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({
        method,
        path,
        operation: { outcome: "failed", error, log, containerLog: log.join("\n") },
      }),
    });
    expect(answer.ok).toBe(true);
  };

  const places = async (): Promise<readonly Place[]> => [
    ...texts,
    // What the emulator keeps is the service's own.
    ...filesIn(session.folder.engine),
    ...filesIn(session.folder.processes),
    { where: "state", text: JSON.stringify((await session.stack.exportState()).stored) },
    { where: "stack outputs", text: JSON.stringify(await session.stack.outputs()) },
  ];

  it("are read nowhere in a whole life with failures that repeat them", async () => {
    const { stack } = session;
    take("preview", await stack.preview());
    await failing("POST", "/services$");
    const failed = await stack.up();
    take("failed create", failed);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.text).toContain("[secret]");
    take("repair", await stack.up());
    const outputs = await stack.outputs({ showSecrets: true });
    expect(JSON.stringify(outputs["environment"])).toContain(JSON.stringify(given["variable"]).slice(1, -1));
    take("refresh", await stack.refresh());
    await stack.setConfig({ cpuCores: "1" });
    await failing("PATCH", "/services/");
    take("failed update", await stack.up());
    take("refresh of what failed", await stack.refresh());
    take("update", await stack.up());
    const during = await places();
    await failing("DELETE", "/services/");
    take("failed destroy", await stack.destroy());
    take("destroy", await stack.destroy());
    const all = [...during, ...(await places())];
    const hits = findCanaries(all, canaries);
    process.stdout.write(`${canaries.length} canaries in ${all.length} texts: ${hits.length} hits\n`);
    expect(hits).toEqual([]);
  });

  it("would be found where they are, in each way of writing them", () => {
    const written = [
      ...[given["pem"]!, JSON.stringify(given["pem"]), encodeURIComponent(given["variable"]!)],
      ...[Buffer.from(`me:${given["primaryKey"]}:x`).toString("base64"), given["pem"]!.split("\n")[1]!],
    ].map((text, index) => ({ where: String(index), text: `before ${text} after` }));
    expect([...new Set(findCanaries(written, canaries).map(({ where }) => where))].sort()).toEqual(
      written.map(({ where }) => where),
    );
  });
});

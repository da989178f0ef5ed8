import { FailedResource } from "../../../provider/host/failed-resource";
import { failure, startStage, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const PRIMARY = "planted-primary-key";
const SECONDARY = 'planted-"secondary"-key';
const TAG = "planted-secret-tag";
const TOKEN = "planted-bearer-token";
const planted = [PRIMARY, SECONDARY, JSON.stringify(SECONDARY).slice(1, -1), TAG, TOKEN];

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const isSecret = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(SECRET).every(([key, mark]) => (value as Values)[key] === mark);

/** All texts outside of secrets. */
const visible = (value: unknown): string => {
  if (isSecret(value)) return "";
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, member]) => `${key} ${visible(member)}`)
    .join("\n");
};

/** Everything that an error shows or stores. */
const shownBy = (error: Error): string =>
  [
    error.message,
    error.stack,
    error instanceof FailedResource ? [error.reasons, error.properties].map(visible) : "",
    visible({ ...error }),
  ]
    .flat()
    .join("\n");

const news = {
  primaryKey: PRIMARY,
  secondaryKey: SECONDARY,
  description: TAG,
  __secrets: ["primaryKey", "secondaryKey", "description"],
};

const echo = `the request had ${planted.join(" and ")}`;
const echoing = {
  error: { code: "Echo", statusCode: 400, message: echo, details: [{ code: "Inner", message: echo }] },
  log: [echo],
  containerLog: echo,
};

describe("no key, token or secret setting is shown", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage({ operationTime: 3_000, accessToken: TOKEN });
  });
  afterEach(async () => {
    await stage.close();
    for (const secret of planted)
      expect(stage.lines.map(({ text }) => text).join("\n")).not.toContain(secret);
  });

  const expectHidden = (text: string, secrets: readonly string[] = planted) => {
    for (const secret of secrets) expect(text).not.toContain(secret);
  };
  /** The description is an output like any other, which the engine marks since its input is secret. */
  const keysAndToken = planted.filter((secret) => secret !== TAG);

  it.each<[string, object]>([
    [
      "refused by a service that echoes it",
      { method: "POST", path: "/services$", status: 400, body: { code: "Echo", message: echo } },
    ],
    [
      "answered by a page that echoes it",
      {
        method: "POST",
        path: "/services$",
        status: 403,
        body: `<html><title>${TOKEN} ${PRIMARY}</title></html>`,
      },
    ],
  ])("by a create %s", async (_, fault) => {
    stage.emulator.addFault(fault);
    const error = await failure(stage.provider.create(await stage.inputs(news)));
    expectHidden(shownBy(error));
  });

  it.each(["failed", "crashLoop", "stuck"] as const)(
    "by a create whose operation ends %s",
    async (outcome) => {
      stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome, ...echoing } });
      const error = await failure(
        stage.provider.create(await stage.inputs({ ...news, timeouts: { create: "20s" } })),
      );
      expect(error).toBeInstanceOf(FailedResource);
      expectHidden((error as FailedResource).reasons.join("\n"));
      expectHidden(shownBy(error).replaceAll(echo, ""), keysAndToken);
      expect((error as FailedResource).reasons.join("\n")).toContain("[secret]");
    },
  );

  it("by outputs, in update, read and their inputs", async () => {
    const { id, outputs, inputs } = await stage.create(news);
    const wanted = await stage.inputs({ ...news, cpuCores: 0.5 }, inputs);
    const updated = await stage.provider.update(id, outputs, wanted);
    const read = await stage.provider.read(id, outputs);
    expectHidden(visible([updated, read]), keysAndToken);
    expect(isSecret(updated.outs["primaryKey"])).toBe(true);
    expect(isSecret(read.inputs!["secondaryKey"])).toBe(true);
  });

  it("by a failed update or deletion", async () => {
    const { id, outputs, inputs } = await stage.create(news);
    stage.emulator.addFault({ method: "PATCH", operation: { outcome: "failed", ...echoing } });
    const wanted = await stage.inputs({ ...news, cpuCores: 0.5 }, inputs);
    expectHidden(
      ((await failure(stage.provider.update(id, outputs, wanted))) as FailedResource).reasons.join("\n"),
    );
    stage.emulator.addFault({ method: "DELETE", operation: { outcome: "failed", ...echoing } });
    expectHidden(shownBy(await failure(stage.provider.delete(id, outputs))));
  });

  it("by the refusal to adopt", async () => {
    await stage.create({ properties: { owner: "planted-live-owner" } });
    const secret = { properties: { owner: "planted-secret-owner" }, __secrets: ["properties"] };
    const error = await failure(stage.provider.create(await stage.inputs({ adopt: true, ...secret })));
    expect(error.message).toContain("CannotAdopt");
    expect(error.message).not.toContain("planted-secret-owner");
  });
});

import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, plain, startStage, type Stage, type Values } from "./stage";

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
    error instanceof ResourceInitFailed ? [error.reasons, error.properties].map(visible) : "",
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
      expect(error).toBeInstanceOf(ResourceInitFailed);
      expectHidden((error as ResourceInitFailed).reasons.join("\n"));
      expectHidden(shownBy(error).replaceAll(echo, ""), keysAndToken);
      expect((error as ResourceInitFailed).reasons.join("\n")).toContain("[secret]");
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
      ((await failure(stage.provider.update(id, outputs, wanted))) as ResourceInitFailed).reasons.join("\n"),
    );
    stage.emulator.addFault({ method: "DELETE", operation: { outcome: "failed", ...echoing } });
    expectHidden(shownBy(await failure(stage.provider.delete(id, outputs))));
  });

  it("by the refusal to adopt", async () => {
    await stage.create({ properties: { owner: "planted-live-owner" } });
    const secret = { properties: { owner: "short" }, __secrets: ["properties"] };
    const error = await failure(stage.provider.create(await stage.inputs({ adopt: true, ...secret })));
    expect(error.message).toContain("CannotAdopt");
    expect(error.message).not.toMatch(/"short"|planted-live-owner/);
  });
});

/** What a program gives whose service runs in an environment with a secret. */
const withEnvironment = (variables: Values, more: Values = {}): Values => ({
  inferenceConfig: {
    entryScript: "score.py",
    source: {
      "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
      hash: "f00",
      text: "pass",
    },
    environment: { baseImage: "image:1", environmentVariables: variables },
  },
  ...more,
});
const VARIABLE = "planted-environment-variable";
const secretVariables = withEnvironment(
  { DB: VARIABLE, MODE: "fraud" },
  {
    __secrets: ["inferenceConfig"],
    __secretParts: [["environment", "environmentVariables", "DB"]],
  },
);

describe("a secret within the environment", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage();
  });
  afterEach(() => stage.close());

  it("is one in every output that tells it, in create, update and read", async () => {
    const { id, outputs, inputs } = await stage.create(secretVariables);
    expect(JSON.stringify(outputs["environment"])).toContain(VARIABLE);
    const news = await stage.inputs({ ...secretVariables, cpuCores: 0.5 }, inputs);
    const results = [
      await stage.provider.update(id, outputs, news),
      await stage.provider.read(id, outputs),
      (await stage.provider.create(await stage.inputs({ ...secretVariables, serviceName: "other" }))).outs,
    ];
    expect(visible(results)).not.toContain(VARIABLE);
  });

  it("stays one when the program does not give it any more, and the service still has it", async () => {
    const { id, outputs, inputs } = await stage.create(secretVariables);
    const news = await stage.inputs({ models: undefined }, inputs);
    const recorded = (await stage.provider.update(id, outputs, news)).outs;
    expect(JSON.stringify(recorded)).toContain(VARIABLE);
    expect(visible(recorded)).not.toContain(VARIABLE);
    expect(visible(await stage.provider.read(id, plain(recorded) as Values))).not.toContain(VARIABLE);
  });

  it("becomes one in the state when the program makes it one without another change", async () => {
    const { id, outputs, inputs } = await stage.create(withEnvironment({ DB: VARIABLE, MODE: "fraud" }));
    const news = await stage.inputs(secretVariables, inputs);
    expect(await stage.provider.diff(id, outputs, news)).toEqual({ changes: true });
    expect(visible((await stage.provider.update(id, outputs, news)).outs)).not.toContain(VARIABLE);
  });

  it("hides neither its neighbours nor the files in a message", async () => {
    const { outputs, inputs, id } = await stage.create(secretVariables);
    stage.emulator.addFault({
      method: "PATCH",
      operation: {
        outcome: "failed",
        error: { code: "Bad", statusCode: 400, message: `${VARIABLE} in score.py of image:1`, details: [] },
      },
    });
    const news = await stage.inputs({ ...secretVariables, cpuCores: 0.5 }, inputs);
    const error = await failure(stage.provider.update(id, outputs, news));
    expect((error as ResourceInitFailed).reasons.join()).toContain("[secret] in score.py of image:1");
  });
});

describe("what the service says", () => {
  it("is stored without a secret, and without what a terminal would obey", async () => {
    const stage = await startStage({ accessToken: TOKEN });
    const error = {
      code: "Echo",
      statusCode: 400,
      message: `\u001b]0;title\u0007${TOKEN}\u202e`,
      details: [],
    };
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed", error } });
    const failed = (await failure(stage.provider.create(await stage.inputs()))) as ResourceInitFailed;
    expect(failed.properties["error"]).toMatchObject({ message: "[secret]" });
    // eslint-disable-next-line no-control-regex
    expect(failed.reasons.join()).not.toMatch(/[\u0000-\u0008\u001b\u202e]|title|planted/);
    const read = await stage.provider.read(failed.id, plain(failed.properties) as Values);
    expect(read.props!["error"]).toMatchObject({ message: "[secret]" });
    await stage.close();
  });

  it("is not taken for a secret because a variable of the machine is called one", async () => {
    const stage = await startStage({
      env: { X_PASSWORD: "not-a-secret-of-ours", ARM_CLIENT_SECRET: "fraud" },
    });
    const fault = { method: "POST", path: "/services$", status: 400 };
    stage.emulator.addFault({ ...fault, body: { code: "Bad", message: "fraud: not-a-secret-of-ours" } });
    const error = await failure(stage.provider.create(await stage.inputs()));
    expect(error.message).toContain('service "fraud"');
    expect(error.message).toContain("fraud: not-a-secret-of-ours");
    await stage.close();
  });

  it("is shown without the client's own credentials, wherever they come from", async () => {
    const env = {
      ARM_CLIENT_SECRET: "arm-client-secret",
      HTTPS_PROXY: "http://me:proxy%2Bpassword@127.0.0.1:1",
    };
    const config = {
      "azureml:clientSecret": "config-client-secret",
      "azure-native:oidcToken": "native-oidc-token",
    };
    const stage = await startStage({ env, config });
    const texts = ["arm-client-secret", "proxy+password", "config-client-secret", "native-oidc-token"];
    const fault = { method: "POST", path: "/services$", status: 400 };
    stage.emulator.addFault({ ...fault, body: { code: "Bad", message: texts.join(", ") } });
    const error = await failure(stage.provider.create(await stage.inputs()));
    expect(error.message).toContain("Bad: [secret], [secret], [secret], [secret]");
    await stage.close();
  });
});

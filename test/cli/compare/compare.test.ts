import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startEmulator } from "../../../emulator";
import type { CliContext } from "../../../cli/program";
import { ownFolder } from "../../harness/own-folder";
import { envFor, runCli } from "../run";
import { standIn, stillClock, type Reply, type StandIn } from "./stand-in";
import { callWorkspace } from "../../harness/workspace";

const root = ownFolder();
let count = 0;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const serve = async (reply: Parameters<typeof standIn>[0]): Promise<StandIn> => {
  const server = await standIn(reply);
  open.push(server);
  return server;
};

const jsonl = (...lines: readonly unknown[]): string => {
  const file = join(root, `${(count += 1)}.jsonl`);
  writeFileSync(
    file,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + "\n").join(""),
  );
  return file;
};

interface Report {
  readonly old: {
    latency: { p50: number; p95: number; p99: number } | null;
    errors: object;
    notFinite: number;
  };
  readonly new: Report["old"];
  readonly inputs: {
    total: number;
    duplicates: number;
    equal: number;
    different: number;
    notCompared: number;
  };
  readonly ended?: string;
  readonly differences: {
    input: string;
    count: number;
    differences: { path: string; kind: string; old: string; new: string }[];
  }[];
  readonly notCompared: { id: string; why: string }[];
}

interface SetUp extends Partial<CliContext> {
  readonly args?: readonly string[];
}

const compare = async (old: string, fresh: string, inputs: string, { args = [], ...context }: SetUp = {}) => {
  const run = await runCli(["compare", "--old", old, "--new", fresh, "--inputs", inputs, "--json", ...args], {
    clock: stillClock().clock,
    ...context,
  });
  const parsed = JSON.parse(run.stdout) as Report & { error?: { code: string; message: string } };
  return { ...run, report: parsed, error: parsed.error };
};

const echo = ({ body }: { readonly body: string }): Reply => ({
  body: { answer: JSON.parse(body) as unknown },
});

describe("what is found", () => {
  test("all equal, with latencies, ends with 0", async () => {
    const still = stillClock();
    const [old, fresh] = [
      await serve((request) => (still.pass(10), echo(request))),
      await serve((request) => echo(request)),
    ];
    const { status, report, stderr } = await compare(
      old.url,
      fresh.url,
      jsonl({ x: 1 }, "", { x: 2.5 }, [3]),
      {
        clock: still.clock,
      },
    );
    expect({ status, inputs: report.inputs }).toEqual({
      status: 0,
      inputs: { total: 3, duplicates: 0, equal: 3, different: 0, notCompared: 0 },
    });
    expect(report.old.latency).not.toBeNull();
    expect(stderr).toContain("Sending 3 inputs to both services, which takes 3 s or more.");
    expect(old.received.map(({ body }) => body)).toEqual(['{"x":1}', '{"x":2.5}', "[3]"]);
    expect(fresh.received.map(({ body }) => body)).toEqual(old.received.map(({ body }) => body));
  });

  test("one request a second goes to the old service unless another rate is given", async () => {
    for (const [args, ms] of [
      [[], 1000],
      [["--rate", "4"], 250],
    ] as const) {
      const still = stillClock();
      const [old, fresh] = [await serve(echo), await serve(echo)];
      await compare(old.url, fresh.url, jsonl(1, 2, 3), { clock: still.clock, args });
      expect(still.slept).toEqual([ms, ms]);
    }
  });

  test("differences end with 1, each with its path, and come before what could not be compared", async () => {
    const old = await serve(echo);
    const fresh = await serve(({ body }, number) => {
      if (number === 2) return { body: { answer: JSON.parse(body.replace("2", "2.001")) as unknown } };
      if (number === 3) return { status: 400, body: "no" };
      return number === 4 ? { status: 503 } : echo({ body });
    });
    const { status, report } = await compare(old.url, fresh.url, jsonl([1], [2], [3], [4]));
    expect(status).toBe(1);
    expect(report.inputs).toEqual({ total: 4, duplicates: 0, equal: 1, different: 2, notCompared: 1 });
    expect(report.differences).toEqual([
      {
        input: "line 2",
        count: 1,
        differences: [{ path: "$.answer[0]", kind: "number", old: "2", new: "2.001" }],
      },
      {
        input: "line 3",
        count: 1,
        differences: [{ path: "$", kind: "status", old: "HTTP 200", new: "HTTP 400" }],
      },
    ]);
    expect(report.notCompared).toEqual([{ id: "line 4", why: "new: it has no free replica (HTTP 503)" }]);
    expect(report.new.errors).toEqual({ inputRefused: 1, unavailable: 1 });
  });

  test.each([
    ["JSON in a text of JSON", '"{\\"a\\": 1.0}"', '"{\\"a\\":1}"', "equal"],
    ["a planted number in it", '"{\\"a\\": 1.0}"', '"{\\"a\\":1.1}"', "different"],
    ["answers that are not JSON", "ok", "ok", "equal"],
    ["others", "ok", "OK", "different"],
    ["a byte in another place", Buffer.from([0xff, 1]), Buffer.from([0xff, 2]), "different"],
    ["the same bytes", Buffer.from([0xff, 1]), Buffer.from([0xff, 1]), "equal"],
    ["JSON, and what is not", "[1]", "[1", "different"],
    ["one member twice", '{"a":1,"a":2}', '{"a":2}', "different"],
    ["large whole numbers", "[9007199254740993]", "[9007199254740992]", "different"],
    ["nothing, twice", "", "", "equal"],
    ["nothing, and null", "", "null", "different"],
  ] as const)("%s", async (_name, one, other, result) => {
    const [old, fresh] = [await serve(() => ({ body: one })), await serve(() => ({ body: other }))];
    const { status, report } = await compare(old.url, fresh.url, jsonl(1));
    expect({ status, inputs: report.inputs }).toMatchObject({
      status: result === "equal" ? 0 : 1,
      inputs: { [result]: 1 },
    });
  });

  test("NaN is what it is, and reported", async () => {
    const old = await serve(() => ({ body: "[NaN, 1]" }));
    const fresh = await serve((_request, number) => ({ body: number === 1 ? "[NaN, 1]" : "[0.0, 1]" }));
    const { status, report } = await compare(old.url, fresh.url, jsonl(1, 2));
    expect(status).toBe(1);
    expect(report.inputs).toMatchObject({ equal: 1, different: 1 });
    expect([report.old.notFinite, report.new.notFinite]).toEqual([2, 1]);
  });

  test("answers in gzip are decoded, and what only says so is not compared", async () => {
    const zipped = (text: string): Reply => ({
      headers: { "content-encoding": "gzip" },
      body: gzipSync(text),
    });
    const old = await serve(() => ({ body: "[1]" }));
    const fresh = await serve((_request, number) => {
      if (number === 1) return zipped("[1]");
      return number === 2 ? { headers: { "content-encoding": "gzip" }, body: "[1]" } : zipped("[2]");
    });
    const { status, report } = await compare(old.url, fresh.url, jsonl(1, 2, 3));
    expect({ status, inputs: report.inputs }).toMatchObject({
      status: 1,
      inputs: { equal: 1, different: 1, notCompared: 1 },
    });
    expect(report.notCompared[0]!.why).toMatch(/^new: its answer says that it is gzip, and is not/);
  });

  test("paths are ignored and lists without order where options say so", async () => {
    const old = await serve(() => ({ body: { id: "a", list: [1, 2], at: { time: 1 } } }));
    const fresh = await serve(() => ({ body: { id: "b", list: [2, 1], at: { time: 2 } } }));
    const options = ["--ignore", "id", "--ignore", "**.time", "--unordered", "$.list"];
    expect((await compare(old.url, fresh.url, jsonl(1), { args: options })).status).toBe(0);
    expect(
      (await compare(old.url, fresh.url, jsonl(1), { args: options.slice(2) })).report.differences,
    ).toEqual([
      { input: "line 1", count: 1, differences: [{ path: "$.id", kind: "text", old: '"a"', new: '"b"' }] },
    ]);
  });
});

describe("what is not compared", () => {
  const failures: Readonly<Record<string, [Reply, string, string]>> = {
    refused: [{ status: 401 }, "unauthorized", "refused"],
    forbidden: [{ status: 403 }, "unauthorized", "forbidden"],
    elsewhere: [
      { status: 302, headers: { location: "http://127.0.0.1:1/" } },
      "redirected",
      "points to another address",
    ],
    missing: [{ status: 404 }, "notFound", "nothing is served"],
    "too much": [{ status: 413 }, "inputTooLarge", "larger than the service takes"],
    crashed: [{ status: 502 }, "unavailable", "crashed"],
    slow: [{ status: 504 }, "timedOut", "longer than the service allows"],
    cut: [{ by: (response) => response.destroy() }, "connectionLost", "the connection ended"],
    "cut within": [
      {
        by: (response) => {
          response.writeHead(200, { "content-length": "10" });
          response.write("[1", () => response.destroy());
        },
      },
      "connectionLost",
      "the connection ended",
    ],
    unreadable: [{ headers: { "content-encoding": "zstd" }, body: "[1]" }, "unreadable", 'encoded as "zstd"'],
  };

  test.each(Object.entries(failures))("%s, on one side or on both", async (_name, [reply, kind, says]) => {
    const [failing, also] = [await serve(() => reply), await serve(() => reply)];
    const good = await serve(() => ({ body: "[1]" }));
    for (const [old, fresh] of [
      [failing.url, good.url],
      [good.url, failing.url],
      [failing.url, also.url],
    ] as const) {
      const { status, report } = await compare(old, fresh, jsonl(1));
      expect({ status, inputs: report.inputs }).toMatchObject({
        status: 2,
        inputs: { equal: 0, different: 0, notCompared: 1 },
      });
      expect({ ...report.old.errors, ...report.new.errors }).toEqual({ [kind]: 1 });
      expect(report.notCompared[0]!.why).toContain(says);
    }
  });

  test("models that both fail are not equal", async () => {
    const [old, fresh] = [await serve(() => ({ status: 500 })), await serve(() => ({ status: 500 }))];
    const { status, report } = await compare(old.url, fresh.url, jsonl(1));
    expect({ status, why: report.notCompared[0]!.why }).toEqual({
      status: 2,
      why: "both models failed (HTTP 500 and 500)",
    });
  });

  test("a throttled endpoint is waited for, a bounded number of times, and its latency is that of the last try", async () => {
    const still = stillClock();
    const old = await serve((_request, number) =>
      number < 3 ? { status: 429, headers: { "retry-after": "7" } } : { body: "[1]" },
    );
    const fresh = await serve((_request, number) =>
      number === 1 ? { status: 503, headers: { "retry-after": "2" } } : { body: "[1]" },
    );
    const { status, report } = await compare(old.url, fresh.url, jsonl(1), { clock: still.clock });
    expect(status).toBe(0);
    expect([old.received.length, fresh.received.length]).toEqual([3, 2]);
    expect(still.slept.filter((ms) => ms === 7000)).toHaveLength(2);
    expect(report.old.latency!.p99).toBeLessThan(7000);

    const always = await serve(() => ({ status: 429, headers: { "retry-after": "1" } }));
    const second = await compare(always.url, fresh.url, jsonl(1));
    expect(second.status).toBe(2);
    expect(second.report.notCompared[0]!.why).toBe(
      "old: it takes no more requests at present (HTTP 429, 10 times)",
    );
    expect(always.received).toHaveLength(10);
  });

  test("an answer that is too large is not read to its end", async () => {
    const written = { bytes: 0, isClosed: false };
    const huge = await serve(() => ({
      by: (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.on("close", () => (written.isClosed = true));
        const piece = Buffer.alloc(64 * 1024, "1");
        const more = (): void => {
          while (!written.isClosed && written.bytes < 100 * 1024 * 1024) {
            written.bytes += piece.length;
            if (!response.write(piece)) return void response.once("drain", more);
          }
          response.end();
        };
        more();
      },
    }));
    const good = await serve(() => ({ body: "[1]" }));
    const { status, report } = await compare(good.url, huge.url, jsonl(1), { args: ["--max-answer", "1MB"] });
    expect({ status, why: report.notCompared[0]!.why }).toEqual({
      status: 2,
      why: "new: its answer is larger than 1048576 bytes (--max-answer)",
    });
    expect(written.bytes).toBeLessThan(50 * 1024 * 1024);
  });

  test("a small answer that unpacks to a huge one is not unpacked to its end", async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
    const [old, fresh] = [
      await serve(() => ({ body: "[1]" })),
      await serve(() => ({ headers: { "content-encoding": "gzip" }, body: bomb })),
    ];
    const { report } = await compare(old.url, fresh.url, jsonl(1), { args: ["--max-answer", "100KB"] });
    expect(report.new.errors).toEqual({ answerTooLarge: 1 });
  });

  test("an answer that does not come in time", async () => {
    const still = stillClock();
    const old = await serve(() => ({ body: "[1]" }));
    const fresh = await serve(() => ({ by: () => void setImmediate(still.ring) }));
    const { status, report } = await compare(old.url, fresh.url, jsonl(1), {
      clock: still.clock,
      args: ["--timeout", "5"],
    });
    expect(status).toBe(2);
    expect(report.notCompared[0]!.why).toMatch(/new: it did not answer within 5 s \(--timeout\)/);
  });
});

describe("inputs", () => {
  const folder = (files: Readonly<Record<string, string>>): string => {
    const path = join(root, `${(count += 1)}`);
    mkdirSync(path);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  };

  test("a folder's files by name, with the type of their extension", async () => {
    const [old, fresh] = [await serve(() => ({ body: "1" })), await serve(() => ({ body: "1" }))];
    const path = folder({ "b.csv": "1,2", "a.json": "[1]", "c.bin": "x", ".hidden": "no", "d.txt": "t" });
    mkdirSync(join(path, "e"));
    const { status, report } = await compare(old.url, fresh.url, path);
    expect(old.received.map(({ body, headers }) => [body, headers["content-type"]])).toEqual([
      ["[1]", "application/json"],
      ["1,2", "text/csv"],
      ["x", "application/octet-stream"],
      ["t", "text/plain"],
    ]);
    expect({ status, notCompared: report.notCompared }).toEqual({
      status: 2,
      notCompared: [{ id: "e", why: "a folder" }],
    });
  });

  test("lines are sent byte for byte; empty ones, marks and Windows' line ends are no part of them", async () => {
    const [old, fresh] = [await serve(() => ({ body: "1" })), await serve(() => ({ body: "1" }))];
    const file = jsonl("\ufeff[1.0,  9007199254740993]\r", "", "  \r", '{"a":NaN}', '"é"');
    await compare(old.url, fresh.url, file);
    expect(old.received.map(({ body }) => body)).toEqual(["[1.0,  9007199254740993]", '{"a":NaN}', '"é"']);
  });

  test("repeated inputs are sent once, and lines that are no JSON are named and not compared", async () => {
    const [old, fresh] = [await serve(echo), await serve(echo)];
    const { status, report } = await compare(old.url, fresh.url, jsonl([1], [2], [1], "{oops", "[1"));
    expect(old.received).toHaveLength(2);
    expect({ status, inputs: report.inputs }).toEqual({
      status: 2,
      inputs: { total: 5, duplicates: 1, equal: 2, different: 0, notCompared: 2 },
    });
    expect(report.notCompared).toEqual([
      { id: "line 4", why: "no JSON: expected a member's name at character 2" },
      { id: "line 5", why: 'no JSON: expected "," or "]" at character 3' },
    ]);
  });

  test.each([
    ["nothing there", () => join(root, "none"), /found nothing at .*none/],
    ["an empty folder", () => folder({}), /a request in each file of .*found none/],
    ["an empty file", () => jsonl(), /as JSON on each line of .*found none/],
    [
      "a file of another kind",
      () => jsonl("a,b", "1,2"),
      /found 2 that cannot be sent, the first for this: line 1 is no JSON/,
    ],
  ] as const)("%s", async (_name, path, says) => {
    const { status, error } = await compare("http://127.0.0.1:1/a", "http://127.0.0.1:1/b", path());
    expect({ status, code: error?.code }).toEqual({ status: 3, code: "NoInputs" });
    expect(error?.message).toMatch(says);
  });
});

describe("keys", () => {
  const keys = { AZUREML_OLD_KEY: "canary-of-the-old-key", AZUREML_NEW_KEY: "canary-of-the-new-key" };

  test("come from the environment or from the configuration, and are shown nowhere, even where an answer holds them", async () => {
    const old = await serve(({ headers }) => ({
      body: { seen: headers.authorization, [String(headers.authorization)]: 1 },
    }));
    const fresh = await serve(({ headers }) => ({ body: { seen: headers.authorization } }));
    const file = join(root, "keys.state");
    const config = JSON.stringify({
      "azureml:newKey": { value: keys.AZUREML_NEW_KEY, secret: true },
      "azureml:oldKey": { value: "another" },
    });
    for (const format of ["text", "markdown", "json"]) {
      const run = await runCli(
        [
          "compare",
          "--old",
          old.url,
          "--new",
          fresh.url,
          "--inputs",
          jsonl(1),
          "--resume",
          `${file}.${format}`,
          "--format",
          format,
          "--config-of",
          "prod",
        ],
        {
          clock: stillClock().clock,
          env: { AZUREML_OLD_KEY: ` ${keys.AZUREML_OLD_KEY}\n` },
          stackConfig: async () => config,
        },
      );
      expect(run.status).toBe(1);
      const all = run.stdout + run.stderr + readFileSync(`${file}.${format}`, "utf8");
      expect(all).toContain("[secret]");
      expect(all).not.toContain("canary");
    }
    expect([old, fresh].map(({ received }) => received[0]!.headers.authorization)).toEqual([
      "Bearer canary-of-the-old-key",
      "Bearer canary-of-the-new-key",
    ]);
  });

  test.each([
    ["old", "http://example.com/score", "http://127.0.0.1:1/"],
    ["new", "http://127.0.0.1:1/", "http://example.com/score"],
  ])("are not sent over plain http (%s)", async (side, old, fresh) => {
    const { status, error } = await compare(old, fresh, jsonl(1), { env: keys });
    expect({ status, code: error?.code }).toEqual({ status: 3, code: "InsecureAddress" });
    expect(error?.message).toContain(`https:// in --${side}`);
    expect(error?.message).toContain("kubectl port-forward");
  });

  test("a service that refuses from the beginning ends the run, with what to do", async () => {
    const [old, fresh] = [await serve(echo), await serve(() => ({ status: 401 }))];
    const { status, error } = await compare(old.url, fresh.url, jsonl(1, 2, 3, 4, 5, 6, 7));
    expect({ status, code: error?.code, sent: old.received.length }).toEqual({
      status: 3,
      code: "NoAnswers",
      sent: 5,
    });
    expect(error?.message).toContain("the new service at");
    expect(error?.message).toContain("AZUREML_NEW_KEY");
  });

  test("a service that fails in the middle is not asked for ever, and what is left was not sent", async () => {
    const [old, fresh] = [
      await serve(echo),
      await serve((request, number) => (number > 2 ? { status: 502 } : echo(request))),
    ];
    const { status, report } = await compare(old.url, fresh.url, jsonl(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect({ status, sent: old.received.length, equal: report.inputs.equal }).toEqual({
      status: 2,
      sent: 7,
      equal: 2,
    });
    expect(report.ended).toMatch(/^the new service at .* failed 5 times in a row: its model crashed/);
    expect(report.notCompared.at(-1)).toEqual({ id: "2 inputs", why: "not sent" });
  });
});

describe("a web service by its name", () => {
  const emulated = async (service: object = {}) => {
    const emulator = await startEmulator({
      operationTime: 0,
      seed: {
        services: [
          {
            ...{ name: "fraud", computeType: "AKS", computeName: "aks", state: "Healthy" },
            keys: { primaryKey: "canary-of-a-primary-key", secondaryKey: "canary-of-a-second-key" },
            environmentImageRequest: { modelIds: ["sk:1"] },
            ...service,
          },
        ],
      },
    });
    open.push(emulator);
    return emulator;
  };
  const regenerate = async (workspace: Awaited<ReturnType<typeof emulated>>) => {
    const key = { keyType: "Primary", keyValue: "canary-of-a-later-key" };
    const answer = await callWorkspace(workspace, "POST", "/services/fraud/regenerateKeys", key);
    expect(answer.ok).toBe(true);
  };

  test.each([
    ["a key", {}],
    ["a token", { authEnabled: false, aadAuthEnabled: true }],
    ["neither", { authEnabled: false }],
  ])("with %s", async (_name, service) => {
    const emulator = await emulated(service);
    const fresh = await serve(({ body }) => ({
      body: { service: "fraud", models: ["sk:1"], input: JSON.parse(body) as unknown },
    }));
    const { status, report, stdout, stderr } = await compare("fraud", fresh.url, jsonl([1], [2]), {
      env: envFor(emulator),
    });
    expect({ status, equal: report.inputs.equal }).toEqual({ status: 0, equal: 2 });
    expect(stdout + stderr).not.toContain("canary");
    expect(emulator.requests().filter(({ path }) => /listkeys|token$/.test(path)).length).toBeLessThan(2);
  });

  test("a key that is rotated meanwhile is read once more", async () => {
    const emulator = await emulated();
    const fresh = await serve(({ body }) => ({
      body: { service: "fraud", models: ["sk:1"], input: JSON.parse(body) as unknown },
    }));
    const still = stillClock();
    const clock = {
      ...still.clock,
      sleep: async (ms: number) => {
        if (fresh.received.length === 2) await regenerate(emulator);
        await still.clock.sleep(ms);
      },
    };
    const { status, report } = await compare("fraud", fresh.url, jsonl(1, 2, 3, 4), {
      env: envFor(emulator),
      clock,
    });
    expect({ status, equal: report.inputs.equal }).toEqual({ status: 0, equal: 4 });
    expect(emulator.requests().filter(({ path }) => path.includes("listkeys"))).toHaveLength(2);
  });

  test("a key that is refused although it was read anew", async () => {
    const emulator = await emulated();
    emulator.addFault({ path: "/score$", status: 401, times: 100, body: "no" });
    const fresh = await serve(echo);
    const { status, report } = await compare("fraud", fresh.url, jsonl(1), { env: envFor(emulator) });
    expect(status).toBe(2);
    expect(report.notCompared[0]!.why).toMatch(
      /^old: its key or token was refused \(HTTP 401\)\. Its key was read from the workspace/,
    );
  });

  test("that is not there", async () => {
    const emulator = await emulated();
    const { status, error } = await compare("fraudd", "http://127.0.0.1:1/", jsonl(1), {
      env: envFor(emulator),
    });
    expect({ status, code: error?.code }).toEqual({ status: 3, code: "NotFound" });
  });
});

describe("a run that is carried on", () => {
  const state = (): string => join(root, `${(count += 1)}.state`);

  test("asks nothing twice but what failed, and counts all", async () => {
    const old = await serve(echo);
    const fresh = await serve((request, number) => (number === 2 ? { status: 502 } : echo(request)));
    const [file, inputs] = [state(), jsonl([1], [2], [3])];
    const first = await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    expect([first.status, first.report.inputs.equal]).toEqual([2, 2]);
    const second = await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    expect([second.status, second.report.inputs.equal]).toEqual([0, 3]);
    expect(old.received.map(({ body }) => body)).toEqual(["[1]", "[2]", "[3]", "[2]"]);
    expect(second.stderr).toContain("2 have results from before");
    await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    expect(old.received).toHaveLength(4);
  });

  test("after ^C: it says where it stands and how to go on, never ends with 0, and misses nothing", async () => {
    const stop = new AbortController();
    const old = await serve((request, number) => {
      if (number === 3) stop.abort();
      return number === 3 ? { by: () => undefined } : echo(request);
    });
    const fresh = await serve(echo);
    const [file, inputs] = [state(), jsonl([1], [2], [3], [4])];
    const first = await compare(old.url, fresh.url, inputs, {
      args: ["--resume", file],
      interrupt: stop.signal,
    });
    expect(first.status).toBe(3);
    expect(first.report).toMatchObject({ ended: "interrupted", inputs: { equal: 2, notCompared: 2 } });
    expect(first.stderr).toContain(
      `interrupted, with 2 of 4 inputs compared. Run it again with --resume ${file}`,
    );
    const second = await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    expect([second.status, second.report.inputs.equal]).toEqual([0, 4]);
  });

  test("a last line that was cut is cut off", async () => {
    const [old, fresh] = [await serve(echo), await serve(echo)];
    const [file, inputs] = [state(), jsonl([1], [2])];
    await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, -20));
    const { status, report } = await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    expect([status, report.inputs.equal, old.received.length]).toEqual([0, 2, 3]);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual([
      "format",
      "digest",
      "digest",
    ]);
  });

  test.each([
    ["--absolute", ["--absolute", "1"]],
    ["--ignore", ["--ignore", "a"]],
    ["--max-answer", ["--max-answer", "5KB"]],
  ])("another %s is refused", async (option, args) => {
    const [old, fresh] = [await serve(echo), await serve(echo)];
    const [file, inputs] = [state(), jsonl([1])];
    await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    const { status, error } = await compare(old.url, fresh.url, inputs, {
      args: ["--resume", file, ...args],
    });
    expect({ status, code: error?.code }).toEqual({ status: 3, code: "OtherRun" });
    expect(error?.message).toContain(option);
  });

  test("another address is refused, and so is a file of something else, which stays as it is", async () => {
    const [old, fresh] = [await serve(echo), await serve(echo)];
    const [file, inputs] = [state(), jsonl([1])];
    await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
    const other = await compare(`${old.url}2`, fresh.url, inputs, { args: ["--resume", file] });
    expect(other.error?.code).toBe("OtherRun");
    for (const text of ["notes\n", "notes", '{"a":1}\n', "[1]"]) {
      writeFileSync(file, text);
      const { error } = await compare(old.url, fresh.url, inputs, { args: ["--resume", file] });
      expect(error?.code).toBe("CannotRead");
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });
});

describe("arguments", () => {
  test.each([
    [["--old", "ftp://a/b"], "--old: expected an address that begins with https://"],
    [
      ["--old", "Not A Name"],
      "--old: expected an address that begins with https://, or a web service's name",
    ],
    [["--old", "https://me:secret@host/"], "--old: expected an address without a user or password"],
    [["--rate", "0"], "--rate: expected a number from 0.001 to 1000"],
    [["--rate", "fast"], "--rate: expected a number from 0.001 to 1000"],
    [["--absolute", "-1"], "--absolute"],
    [["--relative", "2"], "--relative: expected a number from 0 to 1"],
    [["--ignore", "a[b"], "--ignore: expected a path (names joined by dots"],
    [["--ignore", "$"], "--ignore: expected a path below the answer itself"],
    [["--max-answer", "1GB"], "--max-answer: expected a size of at most 256MB"],
    [["--format", "xml"], "--format: expected text, markdown, json"],
    [["--format", "markdown"], "--json and --format markdown exclude each other"],
  ])("%j", async (args, says) => {
    const base = { "--old": "https://a.test/", "--new": "https://b.test/", "--inputs": "x" };
    const given = Object.entries({ ...base, [args[0]!]: args[1]! }).flat();
    const { status, stdout } = await runCli(["compare", ...given, "--json"]);
    expect(status).toBe(3);
    expect((JSON.parse(stdout) as { error: { message: string } }).error.message).toContain(says);
  });

  test("the same address twice", async () => {
    const { status, error } = await compare("https://a.test/x", "https://A.test/x#y", jsonl(1));
    expect({ status, code: error?.code }).toEqual({ status: 3, code: "SameAddress" });
  });
});

describe("what is printed", () => {
  test("no more inputs than --show says", async () => {
    const [old, fresh] = [await serve(() => ({ body: "1" })), await serve(() => ({ body: "2" }))];
    const inputs = jsonl(1, 2, 3, "{", "[", "]");
    const { report } = await compare(old.url, fresh.url, inputs, { args: ["--show", "2"] });
    expect(report.inputs).toMatchObject({ different: 3, notCompared: 3 });
    expect(report.differences.map(({ input }) => input)).toEqual(["line 1", "line 2"]);
    expect(report.notCompared.slice(2)).toEqual([{ id: "1 other", why: "not shown (--show)" }]);
  });

  const both = async (format: string) => {
    const old = await serve(() => ({ body: { "a|b": "`x` @all\u001b[31m", n: 1, list: [1, 2] } }));
    const fresh = await serve((_request, number) =>
      number === 1 ? { body: { n: 2, list: [2, 1], more: "<b>" } } : { status: 502 },
    );
    const run = await runCli(
      ["compare", "--old", old.url, "--new", fresh.url, "--inputs", jsonl(1, 2, 1), "--format", format],
      { clock: stillClock().clock },
    );
    return run.stdout
      .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
      .replaceAll(/(?<=[ |])\d+(?:\.\d)?(?= +\|| {2})/g, "N");
  };

  test("text", async () => {
    expect((await both("text")).split("\n")).toEqual([
      "old           http://HOST/score",
      "new           http://HOST/score",
      "",
      "inputs        3",
      "equal         0 (numbers are equal within 1e-9, or 1e-6 of the larger one)",
      "different     1",
      "not compared  1",
      "",
      "latency (ms)       p50       p95       p99  errors",
      "old                  N         N         N  none",
      "new                  N         N         N  unavailable 1",
      "",
      "1 input repeated an earlier one, and the earlier one was sent for both.",
      "",
      "Different (1)",
      "  line 1",
      '    $.a|b missing: "`x` @all\\u001b[31m"',
      "    $.n number: 1 -> 2",
      "    $.list order: [1,2] -> [2,1]",
      '    $.more added: "<b>"',
      "",
      "Not compared (1)",
      "  line 2: new: its model crashed, or cannot be reached by its front end (HTTP 502)",
      "",
    ]);
  });

  test("markdown: totals first, and nothing of an answer acts", async () => {
    const lines = (await both("markdown")).split("\n");
    expect(lines.slice(0, 5)).toEqual([
      "### Answers compared: 1 of 3 inputs differ",
      "",
      "| inputs | equal | different | not compared |",
      "| ---: | ---: | ---: | ---: |",
      "| N | N | N | N |",
    ]);
    expect(lines.filter((line) => line.includes("`line"))).toEqual([
      '| `line 1` | `$.a\\|b` | missing | `` "`x` @all\\u001b[31m" `` |  |',
      "| `line 1` | `$.n` | number | `1` | `2` |",
      "| `line 1` | `$.list` | order | `[1,2]` | `[2,1]` |",
      '| `line 1` | `$.more` | added |  | `"<b>"` |',
      "| `line 2` | new: its model crashed, or cannot be reached by its front end (HTTP 502) |",
    ]);
  });

  test("json", async () => {
    const { inputs, differences } = JSON.parse(await both("json")) as Report;
    expect(inputs).toEqual({ total: 3, duplicates: 1, equal: 0, different: 1, notCompared: 1 });
    expect(differences[0]!.differences.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "$.a|b missing",
      "$.n number",
      "$.list order",
      "$.more added",
    ]);
  });
});

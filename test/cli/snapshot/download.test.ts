import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError } from "../../../provider/azure/errors";
import { TransportFault, type Download } from "../../../provider/azure/http";
import type { StoredFiles } from "../../../provider/azure/webservices";
import { download } from "../../../cli/snapshot/download";
import { ownFolder } from "../../harness/own-folder";

const root = ownFolder();
let count = 0;
const fresh = (): string => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  return join(folder, "model.bin");
};

const CONTENT = Buffer.from("0123456789".repeat(10));
const md5 = createHash("md5").update(CONTENT).digest("base64");
const sha256 = createHash("sha256").update(CONTENT).digest("hex");

/** One answer of the storage: from which byte, how much of it arrives, and what it says. */
interface Answer {
  readonly status?: number;
  readonly cutAt?: number;
  readonly headers?: Record<string, string>;
  readonly refuses?: Error;
}

const storage = (answers: readonly Answer[]) => {
  const asked: number[] = [];
  const slept: number[] = [];
  const open = async (_: string, from: number): Promise<Download> => {
    const {
      status = from > 0 ? 206 : 200,
      cutAt = CONTENT.length,
      headers = {},
      refuses,
    } = answers[asked.length] ?? {};
    asked.push(from);
    if (refuses) throw refuses;
    const rest = CONTENT.subarray(status === 206 ? from : 0);
    const content = (async function* () {
      for (let at = 0; at < Math.min(cutAt, rest.length); at += 7)
        yield rest.subarray(at, Math.min(at + 7, cutAt));
      if (cutAt < rest.length) throw Object.assign(new Error("cut"), { code: "UND_ERR_SOCKET" });
    })();
    return { status, headers: { "content-length": String(rest.length), ...headers }, content };
  };
  const clock = { now: () => 0, random: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const files: StoredFiles = { open, ofAsset: async () => [] };
  const get = (path: string, interrupt = new AbortController().signal) =>
    download({ clock, interrupt }, { files }, "LocalUpload/c/model.bin", path);
  return { get, asked, slept };
};

test.each<[string, readonly Answer[], number[]]>([
  ["at once", [{ headers: { "content-md5": md5 } }], [0]],
  ["after a cut, from where it broke", [{ cutAt: 30 }, {}], [0, 30]],
  [
    "after several cuts",
    [{ cutAt: 30 }, { cutAt: 3 }, { refuses: new TransportFault("Refused", false, "ECONNREFUSED") }, {}],
    [0, 30, 33, 33],
  ],
  ["from the beginning, where the storage knows no ranges", [{ cutAt: 30 }, { status: 200 }], [0, 30]],
  [
    "from the beginning, where the part is of a longer file",
    [
      { cutAt: 30 },
      { refuses: new ServiceError({ action: "a", code: "UnexpectedStatus", status: 416 }) },
      {},
    ],
    [0, 30, 0],
  ],
])("%s", async (_, answers, asked) => {
  const path = fresh();
  const stored = storage(answers);
  expect(await stored.get(path)).toEqual({ bytes: CONTENT.length, sha256 });
  expect({
    asked: stored.asked,
    content: readFileSync(path, "utf8"),
    files: readdirSync(join(path, "..")),
  }).toEqual({
    asked,
    content: CONTENT.toString(),
    files: ["model.bin"],
  });
});

test("a part that an earlier run left is carried on", async () => {
  const path = fresh();
  writeFileSync(`${path}.part`, CONTENT.subarray(0, 55));
  const stored = storage([{}]);
  expect(await stored.get(path)).toEqual({ bytes: CONTENT.length, sha256 });
  expect(stored.asked).toEqual([55]);
});

test("a part of another file is found out by the digest, and dropped", async () => {
  const path = fresh();
  writeFileSync(`${path}.part`, "x".repeat(55));
  const stored = storage([{ headers: { "x-ms-blob-content-md5": md5 } }, {}]);
  expect(await stored.get(path)).toEqual({ bytes: CONTENT.length, sha256 });
  expect(stored.asked).toEqual([55, 0]);
});

test("a connection that keeps breaking ends the tries, and keeps what has arrived", async () => {
  const path = fresh();
  const stored = storage([1, 2, 3, 4, 5].map(() => ({ cutAt: 5 })));
  await expect(stored.get(path)).rejects.toMatchObject({ code: "ConnectionLost" });
  expect(stored.asked).toEqual([0, 5, 10, 15, 20]);
  expect(stored.slept).toEqual([1000, 2000, 4000, 8000]);
  expect(readFileSync(`${path}.part`, "utf8")).toBe(CONTENT.subarray(0, 25).toString());
});

test("a whole file with another MD5 is refused, and is not there", async () => {
  const path = fresh();
  await expect(storage([{ headers: { "content-md5": "AAAA" } }]).get(path)).rejects.toMatchObject({
    code: "DigestDiffers",
  });
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test("more bytes than announced are no whole file", async () => {
  await expect(
    storage([1, 2, 3, 4, 5].map(() => ({ status: 200, headers: { "content-length": "7" } }))).get(fresh()),
  ).rejects.toMatchObject({
    code: "ConnectionLost",
  });
});

test("what cannot be written is a sentence", async () => {
  const path = fresh();
  mkdirSync(`${path}.part`);
  await expect(storage([{}]).get(path)).rejects.toMatchObject({ code: "CannotWrite" });
});

test("an interruption ends it at once", async () => {
  const stop = new AbortController();
  stop.abort();
  const stored = storage([{ cutAt: 5 }]);
  await expect(stored.get(fresh(), stop.signal)).rejects.toBeInstanceOf(TransportFault);
  expect(stored.asked).toEqual([0]);
});

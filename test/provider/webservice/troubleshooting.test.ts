import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { startStage } from "./stage";
import { generalised, troubles } from "./troubles";

jest.setTimeout(60_000);

const root = join(__dirname, "..", "..", "..");
const page = readFileSync(join(root, "docs", "troubleshooting.md"), "utf8");

/** Code and message of each section. */
const sections = [...page.matchAll(/^### .*: `(\w+)`\n\n```text\n([^]*?)\n```/gm)].map(
  ([, code, message]) => [code!, message!] as const,
);

/** Without the lines that are quoted from a log, and how many they are. */
const withoutLogs = (message: string): readonly string[] =>
  generalised(message)
    .replace(/, last (line|\d+ lines):/g, ", last lines:")
    .split("\n")
    .filter((line) => !line.startsWith("  "));

const shownOf = (error: Error): string =>
  error instanceof ResourceInitFailed ? error.reasons.join("\n") : error.message;

const sources = (folder: string): string =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, folder, file), "utf8"))
    .join("\n");

const code = ["provider", "sdk"].map(sources).join("\n");

describe("docs/troubleshooting.md", () => {
  it.each(Object.entries(troubles))("shows the message of %s as it is printed", async (name, make) => {
    const stage = await startStage({ operationTime: 5_000 });
    try {
      const shown = sections.find(([section]) => section === name)?.[1] ?? "no section";
      expect(withoutLogs(shown)).toEqual(withoutLogs(shownOf(await make(stage))));
    } finally {
      await stage.close();
    }
  });

  it.each(sections)("names %s, which the code has", (name, message) => {
    expect(message).toContain(name);
    expect(code).toMatch(new RegExp(`["\`]${name}(["\`]|: )`));
  });

  it("names each code that the lifecycle writes", () => {
    const lifecycle = sources("provider/webservice");
    const written = [...lifecycle.matchAll(/["`]([A-Z][A-Za-z]+): |code: "([A-Z]\w+)"/g)].map(
      ([, start, member]) => start ?? member,
    );
    const named = new Set([...page.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name));
    expect(new Set(written).size).toBeGreaterThan(15);
    expect(
      [...new Set(written)].filter((each) => !named.has(each!) && !["Deleting", "Migrating"].includes(each!)),
    ).toEqual([]);
  });
});

import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LATE_MODULES } from "../../../rehearsal/host/late-modules-flag";

const repository = join(__dirname, "..", "..", "..");

/** What a script prints, as JSON, in a process that is started as the rehearsal starts one. */
const printed = (script: string): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [...LATE_MODULES, "-e", `console.log(JSON.stringify(${script}))`], {
      cwd: repository,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );

const LOADED = "Object.keys(require.cache).some((file) => /typescript\\/lib|arborist\\/lib/.test(file))";

test("is part of what was built", () => expect(LATE_MODULES).toHaveLength(2));

test("the SDK starts without either module", () => {
  expect(printed(`(require("@pulumi/pulumi"), ${LOADED})`)).toBe(false);
});

test("a module is there as soon as something of it is asked for", () => {
  expect(printed(`[require("typescript").version, ${LOADED}]`)).toEqual([
    (jest.requireActual("typescript") as { version: string }).version,
    true,
  ]);
});

test("all of a module is there", () => {
  const names = '(m) => [Object.keys(m).length > 100, "transpile" in m, typeof m.transpile]';
  expect(printed(`(${names})(require("typescript"))`)).toEqual([true, true, "function"]);
});

test("a module that is not installed fails where it is required, so that the SDK takes its own", () => {
  const script =
    'try { require("typescript"); console.log("there"); } catch ({ code }) { console.log(code); }';
  const elsewhere = { cwd: tmpdir(), encoding: "utf8" } as const;
  const out = execFileSync(process.execPath, [...LATE_MODULES, "-e", script], elsewhere);
  expect(out.trim()).toBe("MODULE_NOT_FOUND");
});

test("the SDK still writes functions as text, which takes both", () => {
  const text =
    'require("@pulumi/pulumi").runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify(/42/.test(text)))) && undefined';
  const out = execFileSync(process.execPath, [...LATE_MODULES, "-e", text], {
    cwd: repository,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(out.trim()).toBe("true");
});

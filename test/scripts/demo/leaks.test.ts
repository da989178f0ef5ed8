import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesIn, leaks, withoutDebugMessages } from "../../../scripts/demo/leaks";

const secrets = [
  { name: "primary key", value: "k3y" },
  { name: "bearer token", value: "t0ken" },
];

test("names each secret and each place where it can be read, and never the secret", () => {
  const places = [
    { where: "state", text: '{"primaryKey":"k3y"}' },
    { where: "history", text: "k3y and t0ken" },
    { where: "output", text: "[secret]" },
  ];
  expect(leaks(places, secrets)).toEqual([
    "primary key in state",
    "primary key in history",
    "bearer token in history",
  ]);
});

test("reads every file of a folder, binary ones too, and follows no link", () => {
  const folder = mkdtempSync(join(tmpdir(), "leaks-"));
  try {
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    writeFileSync(join(folder, "deep", "er", "state"), Buffer.from([0xff, 0x00, ...Buffer.from("k3y")]));
    writeFileSync(join(folder, "clean"), "nothing");
    symlinkSync(tmpdir(), join(folder, "link"), "junction");
    expect(
      filesIn(folder)
        .map(({ where }) => where)
        .sort(),
    ).toEqual(["clean", join("deep", "er", "state")]);
    expect(leaks(filesIn(folder), secrets)).toEqual([`primary key in ${join("deep", "er", "state")}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("of an event log only the debug messages are left out; of other files, nothing", () => {
  const debug = '{"diagnosticEvent":{"message":"k3y","severity":"debug"}}';
  const [shown, step] = [debug.replace("debug", "info"), '{"resourcePreEvent":{"key":"t0ken"}}'];
  const text = [debug, shown, step].join("\n");
  expect(withoutDebugMessages({ where: "events.jsonl", text }).text).toBe([shown, step].join("\n"));
  expect(withoutDebugMessages({ where: "dev.json", text }).text).toBe(text);
});

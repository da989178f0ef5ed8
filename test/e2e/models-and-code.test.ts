import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  exampleFolder,
  forgetOwnSettings,
  openSession,
  workspaceConfig,
  type Session,
} from "../harness/session";
import { changes, plan, runCommand, type Command, type Operation } from "../harness/operation";
import { openWorkspace } from "../harness/workspace";
import { rehearsalEngine } from "../harness/engines/rehearsal";

jest.setTimeout(300_000);
forgetOwnSettings();

let session: Session;
beforeAll(async () => {
  session = await openSession(rehearsalEngine, exampleFolder("register-model"));
  await session.stack.setConfig(workspaceConfig(session));
});
afterAll(() => session.close());

const run = async (command: Command): Promise<Operation> => {
  const operation = await runCommand(session.stack, command, () => openWorkspace(session.emulator()).calls());
  if (!operation.succeeded) throw new Error(`pulumi ${command} failed:\n${operation.text}`);
  return operation;
};

const write = (path: string, text: string): void => writeFileSync(join(session.folder.project, path), text);

const kinds = (operation: Operation): readonly string[] =>
  changes(operation).map((call) => call.replace(/[0-9a-f]{8,16}|\d{6}T\d{6}/g, "#"));

it("a model and its code go from version to version, in the order that keeps the service served", async () => {
  await run("up");

  write("model/fraud.json", '{ "amount": 0.6, "foreign": 0.4 }\n');
  const preview = await run("preview");
  expect(plan(preview).join("\n")).toMatch(/fraud: .*replace.* source/);
  expect(plan(preview)).toContainEqual(expect.stringMatching(/^fraud-scoring: update.* models/));
  expect(changes(preview)).toEqual([]);

  const up = await run("up");
  const sent = kinds(up);
  const at = (pattern: RegExp): number => sent.findIndex((call) => pattern.test(call));
  expect([at(/POST \/?models/), at(/PATCH .*services/), at(/DELETE .*models/)]).toEqual(
    [at(/POST \/?models/), at(/PATCH .*services/), at(/DELETE .*models/)].sort((a, b) => a - b),
  );
  expect(Math.min(at(/POST \/?models/), at(/PATCH .*services/), at(/DELETE .*models/))).toBeGreaterThan(-1);
  expect(up.text).toContain("fraud:2");

  write("src/features.py", 'def features_of(payment):\n    return {"amount": payment["amount"]}\n');
  const code = await run("preview");
  expect(plan(code)).toEqual([expect.stringMatching(/^fraud-scoring: update inferenceConfig/)]);
  expect(code.text).toMatch(/archive\(file:\w+(->|\) => archive\(file:)\w+\)/);
  const deployed = await run("up");
  expect(kinds(deployed).filter((call) => /models|assets/.test(call))).toEqual([]);
  expect(kinds(deployed).filter((call) => /PATCH/.test(call))).toHaveLength(1);

  expect(plan(await run("refresh"))).toEqual([]);
  expect(plan(await run("preview"))).toEqual([]);
  await run("destroy");
  expect(await openWorkspace(session.emulator()).services()).toEqual([]);
});

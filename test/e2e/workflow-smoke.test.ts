import { exampleFolder, openSession, workspaceConfig, type Session } from "../harness/session";
import { rehearsalEngine } from "../harness/engines/rehearsal";

jest.setTimeout(300_000);

/** A model that fails in the scoring example's smoke test. */
describe("a smoke test in a program", () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(rehearsalEngine, exampleFolder("scoring"));
    await session.stack.setConfig(workspaceConfig(session));
  });
  afterAll(() => session.close());

  const fail = async (fault: object) => {
    const answer = await fetch(`${session.emulator().url}/_emulator/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fault),
    });
    expect(answer.status).toBe(204);
  };

  it("fails the update on the resource's row, with the service's words and no stack; the next one passes", async () => {
    await fail({ path: "fraud/score", status: 500, body: { message: "KeyError: 'data'" } });
    const failed = await session.stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.text).toMatch(
      /error \(fraud\): Cannot score with service "fraud": ModelFailed[^]*KeyError: 'data'/,
    );
    expect(failed.text).not.toMatch(/\n\s+at |unhandled exception/);

    const passed = await session.stack.up();
    expect({ exitCode: passed.exitCode, changes: passed.changes }).toEqual({
      exitCode: 0,
      changes: { same: 2 },
    });
    expect(await session.stack.outputs()).toMatchObject({
      smokeTest: { service: "fraud", input: { data: [[0.1, 3.2, 1]] } },
      accessToken: "[secret]",
    });
  });
});

import { findPulumi } from "../harness/engines/pulumi";
import { plan, runCommand, type Command } from "../harness/operation";
import { forgetOwnSettings } from "../harness/session";
import { isChange, nameOf, openWorkspace } from "../harness/workspace";
import { openKept, versions, type Kept } from "../states/kept";

// States that versions left behind (`npm run states` wrote them under the real engine) are read by this one: nothing differs, a change
// is an update in place, and only what was made by the program is deleted.

jest.setTimeout(600_000);
forgetOwnSettings();

const cli = findPulumi() !== undefined;

test("there is a state of a version", () => {
  expect(versions()).toContain("0.1.0");
});

(cli ? describe : describe.skip).each(versions())(
  `a state of %s${cli ? "" : " (skipped: no Pulumi CLI)"}`,
  (version) => {
    let kept: Kept;
    beforeAll(async () => {
      kept = await openKept(version);
    });
    afterAll(() => kept.close());

    const calls = () => openWorkspace(kept.emulator).calls();
    const go = async (command: Command) => {
      const operation = await runCommand(kept.stack, command, calls);
      expect(operation.succeeded ? "" : operation.text).toBe("");
      return { plan: plan(operation), changes: operation.calls.filter(isChange).map(nameOf).sort() };
    };
    const nothing = { plan: [], changes: [] };

    test("shows no difference, neither to the program nor to the workspace", async () => {
      expect(await go("preview")).toEqual(nothing);
      expect(await go("refresh")).toEqual(nothing);
      expect(await go("preview")).toEqual(nothing);
      expect(await kept.stack.outputs({ showSecrets: true })).toMatchObject({
        coded: "coded",
        adopted: expect.stringMatching(/^\w{32}$/) as unknown,
      });
    });

    test("is updated in place, and repeats no key, code or model", async () => {
      await kept.stack.setConfig({ "states:cpuCores": "0.7" });
      const { plan, changes } = await go("up");
      // The engine's own list: a refresh keeps inferenceConfig as one secret, the program has a secret within it. It is not sent.
      // Where the reference to the provider is written otherwise today, an update for another reason stores it anew; no preview shows it.
      const shown = plan.map((line) => line.replace(" __provider", ""));
      expect(shown.sort()).toEqual(["coded: update cpuCores inferenceConfig", "made: update cpuCores"]);
      const sent = (await calls()).filter(({ method }) => method === "PATCH").map(({ body }) => body);
      const onlyCores = [{ op: "replace", path: "/containerResourceRequirements/cpu", value: 0.7 }];
      expect(sent).toEqual([onlyCores, onlyCores]);
      expect(changes).toEqual(["PATCH services/coded", "PATCH services/made"]);
      expect(await go("preview")).toEqual(nothing);
    });

    test("is destroyed: what the program made is deleted, and what somebody made stays", async () => {
      const { changes } = await go("destroy");
      expect(changes).toEqual(["DELETE models/fraud:1", "DELETE services/coded", "DELETE services/made"]);
      expect((await openWorkspace(kept.emulator).services()).map(({ name }) => name)).toEqual([
        "of-somebody",
      ]);
    });
  },
);

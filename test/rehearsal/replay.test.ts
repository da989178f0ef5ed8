import { join } from "node:path";
import type { Fault } from "../../rehearsal/faults";
import { firstDifference } from "../../rehearsal/replay/difference";
import type { Difference } from "../../rehearsal/replay/difference";
import { replay } from "../../rehearsal/replay/replay";
import { readJson } from "../../rehearsal/replay/scenario";
import type { RecordedStep, Scenario } from "../../rehearsal/replay/scenario";

// All recordings are replayed by `npm run replay`, which takes minutes. Here are the first steps of a few, and the proof
// that they notice a broken engine.

const settings = {
  recorder: join(__dirname, "recorder"),
  modules: join(__dirname, "..", "..", "node_modules"),
};

/** Replays the first steps of a scenario. */
async function differenceIn(name: string, steps: number, fault?: Fault): Promise<Difference | undefined> {
  const scenario = readJson<Scenario>(join(__dirname, "scenarios"), name);
  const recorded = readJson<{ steps: readonly RecordedStep[] }>(join(__dirname, "transcripts"), name);
  const shortened = { ...scenario, steps: scenario.steps.slice(0, steps) };
  const played = await replay(name, shortened, { ...settings, ...(fault ? { faults: [fault] } : {}) });
  if ("outOfScope" in played) throw new Error(played.outOfScope);
  return firstDifference(recorded.steps.slice(0, steps), played.steps);
}

jest.setTimeout(300_000);

describe("the recordings of the real engine", () => {
  it.each([
    ["update-in-place", 2],
    ["refresh-changed-props", 2],
    ["component-dependency-failure", 1],
  ])("%s: the rehearsal does the same", async (name, steps) => {
    expect(await differenceIn(name, steps)).toBeUndefined();
  });

  it("are not played where the rehearsal would do something else", async () => {
    await expect(differenceIn("target-up", 2)).rejects.toThrow(
      "the rehearsal does not take --target; use the Pulumi CLI",
    );
  });
});

describe("a broken engine is noticed", () => {
  it.each<[Fault, string, number, string]>([
    ["same-takes-new-outputs", "diff-false-with-difference", 2, "step 2 calls[2].news.x"],
    ["secrets-not-marked-again", "secrets-inputs", 1, "step 1 state.resources[0].outputs.k"],
    ["delete-by-provider-of-inputs", "provider-text-change", 6, "step 6 calls[0].props.__provider"],
    ["refresh-skips-diff", "refresh-changed-props", 2, "step 2 calls[1]"],
    ["destroy-in-creation-order", "component-parent", 2, "step 2 calls[3].id"],
  ])("%s", async (fault, name, steps, at) => {
    const difference = await differenceIn(name, steps, fault);
    expect(difference?.at).toBe(at);
  });
});

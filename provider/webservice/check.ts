import { codeFailures } from "./code-failures";
import { check as checkInputs, type Checked } from "../core/check";
import type { Values, World } from "./world";

/** Refuses bad input with every failure at once, and makes the inputs complete. Only local files are looked at. */
export const check =
  (world: World) =>
  async (
    old: Values,
    news: Values,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }> => {
    const checked: Checked = checkInputs(old, news, await world.settings());
    const files = await codeFailures(checked.inputs);
    return { inputs: { ...checked.inputs }, failures: [...checked.failures, ...files] };
  };

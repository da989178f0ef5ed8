import type { Change, DiffAnswer, Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import { changedKeys } from "../values/compare";
import { withoutSecrets, type PropertyMap } from "../values/property";
import { inputsWithIgnored } from "./check";
import type { Deployment } from "./deployment";

/** What a comparison came to: the provider's answer, never undecided. */
export interface Diff extends DiffAnswer {
  readonly changes: boolean;
  /** What the engine itself found, where the provider left it to that. */
  readonly changedKeys: readonly string[];
}

/** Asks the provider; where it leaves the verdict open, the engine compares old and new inputs itself. */
export async function diffResource(
  deployment: Deployment,
  provider: Provider,
  resource: ResourceState,
  change: Change,
): Promise<Diff> {
  const answer = await provider.diff(change, deployment.options.dryRun);
  const { changes } = answer;
  if (changes !== undefined) return { ...answer, changes, changedKeys: [] };
  const kept = inputsWithIgnored(deployment, resource, change.oldInputs, change.newInputs);
  const olds = withoutSecrets(change.oldInputs) as PropertyMap;
  const news = withoutSecrets(kept) as PropertyMap;
  const differing = changedKeys(olds, news);
  return { ...answer, changes: differing.length > 0, changedKeys: differing };
}

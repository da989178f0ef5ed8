import type { Change, DiffAnswer, Provider } from "../host/provider";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import { changedKeys, detailedDiff } from "../values/compare";
import type { DetailedDiff, PropertyChange } from "../values/compare";
import { parsePath, pathContains } from "../values/path";
import type { PathKey } from "../values/path";
import { resetPath } from "../values/path-reset";
import { copyOf, withoutSecrets } from "../values/property";
import type { PropertyMap } from "../values/property";
import type { Deployment } from "./deployment";

/** What a comparison came to: like the provider's answer, but never undecided. */
export interface Diff extends DiffAnswer {
  readonly changes: boolean;
}

export const NO_DIFF: Diff = {
  changes: false,
  replaceKeys: [],
  changedKeys: [],
  detailedDiff: undefined,
  deleteBeforeReplace: false,
};

/** Asks the provider; where it leaves the verdict open, the engine compares old and new inputs itself. */
export async function diffResource(
  deployment: Deployment,
  provider: Pick<Provider, "diff">,
  change: Change,
  allowUnknowns: boolean,
): Promise<Diff> {
  const answer = await provider.diff(change, allowUnknowns);
  if (answer.changes !== undefined) return { ...answer, changes: answer.changes };
  const kept = keepIgnored(
    deployment,
    change.urn,
    change.newInputs,
    change.oldInputs,
    change.ignoreChanges ?? [],
  );
  const olds = withoutSecrets(change.oldInputs) as PropertyMap;
  const news = withoutSecrets(kept) as PropertyMap;
  const differing = changedKeys(olds, news);
  if (differing.length === 0) return { ...answer, changes: false };
  return { ...answer, changes: true, changedKeys: differing, detailedDiff: detailedDiff(olds, news) };
}

/** The new inputs with what `ignoreChanges` names set back to its old values. */
export function keepIgnored(
  { report }: Deployment,
  urn: Urn,
  news: PropertyMap,
  olds: PropertyMap,
  ignoreChanges: readonly string[],
): PropertyMap {
  if (ignoreChanges.length === 0) return news;
  const inputs = copyOf(news);
  const impossible = ignoreChanges.filter((text) => {
    const path = parsePath(text);
    return path !== undefined && !resetPath(path, olds, inputs);
  });
  if (impossible.length > 0) {
    const paths = JSON.stringify(impossible.join(", "));
    report.diagnostic(
      "info",
      urn,
      `cannot ignore changes in added or removed elements of the path: ${paths}`,
    );
  }
  return inputs;
}

/** The path that stands for "the resource did not come up" in `replaceOnChanges`. */
const INIT_ERROR = "#initerror";

/** Turns changes of what `replaceOnChanges` names into reasons to replace. */
export function withReplaceOnChanges(
  diff: Diff,
  replaceOnChanges: readonly string[],
  old: ResourceState | undefined,
): Diff {
  const hasInitErrors = (old?.initErrors.length ?? 0) > 0;
  if (!diff.changes && !hasInitErrors) return diff;
  const paths = replaceOnChanges.map(parsePath).filter((path) => path !== undefined);
  const named = (key: readonly PathKey[]): boolean => paths.some((path) => pathContains(path, key));
  const byKey = diff.changedKeys.filter((key) => named(parsePath(key) ?? [key]));
  const byInitError = hasInitErrors && named([INIT_ERROR]) ? [INIT_ERROR] : [];
  return {
    ...diff,
    changes: diff.changes || byInitError.length > 0,
    replaceKeys: [...new Set([...diff.replaceKeys, ...byKey]), ...byInitError],
    detailedDiff: diff.detailedDiff && replacing(diff.detailedDiff, named, byInitError),
  };
}

function replacing(
  diff: DetailedDiff,
  named: (path: readonly PathKey[]) => boolean,
  byInitError: readonly string[],
): DetailedDiff {
  const entries = Object.entries(diff).map(([path, change]) => [
    path,
    named(parsePath(path) ?? [path]) ? toReplace(change) : change,
  ]);
  const initErrors = byInitError.map((path) => [path, { kind: "update-replace", inputDiff: false }]);
  return Object.fromEntries([...entries, ...initErrors]) as DetailedDiff;
}

const toReplace = ({ kind, inputDiff }: PropertyChange): PropertyChange => ({
  kind: kind.endsWith("-replace") ? kind : (`${kind}-replace` as PropertyChange["kind"]),
  inputDiff,
});

/** Does the diff ask for a replacement rather than an update? */
export const replaces = ({ replaceKeys, detailedDiff: detail }: Diff): boolean =>
  replaceKeys.length > 0 || Object.values(detail ?? {}).some(({ kind }) => kind.endsWith("-replace"));

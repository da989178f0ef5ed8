import type { Services } from "../crossing";
import { everySetting, plainService } from "../settings";

/** What the Python client finds in a checkout, by the variables that stand for one. */
export const git = {
  AZUREML_GIT_REPOSITORY_URI: "https://example.com/models.git",
  AZUREML_GIT_BRANCH: "main",
  AZUREML_GIT_COMMIT: "0123456789abcdef",
  AZUREML_GIT_DIRTY: "True",
};

/** As the Python client makes them. */
export const deployed: Services = {
  ...everySetting("team"),
  git: plainService("git", { cpuCores: 0.5, properties: { team: "risk" } }),
  unlike: plainService("unlike", {
    ...{ cpuCores: 0.5, memoryGb: 1, autoscaleEnabled: true, autoscaleMaxReplicas: 4 },
    ...{ tags: { owner: "risk", old: "1" }, properties: { team: "risk" }, description: "Scores payments" },
    ...{ primaryKey: "first-key-of-python", secondaryKey: "second-key-of-python" },
  }),
  environment: plainService("environment", { cpuCores: 0.5 }),
};

/** What a program says of them; it says nothing of git, of an environment, or of most settings of `unlike`. */
export const adopting: Services = Object.fromEntries(
  Object.entries({
    ...deployed,
    unlike: plainService("unlike", {
      ...{ cpuCores: 0.7, numReplicas: 2, tags: { owner: "fraud" } },
      ...{ properties: { team: "risk", cost: "12" }, description: "", primaryKey: "first-key-of-ours" },
    }),
  }).map(([name, settings]) => [name, { ...settings, adopt: true }]),
);

/** What a program that says `adopting` must send, and no more: request, operation and path, value. */
export const difference = [
  ["PATCH services/unlike", "replace /autoScaler/autoscaleEnabled", false],
  ["PATCH services/unlike", "replace /numReplicas", 2],
  ["PATCH services/unlike", "replace /containerResourceRequirements/cpu", 0.7],
  ["PATCH services/unlike", "replace /kvTags", { owner: "fraud" }],
  ["PATCH services/unlike", "add /properties/cost", "12"],
  ["PATCH services/unlike", "replace /description", ""],
  ["POST services/unlike/regenerateKeys", "", { keyType: "Primary", keyValue: "first-key-of-ours" }],
];

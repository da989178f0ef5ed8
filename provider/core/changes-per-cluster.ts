import type { CheckContext } from "./address";
import { refusal, type Refusal } from "./check-failure";

const SETTING = "azureml:changesPerCluster";
const VARIABLE = "AZUREML_CHANGES_PER_CLUSTER";

/** How many services of one cluster may change at once; none where there is no limit. */
export interface ChangesPerCluster {
  readonly most?: number;
  /** The setting or variable that says so. */
  readonly name: string;
  readonly refusals: readonly Refusal[];
}

/** The limit by the environment, which decides before the stack's configuration. */
export const changesPerCluster = ({ config, env }: CheckContext): ChangesPerCluster => {
  const name = env[VARIABLE] ? VARIABLE : SETTING;
  const value = env[VARIABLE] || config[SETTING];
  if (!value) return { name, refusals: [] };
  const most = /^\d+$/.test(value.trim()) ? Number(value) : 0;
  if (Number.isSafeInteger(most) && most >= 1) return { most, name, refusals: [] };
  const next = `Correct or remove it. A destroy reads the configuration of the last \`pulumi up\`: there set ${VARIABLE}.`;
  return { name, refusals: [refusal("BadFormat", name, "an integer of at least 1", value, next)] };
};

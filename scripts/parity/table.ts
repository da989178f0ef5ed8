import { methods } from "./methods";
import type { Row } from "./row";
import { deployConfiguration, updates } from "./settings";
import { updatesApart } from "./updates-apart";
import { variables } from "./variables";

/** Everything that the documentation of azureml-core's AksWebservice names. */
export const parityTable: readonly Row[] = Object.freeze([
  ...methods,
  ...deployConfiguration,
  ...updates,
  ...updatesApart,
  ...variables,
]);

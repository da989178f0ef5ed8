/**
 * Where the provider means to differ from the Python client:
 * - `sends`: both send something, and it differs exactly at these places
 * - `refuses`: the client sends what the provider refuses, for these reasons
 * - `accepts`: the client refuses what the provider accepts
 */
export type Difference = {
  readonly why: string;
  /** Number of the client's quirk in the notes on its behaviour, where it is one. */
  readonly quirk?: number;
} & (
  { readonly sends: readonly string[] } | { readonly refuses: readonly string[] } | { readonly accepts: true }
);

const PAIR = "Only the pair that results is judged, not each value against the other's old one.";
const SERVER =
  "Only the workspace can tell, so the request is made and the service's own answer is reported.";
const ADVISORY = "Nothing is asked before: what counts is the answer to the request itself.";
const ZERO = "Zero and empty text are values; one that is live already is simply no change.";
const IMPLIED = "A bound turns autoscaling on by itself.";

export const differences: Readonly<Record<string, Difference>> = {
  "deploy.token_auth_enabled": {
    sends: ["authEnabled"],
    why: "Token authentication ends key authentication, which is said and not left to the service.",
  },
  "deploy.secondary_key_alone_is_dropped": {
    refuses: ["Missing primaryKey"],
    quirk: 6,
    why: "A key that was given is never lost in silence.",
  },
  "deploy.collect_false_is_dropped": {
    sends: ["dataCollection.eventHubEnabled", "dataCollection.storageEnabled"],
    quirk: 5,
    why: "What a program says is sent.",
  },
  "deploy.empty_tags_description_namespace": {
    refuses: ["BadFormat namespace"],
    quirk: 1,
    why: "Empty text names no namespace; leaving it out is the way to say so.",
  },
  "deploy.limits_alone_not_validated": {
    refuses: ["OutOfRange cpuCoresLimit", "OutOfRange memoryGbLimit"],
    quirk: 4,
    why: "A limit is judged with and without its request.",
  },
  "deploy.autoscale_zeroes_pass_when_off": {
    refuses: [
      "Exclusive autoscaleMaxReplicas",
      "Exclusive autoscaleMinReplicas",
      "OutOfRange autoscaleMaxReplicas",
      "OutOfRange autoscaleMinReplicas",
    ],
    quirk: 3,
    why: "A bound of 0 is wrong, and any bound is beside a fixed count.",
  },
  "deploy.target_utilization_has_no_ceiling": {
    refuses: ["OutOfRange autoscaleTargetUtilization"],
    why: "A utilization is a percentage.",
  },
  "deploy.overwrite": {
    sends: ["overwrite"],
    why: "A resource updates its service in place and never writes over a stranger's.",
  },
  "deploy.no_compute_at_all": {
    refuses: ["Missing computeTargetName"],
    quirk: 27,
    why: "A service cannot run nowhere.",
  },
  "deploy.git_properties_added": {
    sends: ["properties.azureml.git.branch", "properties.mlflow.source.git.branch"],
    quirk: 26,
    why: "What is sent depends on the program alone, not on the folder or the machine.",
  },
  "deploy.namespace_newline_passes": {
    refuses: ["BadFormat namespace"],
    quirk: 25,
    why: "The whole text must be a namespace's name.",
  },
  "deploy_from_image.everything": {
    sends: ["storageInitEnabled"],
    quirk: 30,
    why: "What a program says is sent, whichever way the service is deployed.",
  },
  "deploy_from_image.autoscale_off_is_dropped": {
    sends: ["autoScaler.autoscaleEnabled"],
    why: "What a program says is sent, whichever way the service is deployed.",
  },
  "deploy_from_image.overwrite": {
    sends: ["computeName", "overwrite"],
    quirk: 27,
    why: "There is one setting for the compute target, and a resource never writes over a stranger's service.",
  },
  "deploy_configuration.refuses.autoscale_min_without_enable": { accepts: true, quirk: 3, why: IMPLIED },
  "deploy_configuration.refuses.autoscale_target_without_enable": { accepts: true, quirk: 3, why: IMPLIED },
  "deploy.refuses.existing_name": { accepts: true, quirk: 19, why: ADVISORY },
  "deploy.refuses.validate_error": { accepts: true, quirk: 19, why: ADVISORY },
  "deploy.refuses.resource_error": { accepts: true, quirk: 19, why: ADVISORY },
  "deploy.validate_error_null_crashes": { accepts: true, quirk: 18, why: ADVISORY },
  "deploy.empty_primary_key": {
    refuses: ["BadFormat primaryKey"],
    why: "The client sends the empty text as a key; one that is no key would leave the endpoint to guesses.",
  },
  "update.autoscale_off_alone": {
    accepts: true,
    quirk: 3,
    why: "The flag alone ends autoscaling and keeps as many replicas as are live.",
  },
  "update.replicas_on_autoscaled": {
    sends: ["replace /autoScaler/autoscaleEnabled"],
    why: "A fixed count beside a running autoscaler means nothing, so it ends autoscaling in the same patch.",
  },
  "update.autoscale_bounds_alone": { accepts: true, quirk: 3, why: IMPLIED },
  "update.token_auth_alone": {
    accepts: true,
    why: "Token authentication ends key authentication in the same patch, as it does at creation.",
  },
  "update.token_auth_off_alone": {
    sends: ["replace /authEnabled"],
    why: "Closing the only way in must not leave the endpoint open to anyone: key authentication comes on.",
  },
  "update.property_key_not_escaped": {
    sends: ["add /properties/a/b~c", "add /properties/a~1b~0c"],
    quirk: 7,
    why: "A key is escaped as JSON Pointer asks, so that it arrives as it was written.",
  },
  "update.immutable_property": {
    refuses: ["Immutable properties.p"],
    quirk: 10,
    why: "The service would refuse it, and the preview can say so before.",
  },
  "update.refuses.nothing": {
    accepts: true,
    quirk: 8,
    why: "A program that says what is live already is the usual case; nothing is sent.",
  },
  "update.refuses.only_zero_gpu": { accepts: true, quirk: 1, why: ZERO },
  "update.refuses.only_empty_description": { accepts: true, quirk: 1, why: ZERO },
  "update.refuses.unknown_argument_swallowed": {
    accepts: true,
    quirk: 11,
    why: "It is a setting here, and its default changes nothing; unknown names are refused.",
  },
  "update.refuses.raise_cpu_and_limit_together": { accepts: true, quirk: 2, why: PAIR },
  "update.refuses.lower_cpu_and_limit_together": { accepts: true, quirk: 2, why: PAIR },
  "update.refuses.lower_memory_and_limit_together": { accepts: true, quirk: 2, why: PAIR },
  "update.refuses.raise_memory_and_limit_together": { accepts: true, quirk: 2, why: PAIR },
  "update.refuses.models_unsupported": { accepts: true, why: SERVER },
};

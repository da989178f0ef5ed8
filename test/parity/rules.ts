import { proof, row, type Proof, type Row } from "./row";

const BAD = "test/provider/core/bad-input.test.ts";
const WIRE = "test/contract/wire/wire.test.ts";
const ERRORS = "test/sdk/errors.test.ts";
const RUN = "test/provider/functions/run.test.ts";

const refused = (kind: string): Proof => proof(BAD, `bad input (126 kinds) ${kind}`);
const given = (recorded: string): Proof =>
  proof(WIRE, `the provider, given what the Python client was given ${recorded}`);

const rule = (member: string, here: string, ...proofs: readonly Proof[]): Row =>
  row("rule", member, here, proofs, "refused");

/** What the class refuses, all together and before anything is sent. */
const rules: readonly Row[] = [
  rule(
    "cpu_cores, memory_gb above 0",
    "`OutOfRange` of check",
    refused("no CPU"),
    refused("negative CPU"),
    refused("no memory"),
    given("deploy_configuration.refuses.cpu_zero"),
    given("deploy_configuration.refuses.memory_zero"),
  ),
  rule(
    "limits not below the requests",
    "the same, on the merged settings",
    refused("a CPU limit below the request"),
    refused("a memory limit below the request"),
    given("deploy_configuration.refuses.cpu_limit_below_request"),
    given("update.refuses.cpu_above_old_limit"),
    given("update.refuses.raise_cpu_and_limit_together"),
  ),
  rule(
    "gpu_cores of at least 0",
    "the same",
    refused("a negative GPU"),
    given("update.refuses.gpu_negative"),
  ),
  rule(
    "probe numbers of at least 1",
    "the same",
    refused("a period of 0"),
    refused("an initial delay of 0"),
    refused("no success"),
    refused("no failure"),
    given("deploy_configuration.refuses.period_zero"),
    given("deploy_configuration.refuses.timeout_zero"),
  ),
  rule(
    "timeouts, concurrency, waits and replicas above 0",
    "the same",
    refused("a scoring timeout of 0"),
    refused("no concurrent request"),
    refused("a negative wait"),
    refused("no fixed replicas"),
    given("deploy_configuration.refuses.scoring_timeout_zero"),
    given("deploy_configuration.refuses.max_wait_zero"),
    given("deploy_configuration.refuses.replicas_zero"),
  ),
  rule(
    "namespace: up to 63 of a–z, 0–9 and inner hyphens",
    "the same, without the class's slip of a trailing newline",
    refused("a namespace in capitals"),
    refused("a namespace of 64"),
    refused("a namespace that ends with a hyphen"),
    refused("a namespace with a trailing newline"),
    given("deploy_configuration.refuses.namespace_bad"),
  ),
  rule(
    "autoscaling excludes num_replicas",
    "the same",
    refused("autoscaling on and fixed replicas"),
    refused("fixed replicas and two bounds"),
    given("deploy_configuration.refuses.autoscale_and_replicas"),
  ),
  rule(
    "no autoscaling needs num_replicas",
    "the same, or a count that is live",
    refused("autoscaling off and no replicas"),
    given("deploy_configuration.refuses.autoscale_off_no_replicas"),
  ),
  rule(
    "autoscale numbers above 0, min not above max",
    "the same, and utilization at most 100",
    refused("min above max"),
    refused("a refresh of 0 s"),
    refused("a utilization of 101"),
    given("deploy_configuration.refuses.autoscale_min_zero"),
    given("update.refuses.min_above_max"),
  ),
  rule(
    "key and token authentication exclude each other",
    "the same",
    refused("both ways in"),
    given("update.refuses.key_auth_while_token_auth_on"),
  ),
  rule(
    "the service's name: 3 to 32 of a–z, 0–9 and inner hyphens",
    "the same",
    refused("a capital in the name"),
    refused("a name of two"),
    refused("a name of 33"),
    given("deploy.refuses.name_1svc"),
    given("deploy.refuses.name_svc-"),
  ),
  rule(
    "a taken name",
    "`NameTaken`, with whose it is and the ways on",
    proof(
      "test/lifecycle/trouble/bad-input.test.ts",
      "a service in the way, and an operation without end a name taken by a stranger says how to go on, and leaves the stranger's service as it was",
    ),
  ),
  rule(
    "all failures in one exception",
    "all failures of a resource at once",
    given("deploy_configuration.refuses.several_at_once"),
    proof("test/sdk/functions/functions.test.ts", "deployConfiguration refuses at once, all together"),
  ),
];

const REMARKS = "test/provider/schema/remarks.test.ts";
const remarked = (input: string, text: string): Proof =>
  proof(REMARKS, `a remark of the class's documentation is in the setting's own ${input}: ${text}`);
const remark = (member: string, here: string, ...proofs: readonly Proof[]): Row =>
  row("remark", member, here, proofs);

const notItsLimit = "The pod's request, not its limit.";

/** What the class's documentation says beside what a parameter means. */
const remarks: readonly Row[] = [
  remark(
    "values left as None stay unchanged in update",
    "unset means unchanged",
    given("update.refuses.nothing"),
    proof("test/lifecycle/rows/rows.test.ts", "cpuCores unchanged sends nothing, also after a refresh"),
  ),
  remark(
    "tags of update replace the existing ones",
    "`tags` is replaced as a whole",
    proof("test/lifecycle/rows/rows.test.ts", "tags update does exactly what it must"),
  ),
  remark(
    "properties cannot change, but can be added",
    "`properties` is additive; a changed value is refused",
    remarked("properties", "the service never changes or removes one"),
    proof("test/lifecycle/rows/rows.test.ts", "properties update does exactly what it must"),
  ),
  remark(
    "do not change the concurrency of 1",
    "in the setting's documentation",
    remarked("replicaMaxConcurrentRequests", "leave it at 1, unless Microsoft's support says otherwise"),
  ),
  remark(
    "each replica is an AKS pod",
    "in the setting's documentation",
    remarked("numReplicas", "each a pod of the cluster"),
  ),
  remark(
    "cores and memory are requests, not limits",
    "in the settings' documentation",
    remarked("cpuCores", notItsLimit),
    remarked("memoryGb", notItsLimit),
  ),
  remark(
    "a request that waits too long gets a 503",
    "in the setting's documentation; `Overloaded` of `run`",
    remarked("maxRequestWaitTime", "before it is answered with 503, in milliseconds"),
    proof(RUN, "runService tells a 503 by the service's own words"),
  ),
  remark(
    "timeout_seconds defaults to 2 (deploy_configuration) and to 1 (update)",
    "both in the setting's documentation; neither is ever sent",
    remarked("timeoutSeconds", "a default of 2 at creation and, contradicting itself, of 1 at an update"),
    proof(
      "test/lifecycle/functions/defaults.test.ts",
      "documented defaults timeoutSeconds is 2, by the service and not by us",
    ),
  ),
  remark(
    "the sample: a default configuration",
    "a program with a compute target and models alone",
    proof("test/provider/core/wire.test.ts", "the body of a create says nothing that was not said"),
  ),
  remark(
    "the sample: token_auth_enabled=True, auth_enabled=False",
    "`tokenAuthEnabled: true` (key authentication ends)",
    given("deploy.token_auth_enabled"),
  ),
  remark(
    "the variables are read-only",
    "outputs",
    proof(
      "test/sdk/types.test.ts",
      "the types of outputs, functions and errors accept right use and refuse wrong use",
    ),
  ),
  remark(
    "calls raise WebserviceException",
    "check failures before anything is sent; `ServiceError` and `CallError` of functions",
    proof(
      ERRORS,
      "errors that a program can catch are ServiceError where the service, the credential or the way to it failed",
    ),
    proof(ERRORS, "errors that a program can catch are CallError where a call cannot be made as asked"),
  ),
];

const ROWS = "test/lifecycle/rows/rows.test.ts";
const way = (member: string, here: string, ...proofs: readonly Proof[]): Row =>
  row("way to deploy", member, here, proofs);

/** The four ways that the class's documentation lists. */
const ways: readonly Row[] = [
  way(
    "Model.deploy: models that are registered",
    "`models`, with `inferenceConfig` where there is code",
    proof(ROWS, "models create sends it"),
    proof(ROWS, "inferenceConfig create sends it"),
    given("deploy.inference_environment"),
  ),
  way(
    "Webservice.deploy_from_image",
    "`imageId`",
    proof(ROWS, "imageId create sends it"),
    given("deploy_from_image.minimal"),
  ),
  way(
    "Webservice.deploy_from_model: registered models, and an image of them",
    "`models` and `inferenceConfig`: the workspace builds the image; no image of its own is registered",
    proof(
      "test/lifecycle/code/code.test.ts",
      "a service with code uploads driver and archive, then answers with that code",
    ),
  ),
  way(
    "Webservice.deploy: registers a model and makes an image",
    "the resource `Model` in `models`",
    proof(
      "test/lifecycle/code/model.test.ts",
      "a model goes through a whole life in Pulumi's own host process",
    ),
  ),
];

/** What has no counterpart, and what a program meets instead. */
const notDone: readonly Row[] = [
  row("not done", "AksEndpoint: several services on one endpoint", "refused by name: `NotAnAksService`", [
    proof("test/provider/webservice/read.test.ts", "read refuses a service of another type by name"),
  ]),
];

/** What the documentation says of the class as a whole, beside its parameters, variables and methods. */
export const statements: readonly Row[] = [...rules, ...remarks, ...ways, ...notDone];

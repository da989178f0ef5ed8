import { above, field, integerFrom, type Field } from "../field";

/** What each replica gets, and what it lets in. */
export const container: readonly Field[] = [
  field("cpuCores", "number", {
    wire: "containerResourceRequirements.cpu",
    default: 0.1,
    rule: above(0),
    doc: "CPU cores requested for each replica; 0.1 is a tenth of a core.",
  }),
  field("cpuCoresLimit", "number", {
    wire: "containerResourceRequirements.cpuLimit",
    rule: above(0),
    doc: "Most CPU cores a replica may use. Not below `cpuCores`.",
  }),
  field("memoryGb", "number", {
    wire: "containerResourceRequirements.memoryInGB",
    default: 0.5,
    rule: above(0),
    doc: "Memory requested for each replica, in GB.",
  }),
  field("memoryGbLimit", "number", {
    wire: "containerResourceRequirements.memoryInGBLimit",
    rule: above(0),
    doc: "Most memory a replica may use, in GB. Not below `memoryGb`.",
  }),
  field("gpuCores", "integer", {
    wire: "containerResourceRequirements.gpu",
    default: 0,
    rule: integerFrom(0),
    doc: "GPUs for each replica.",
  }),
  field("enableAppInsights", "flag", {
    wire: "appInsightsEnabled",
    unset: "nothing",
    default: false,
    doc: "Whether the service logs to Application Insights.",
  }),
  field("scoringTimeoutMs", "integer", {
    wire: "scoringTimeoutMs",
    default: 60000,
    rule: integerFrom(1),
    doc: "How long one scoring call may take, in milliseconds.",
  }),
  field("replicaMaxConcurrentRequests", "integer", {
    wire: "maxConcurrentRequestsPerContainer",
    default: 1,
    rule: integerFrom(1),
    doc: "Requests that one replica serves at the same time.",
  }),
  field("maxRequestWaitTime", "integer", {
    wire: "maxQueueWaitMs",
    default: 500,
    rule: integerFrom(1),
    doc: "How long a request may wait in the queue before it is answered with 503, in milliseconds.",
  }),
  field("blobfuseEnabled", "flag", {
    wire: "storageInitEnabled",
    mutability: "replace",
    unset: "nothing",
    default: true,
    inverted: true,
    notReadBack: true,
    doc: "Whether models are mounted with blobfuse. The service never tells the live value.",
  }),
];

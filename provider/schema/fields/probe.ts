import { field, integerFrom, type Field } from "../field";

/** When a replica counts as alive. */
export const probe: readonly Field[] = [
  field("periodSeconds", "integer", {
    wire: "livenessProbeRequirements.periodSeconds",
    default: 10,
    rule: integerFrom(1),
    doc: "How often the liveness probe runs, in seconds.",
  }),
  field("initialDelaySeconds", "integer", {
    wire: "livenessProbeRequirements.initialDelaySeconds",
    default: 310,
    rule: integerFrom(1),
    doc: "Seconds after the container's start before the first liveness probe.",
  }),
  field("timeoutSeconds", "integer", {
    wire: "livenessProbeRequirements.timeoutSeconds",
    default: 2,
    rule: integerFrom(1),
    doc: "Seconds after which a liveness probe counts as failed.",
  }),
  field("successThreshold", "integer", {
    wire: "livenessProbeRequirements.successThreshold",
    default: 1,
    rule: integerFrom(1),
    doc: "Successful probes in a row after which a failed replica counts as alive again.",
  }),
  field("failureThreshold", "integer", {
    wire: "livenessProbeRequirements.failureThreshold",
    default: 3,
    rule: integerFrom(1),
    doc: "Failed probes in a row after which a replica is restarted.",
  }),
];

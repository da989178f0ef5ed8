import { field, integerBetween, integerFrom, type Field } from "../field";

/** How many replicas run. */
export const scaling: readonly Field[] = [
  field("autoscaleEnabled", "flag", {
    wire: "autoScaler.autoscaleEnabled",
    unset: "nullBesideOthers",
    doc: "Whether replicas follow the load. On by default when `numReplicas` is not set; any other autoscale setting turns it on.",
  }),
  field("autoscaleMinReplicas", "integer", {
    wire: "autoScaler.minReplicas",
    unset: "nullBesideOthers",
    default: 1,
    rule: integerFrom(1),
    doc: "Fewest replicas while autoscaling.",
  }),
  field("autoscaleMaxReplicas", "integer", {
    wire: "autoScaler.maxReplicas",
    unset: "nullBesideOthers",
    default: 10,
    rule: integerFrom(1),
    doc: "Most replicas while autoscaling.",
  }),
  field("autoscaleRefreshSeconds", "integer", {
    wire: "autoScaler.refreshPeriodInSeconds",
    unset: "nullBesideOthers",
    default: 1,
    rule: integerFrom(1),
    doc: "How often the autoscaler looks, in seconds.",
  }),
  field("autoscaleTargetUtilization", "integer", {
    wire: "autoScaler.targetUtilization",
    unset: "nullBesideOthers",
    default: 70,
    rule: integerBetween(1, 100),
    doc: "Utilization, in percent, that the autoscaler aims for.",
  }),
  field("numReplicas", "integer", {
    wire: "numReplicas",
    rule: integerFrom(1),
    doc: "Fixed number of replicas. Ends autoscaling.",
  }),
];

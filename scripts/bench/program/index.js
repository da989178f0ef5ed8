const { readFileSync } = require("node:fs");
const { join } = require("node:path");

// One process, one kind: requiring what another kind needs would be measured, too.
const { BENCH_KIND: kind, BENCH_COUNT: count, BENCH_NOTES: notes } = process.env;
const cores = Number(readFileSync(join(notes, "cores"), "utf8"));

/** A service as most programs have it: ten settings. */
const settings = (index) => ({
  computeTargetName: "aks-prod",
  serviceName: `service-${index}`,
  models: ["fraud:7"],
  cpuCores: cores,
  memoryGb: 1,
  autoscaleMinReplicas: 2,
  autoscaleMaxReplicas: 5,
  tags: { release: "2026.11", team: "risk" },
  properties: { owner: "risk" },
  description: "Scores transactions",
});

const resourceOf = { ours, same: noop("same"), ten: noop("ten"), usual }[kind];
exports.uris = Array.from({ length: Number(count) }, (_, index) => resourceOf(index).scoringUri);

function ours(index) {
  const { AksWebservice } = require("pulumi-azureml");
  return new AksWebservice(`service-${index}`, settings(index));
}

/** A provider that answers at once, by the same kind of reference in the state. */
function noop(shape) {
  return (index) => {
    const pulumi = require("@pulumi/pulumi");
    const { outputNames, ten } = require("./shapes");
    const outputs = Object.fromEntries(
      (shape === "same" ? outputNames() : ten).map((name) => [name, undefined]),
    );
    const text = `exports.handler=()=>require(${JSON.stringify(join(__dirname, "noop.js"))}).${shape};`;
    const inputs = { ...outputs, ...settings(index), __provider: text };
    return new pulumi.CustomResource("pulumi-nodejs:dynamic/bench:Noop", `service-${index}`, inputs, {
      additionalSecretOutputs: ["primaryKey", "secondaryKey"],
    });
  };
}

function usual(index) {
  const { Service } = require("./usual");
  const { AZUREML_ACCESS_TOKEN: token, BENCH_SERVICES: services } = process.env;
  return new Service(`service-${index}`, { ...settings(index), token, services });
}

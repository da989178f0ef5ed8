// Lists the web services on AKS of a workspace, each as the arguments that adopt it:
//   AZUREML_WORKSPACE_ID=/subscriptions/…/workspaces/… node survey.js
const { listServices } = require("pulumi-azureml");

/** What is live and not at its default is worth a line in the program; the rest can be left out. */
const worthNaming = [
  "serviceName",
  "computeTargetName",
  "models",
  "imageId",
  "numReplicas",
  "autoscaleMinReplicas",
  "autoscaleMaxReplicas",
  "cpuCores",
  "cpuCoresLimit",
  "memoryGb",
  "memoryGbLimit",
  "gpuCores",
  "namespace",
  "tags",
  "description",
];

async function main() {
  for (const service of await listServices({ computeType: "AKS" })) {
    const live = { ...service, serviceName: service.name };
    if (live.autoscaleEnabled) delete live.numReplicas;
    const args = worthNaming.filter((name) => live[name] !== undefined).map((name) => [name, live[name]]);
    console.log(`${service.name}: ${service.state}, ${service.scoringUri}`);
    console.log(JSON.stringify({ adopt: true, ...Object.fromEntries(args) }, null, 2));
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// A web service, and beside it the Kubernetes online endpoint that takes its place. What a story changes is in the configuration.
const pulumi = require("@pulumi/pulumi");
const { AksWebservice } = require("pulumi-azureml");
const { KubernetesOnlineService } = require("pulumi-azureml/kubernetes");

const config = new pulumi.Config();
const primaryKey = config.requireSecret("key");

const service = new AksWebservice("fraud", {
  serviceName: "fraud",
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  inferenceConfig: {
    entryScript: "score.py",
    source: new pulumi.asset.StringAsset("def init(): pass\ndef run(data): return data\n"),
    environment: "fraud-env:3",
  },
  primaryKey,
  secondaryKey: config.requireSecret("secondKey"),
  cpuCores: 0.5,
  memoryGb: 1,
  tags: { team: config.get("team") || "risk" },
});

/** The folder of each deployment's script, by the deployment's name. */
const scripts = config.requireObject("scripts");
const deployments = Object.entries(scripts).map(([name, uri]) => [
  name,
  { code: { uri }, ...(config.getObject("deployment") || {}) },
]);

if (config.get("online") !== "no") {
  const online = new KubernetesOnlineService("fraud-online", {
    service,
    location: "westeurope",
    compute: config.get("compute") || "k8s-prod",
    deployments: Object.fromEntries(deployments),
    traffic: config.getObject("traffic") || {},
    ...(config.get("endpointKey") ? { keys: { primaryKey: config.requireSecret("endpointKey") } } : {}),
  });
  exports.scoringUri = online.scoringUri;
}

const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");

const config = new pulumi.Config();
const secret = (name) => config.requireSecret(name);

const service = new azureml.AksWebservice("fraud", {
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  cpuCores: config.requireNumber("cpuCores"),
  primaryKey: secret("primaryKey"),
  secondaryKey: secret("secondaryKey"),
  tags: { contact: secret("tag") },
  inferenceConfig: {
    entryScript: "score.py",
    source: new pulumi.asset.StringAsset("def init():\n    pass\n\n\ndef run(data):\n    return data\n"),
    environment: {
      baseImage: "registry.example.com/fraud:1",
      baseImageRegistry: {
        address: "registry.example.com",
        username: "puller",
        password: secret("registryPassword"),
      },
      environmentVariables: { MODE: "fast", DATABASE: secret("variable"), SIGNING_KEY: secret("pem") },
    },
  },
});

exports.scoringUri = service.scoringUri;
exports.environment = service.environment;
exports.error = service.error;

const { PolicyPack } = require("@pulumi/policy");

const type = "pulumi-nodejs:dynamic/azureml:AksWebservice";

/** A policy for each web service: `problem` gives what is wrong with its settings, or nothing. */
const ofServices = (name, description, problem) => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateResource: ({ type: found, name: resource, props }, report) => {
    const wrong = found === type ? problem(props) : undefined;
    if (wrong) report(`${resource}: ${wrong}`);
  },
});

new PolicyPack("web-services-in-production", {
  policies: [
    ofServices("more-than-one-replica", "A service survives the loss of one replica.", (settings) => {
      const least = settings.numReplicas ?? settings.autoscaleMinReplicas ?? 1;
      return (
        least < 2 &&
        `at least 2 replicas are needed, found ${least}. Set numReplicas or autoscaleMinReplicas.`
      );
    }),
    ofServices("callers-say-who-they-are", "Nobody scores without a key or a token.", (settings) => {
      const open = settings.authEnabled === false && settings.tokenAuthEnabled !== true;
      return open && "the endpoint is open. Leave out authEnabled: false, or set tokenAuthEnabled: true.";
    }),
    ofServices("limits-are-set", "No service takes the cluster's memory from the others.", (settings) => {
      const missing = ["cpuCoresLimit", "memoryGbLimit"].filter((limit) => settings[limit] === undefined);
      return missing.length > 0 && `${missing.join(" and ")} must be set.`;
    }),
  ],
});

/* global fetch, setTimeout, URL */
const pulumi = require("@pulumi/pulumi");

/**
 * The provider that teams write for themselves, as Pulumi's documentation shows: a class, which Pulumi writes into the state
 * of each resource, twice.
 */
class ServiceProvider {
  async request(inputs, method, path, body) {
    const response = await fetch(`${inputs.services}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${inputs.token}`,
        "content-type": method === "PATCH" ? "application/json-patch+json" : "application/json",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    const operation = response.headers.get("operation-location");
    return { operation, value: text === "" ? undefined : JSON.parse(text) };
  }

  async wait(inputs, operation) {
    if (!operation) return;
    const id = new URL(operation, "http://localhost").pathname.split("/").pop();
    for (;;) {
      const { value } = await this.request(inputs, "GET", `/operations/${id}`);
      if (value.state === "Succeeded") return;
      if (["Failed", "Cancelled", "TimedOut"].includes(value.state))
        throw new Error(JSON.stringify(value.error));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async outputs(inputs) {
    const found = await this.request(inputs, "GET", `/services/${inputs.serviceName}`);
    if (found === undefined) return undefined;
    const keys = await this.request(inputs, "POST", `/services/${inputs.serviceName}/listkeys`);
    return { ...found.value, ...keys.value, ...inputs };
  }

  async check(olds, news) {
    const failures = [];
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(news.serviceName))
      failures.push({ property: "serviceName", reason: "must be lower-case letters, digits and hyphens" });
    if (news.cpuCores <= 0) failures.push({ property: "cpuCores", reason: "must be greater than 0" });
    return { inputs: news, failures };
  }

  async diff(id, olds, news) {
    const names = ["cpuCores", "memoryGb", "tags", "properties", "description", "models"];
    const changes = names.some((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
    const replaces = ["serviceName", "computeTargetName"].filter((name) => olds[name] !== news[name]);
    return { changes: changes || replaces.length > 0, replaces, deleteBeforeReplace: true };
  }

  async create(inputs) {
    const { operation } = await this.request(inputs, "POST", "/services", {
      name: inputs.serviceName,
      computeType: "AKS",
      computeName: inputs.computeTargetName,
      description: inputs.description,
      kvTags: inputs.tags,
      properties: inputs.properties,
      environmentImageRequest: { modelIds: inputs.models },
      containerResourceRequirements: { cpu: inputs.cpuCores, memoryInGB: inputs.memoryGb },
      autoScaler: {
        autoscaleEnabled: true,
        minReplicas: inputs.autoscaleMinReplicas,
        maxReplicas: inputs.autoscaleMaxReplicas,
      },
      authEnabled: true,
    });
    await this.wait(inputs, operation);
    return { id: inputs.serviceName, outs: await this.outputs(inputs) };
  }

  async read(id, props) {
    const outputs = await this.outputs(props);
    return outputs === undefined ? {} : { id, props: outputs };
  }

  async update(id, olds, news) {
    const { operation } = await this.request(news, "PATCH", `/services/${id}`, [
      { op: "replace", path: "/containerResourceRequirements/cpu", value: news.cpuCores },
    ]);
    await this.wait(news, operation);
    return { outs: await this.outputs(news) };
  }

  async delete(id, props) {
    const answer = await this.request(props, "DELETE", `/services/${id}`);
    await this.wait(props, answer && answer.operation);
  }
}

const provider = new ServiceProvider();

exports.Service = class extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(provider, name, { scoringUri: undefined, state: undefined, primaryKey: undefined, ...args }, opts);
  }
};

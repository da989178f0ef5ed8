"use strict";
// A stand-in for Pulumi's azure-native provider, for tests: `pulumi-resource-azure-native` on PATH. It serves the engine as a plugin,
// knows the few resources below, and sends what it is given to the emulated ARM at AZURE_NATIVE_STAND_IN_URL, as azure-native sends it to
// Azure: one PUT of the whole body, then the operation is followed. It imports nothing of this package.

const { Buffer } = require("node:buffer");
const { setInterval } = require("node:timers");
const grpc = require("@grpc/grpc-js");
const { Any } = require("google-protobuf/google/protobuf/any_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const proto = require("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { Status } = require("@pulumi/pulumi/proto/status_pb");

const API_VERSION = "2025-12-01";
const SECRET = "4dabf18193072939515e22adb298388d";
const SECRET_VALUE = "1b47061264138c4ac30d75fd1eb44270";
const base = process.env.AZURE_NATIVE_STAND_IN_URL;

const NOTICE = `azure-native is a stand-in here: it talks to an emulated Azure Resource Manager at ${base ?? "(nowhere: AZURE_NATIVE_STAND_IN_URL is not set)"}, and nothing is made in Azure`;

/** Says in each run what this is. */
const tell = () =>
  new Promise((resolve) => {
    const address = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
    const engine = new EngineClient(address, grpc.credentials.createInsecure());
    const request = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(NOTICE);
    engine.log(request, () => resolve(engine.close()));
  });

/** Where each resource is, and what cannot be changed in one that exists, as azure-native's schema has it. */
const kinds = {
  OnlineEndpoint: {
    path: (i) => `onlineEndpoints/${i.endpointName}`,
    names: ["endpointName"],
    fixed: ["location", "properties.compute", "properties.keys"],
    writeOnly: ["keys"],
  },
  OnlineDeployment: {
    path: (i) => `onlineEndpoints/${i.endpointName}/deployments/${i.deploymentName}`,
    names: ["endpointName", "deploymentName"],
    fixed: [
      "location",
      "properties.endpointComputeType",
      "properties.instanceType",
      "properties.codeConfiguration.codeId",
      "properties.codeConfiguration.scoringScript",
    ],
    writeOnly: [],
  },
  CodeVersion: version("codes"),
  EnvironmentVersion: version("environments"),
  ModelVersion: version("models"),
  // Of a Key Vault, and so not below the workspace.
  Secret: {
    provider: "Microsoft.KeyVault",
    path: (i) => `vaults/${i.vaultName}/secrets/${i.secretName}`,
    names: ["vaultName", "secretName"],
    fixed: [],
    writeOnly: [],
  },
};

function version(collection) {
  return {
    path: (i) => `${collection}/${i.name}/versions/${i.version}`,
    names: ["name", "version"],
    fixed: [],
    writeOnly: [],
  };
}

const PLACE = ["resourceGroupName", "workspaceName"];

const kindOf = (urn) => {
  const name = urn.split("::")[2].split("$").at(-1).split(":").at(-1);
  const kind = kinds[name];
  if (!kind) throw new Error(`the stand-in of azure-native does not know ${name}`);
  return kind;
};

const idOf = (kind, inputs, subscriptionId) => {
  const below = kind.provider ?? `Microsoft.MachineLearningServices/workspaces/${inputs.workspaceName}`;
  return `/subscriptions/${subscriptionId}/resourceGroups/${inputs.resourceGroupName}/providers/${below}/${kind.path(inputs)}`;
};

/** Plain values, whatever was secret. */
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value[SECRET] === SECRET_VALUE) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
};

const bodyOf = (kind, inputs) => {
  const address = new Set([...PLACE, ...kind.names]);
  const body = Object.fromEntries(Object.entries(plain(inputs)).filter(([name]) => !address.has(name)));
  const identities = body.identity?.userAssignedIdentities;
  if (Array.isArray(identities))
    body.identity.userAssignedIdentities = Object.fromEntries(identities.map((id) => [id, {}]));
  return body;
};

async function call(method, path, body) {
  const url = path.startsWith("http") ? path : `${base}${path}?api-version=${API_VERSION}`;
  const response = await globalThis.fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

const failure = ({ status, body }) =>
  new Error(`Status=${status} Code="${body.error?.code}" Message="${body.error?.message}"`);

/** Follows the operation that an answer names. */
async function finished(answer) {
  if (answer.status >= 400) throw failure(answer);
  const operation = answer.headers.get("azure-asyncoperation");
  if (!operation) return;
  for (;;) {
    const { body } = await call("GET", operation);
    if (body.status === "Succeeded") return;
    if (body.status === "Failed") throw Object.assign(failure({ status: 200, body }), { accepted: true });
  }
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Outputs of an update's preview: what is asked for, and of the rest that it is not known. */
const predicted = (inputs, before) => {
  const rest = (outputs, given) =>
    Object.fromEntries(
      Object.keys(outputs ?? {}).flatMap((name) => (name in given ? [] : [[name, UNKNOWN]])),
    );
  const properties = { ...rest(before.properties, inputs.properties ?? {}), ...inputs.properties };
  return { ...rest(before, inputs), ...inputs, properties };
};

const outputsOf = ({ body }) => ({ azureApiVersion: API_VERSION, ...body });

/** What was asked for, with the values that are live now; what is never told stays as it was. */
const inputsFrom = (kind, inputs, live) => {
  const over = (given, now) => {
    if (given === null || typeof given !== "object" || Array.isArray(given)) return now ?? given;
    if (given[SECRET] === SECRET_VALUE) return given;
    return Object.fromEntries(
      Object.entries(given).map(([name, member]) => [
        name,
        now && name in now && !kind.writeOnly.includes(name) ? over(member, now[name]) : member,
      ]),
    );
  };
  const place = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => PLACE.includes(name) || kind.names.includes(name)),
  );
  const read = over(inputs, live);
  // A map is whole: an entry that somebody added counts, too.
  if (inputs.tags && live.tags) read.tags = live.tags;
  if (inputs.properties?.traffic && live.properties.traffic)
    read.properties.traffic = live.properties.traffic;
  return { ...read, ...place };
};

const at = (value, path) =>
  path
    .split(".")
    .reduce((inner, name) => (inner === undefined || inner === null ? undefined : inner[name]), value);

/** Paths at which two values differ; null and absent are the same. */
const differences = (before, after, path = "") => {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!isMap(before) || !isMap(after)) return [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    differences(before[name], after[name], path === "" ? name : `${path}.${name}`),
  );
};

let subscriptionId = process.env.ARM_SUBSCRIPTION_ID;

const implementation = {
  checkConfig: (request) => new proto.CheckResponse().setInputs(request.getNews()),
  diffConfig: () => new proto.DiffResponse(),
  configure: async (request) => {
    await tell();
    const { subscriptionId: configured } = plain(request.getArgs()?.toJavaScript() ?? {});
    subscriptionId = configured ?? subscriptionId;
    return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  },
  check: (request) => new proto.CheckResponse().setInputs(request.getNews()),
  diff: (request) => {
    const kind = kindOf(request.getUrn());
    const [before, after] = [request.getOldInputs(), request.getNews()].map((one) =>
      plain(one.toJavaScript()),
    );
    const changed = differences(before, after);
    const fixed = [...PLACE, ...kind.names, ...kind.fixed];
    const replaces = changed.filter((path) =>
      fixed.some((one) => path === one || path.startsWith(`${one}.`)),
    );
    const response = new proto.DiffResponse()
      .setChanges(changed.length > 0 ? 2 : 1)
      .setDiffsList([...new Set(changed.map((path) => path.split(".")[0]))])
      .setReplacesList([...new Set(replaces.map((path) => path.split(".")[0]))])
      .setHasdetaileddiff(true)
      .setDeletebeforereplace(kind.names.every((name) => before[name] === after[name]));
    for (const path of changed) {
      const sort = at(before, path) === undefined ? 0 : at(after, path) === undefined ? 2 : 4;
      const detail = new proto.PropertyDiff()
        .setKind(sort + (replaces.includes(path) ? 1 : 0))
        .setInputdiff(true);
      response.getDetaileddiffMap().set(path, detail);
    }
    return response;
  },
  create: async (request) => {
    const kind = kindOf(request.getUrn());
    const inputs = request.getProperties().toJavaScript();
    if (request.getPreview()) return new proto.CreateResponse().setProperties(request.getProperties());
    if (subscriptionId === undefined) throw new Error("azure-native:subscriptionId is not set");
    const id = idOf(kind, plain(inputs), subscriptionId);
    if ((await call("GET", id)).status === 200)
      throw new Error(`cannot create already existing resource '${id}'`);
    await written(kind, id, inputs);
    return new proto.CreateResponse()
      .setId(id)
      .setProperties(Struct.fromJavaScript(outputsOf(await call("GET", id))));
  },
  update: async (request) => {
    const kind = kindOf(request.getUrn());
    const [id, inputs] = [request.getId(), request.getNews().toJavaScript()];
    if (request.getPreview()) {
      const before = request.getOlds().toJavaScript();
      return new proto.UpdateResponse().setProperties(Struct.fromJavaScript(predicted(inputs, before)));
    }
    await written(kind, id, inputs);
    return new proto.UpdateResponse().setProperties(Struct.fromJavaScript(outputsOf(await call("GET", id))));
  },
  read: async (request) => {
    const kind = kindOf(request.getUrn());
    const answer = await call("GET", request.getId());
    if (answer.status === 404) return new proto.ReadResponse();
    if (answer.status >= 400) throw failure(answer);
    const inputs = inputsFrom(kind, request.getInputs()?.toJavaScript() ?? {}, answer.body);
    return new proto.ReadResponse()
      .setId(request.getId())
      .setProperties(Struct.fromJavaScript(outputsOf(answer)))
      .setInputs(Struct.fromJavaScript(inputs));
  },
  delete: async (request) => {
    const answer = await call("DELETE", request.getId());
    if (answer.status !== 404) await finished(answer);
    return new Empty();
  },
  getPluginInfo: () => new PluginInfo().setVersion("3.28.0"),
  cancel: () => new Empty(),
};

/** Azure keeps what it accepted and could not finish, and so does the state. */
async function written(kind, id, inputs) {
  try {
    await finished(await call("PUT", id, bodyOf(kind, inputs)));
  } catch (error) {
    if (!error.accepted) throw error;
    const properties = outputsOf(await call("GET", id));
    throw Object.assign(error, { init: { id, properties, inputs } });
  }
}

function responseFrom(error) {
  const metadata = new grpc.Metadata();
  const { init } = error;
  if (init) {
    const detail = new proto.ErrorResourceInitFailed()
      .setId(init.id)
      .setProperties(Struct.fromJavaScript(init.properties))
      .setInputs(Struct.fromJavaScript(init.inputs))
      .setReasonsList([error.message]);
    const details = new Any();
    details.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new Status();
    answer.setCode(grpc.status.UNKNOWN);
    answer.setMessage(error.message);
    answer.addDetails(details);
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(
  ResourceProviderService,
  Object.fromEntries(
    Object.entries(implementation).map(([name, answer]) => [
      name,
      ({ request }, done) =>
        Promise.resolve()
          .then(() => answer(request))
          .then(
            (response) => done(null, response),
            (error) => done(responseFrom(error)),
          ),
    ]),
  ),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// A plugin whose engine was killed would otherwise wait for ever.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1000).unref();

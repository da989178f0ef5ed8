import { proof, row, type Row } from "./row";

const FUNCTIONS = "test/provider/functions";
const RESOURCE = "test/sdk/functions/resource.test.ts";

const told = "which service is meant is told by";
const ofResource = "what a resource can be asked in an update";

/** The constructor, which reads a service that exists. */
const constructor: readonly Row[] = [
  row("constructor", "workspace", "`azureml:workspaceId`, `workspaceId`, or the id's first part", [
    proof(`${FUNCTIONS}/find-service.test.ts`, `${told} its name and a workspace`),
    proof(`${FUNCTIONS}/find-service.test.ts`, `${told} its name and the configuration`),
    proof(`${FUNCTIONS}/find-service.test.ts`, `${told} its id`),
  ]),
  row("constructor", "name", "`AksWebservice.get(name, id)`, `getService(name)`", [
    proof(`${FUNCTIONS}/find-service.test.ts`, `${told} its name and a workspace`),
    proof(
      `${FUNCTIONS}/find-service.test.ts`,
      "which service is meant getService says that a service is missing",
    ),
    proof(
      "test/sdk/functions/variables.test.ts",
      "variables of the Python class of the service plain scoring_uri has the class's value",
    ),
  ]),
];

const labels = `${FUNCTIONS}/labels.test.ts`;
const ofLabels = "labels of a live service";

const changes: readonly Row[] = [
  row("add_tags", "tags", "`addServiceTags(service, tags)`, `tags`", [
    proof(labels, `${ofLabels} addTags keeps the other tags and sends the whole map`),
    proof(labels, `${ofLabels} addTags merges with what is live now, not with what was read before`),
  ]),
  row("remove_tags", "tags", "`removeServiceTags(service, keys)`, `tags`", [
    proof(labels, `${ofLabels} removeTags removes one key`),
    proof(labels, `${ofLabels} removeTags removes several keys, known or not`),
  ]),
  row("add_properties", "properties", "`addServiceProperties(service, properties)`, `properties`", [
    proof(labels, `${ofLabels} addProperties sends only new keys, escaped`),
    proof(
      labels,
      `${ofLabels} addProperties refuses another value of a live key, and sends none of the others`,
    ),
  ]),
];

const tokens = `${FUNCTIONS}/access-token.test.ts`;

const calls: readonly Row[] = [
  row("deploy_configuration", "(the method)", "`AksWebservice.deployConfiguration(settings)`", [
    proof(
      "test/sdk/functions/functions.test.ts",
      "deployConfiguration gives its settings, frozen, to be spread",
    ),
    proof("test/sdk/functions/functions.test.ts", "deployConfiguration refuses at once, all together"),
    proof(RESOURCE, "what a resource can be asked gives the configuration function of the class"),
  ]),
  row("get_access_token", "(the method)", "`service.getAccessToken()`, `getAccessToken(service)`", [
    proof(RESOURCE, `${ofResource} gives a token as a secret`),
    proof(tokens, "getAccessToken tells its times in UTC, and is kept until its time to be refreshed"),
  ]),
  row("get_token", "(the method)", "`service.getToken()`, `getToken(service)`, deprecated as there", [
    proof(RESOURCE, `${ofResource} gives the deprecated pair of the class as a secret too`),
    proof(
      "test/sdk/functions/functions.test.ts",
      "functions getToken gives the token, and the time to get the next one",
    ),
  ]),
  row("run", "input_data", "`service.run(input)`, `runService(service, input)`", [
    proof(RESOURCE, `${ofResource} scores a value`),
    proof(`${FUNCTIONS}/run.test.ts`, "runService sends a text of JSON as it is"),
    proof(`${FUNCTIONS}/run.test.ts`, "runService sends bytes"),
  ]),
  row("serialize", "(the method)", "`serializeService(outputs)`", [
    proof(
      "test/sdk/functions/serialize-service.test.ts",
      "serializeService gives what the Python class gives for plain",
    ),
    proof(
      "test/sdk/functions/serialize-service.test.ts",
      "serializeService gives what the Python class gives for rich",
    ),
  ]),
];

export const methods: readonly Row[] = [...constructor, ...changes, ...calls];

import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as azureml from "../../sdk";
import type { Json } from "./hands";

/** What a program is called by: the same in two backends, or another after a rename. */
export interface Identity {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

const TYPE = "pulumi-nodejs:dynamic/azureml:AksWebservice";

export const urnOf = ({ stack, project }: Identity, resource: string): string =>
  `urn:pulumi:${stack}::${project}::${TYPE}::${resource}`;

/** The stamp that version 0.1.0 wrote. */
export const olderStamp = (identity: Identity, resource: string): string =>
  createHash("sha256")
    .update(`${identity.organization}\n${urnOf(identity, resource)}`)
    .digest("hex")
    .slice(0, 16);

/** The inputs that a program never sees, as the class itself registers them, by the resource's name. */
export const hiddenInputs = async (
  { organization, project, stack }: Identity,
  resources: readonly string[],
): Promise<ReadonlyMap<string, Json>> => {
  const registered = new Map<string, Json>();
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ name, inputs }) => {
      registered.set(name, hiddenIn(inputs as Json));
      return { id: `${name}-id`, state: inputs as object };
    },
    call: () => ({}),
  };
  const { stackTraceLimit } = Error;
  // The SDK takes a stack trace for each of its thousands of promises, and Jest maps every line of it.
  Error.stackTraceLimit = 0;
  try {
    await pulumi.runtime.setMocks(mocks, project, stack, false, organization);
    for (const name of resources)
      new azureml.AksWebservice(name, { computeTargetName: "aks-a", models: ["m:1"] });
    await pulumi.runtime.disconnect();
    return registered;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

const hiddenIn = (inputs: Json): Json =>
  Object.fromEntries(
    Object.entries(inputs).filter(([name]) => name.startsWith("__") && name !== "__provider"),
  );

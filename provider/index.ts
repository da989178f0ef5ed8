import type * as pulumi from "@pulumi/pulumi";
import { aksWebserviceProvider } from "./lifecycle/provider";
import { realWorld } from "./lifecycle/real-world";

/**
 * What the text in a stack's state requires (`require("pulumi-azureml/provider").aksWebservice`).
 * This name and its six methods must go on to read every state that an earlier version wrote.
 */
export const aksWebservice = aksWebserviceProvider(
  realWorld(process.argv),
  process.env,
) satisfies pulumi.dynamic.ResourceProvider;

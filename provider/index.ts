import type * as pulumi from "@pulumi/pulumi";
import { serviceFunctions } from "./functions/functions";
import { modelProvider } from "./model/provider";
import { aksWebserviceProvider } from "./webservice/provider";
import { processContext } from "./webservice/context";

const context = processContext(process.argv);

/**
 * What the text in a stack's state requires (`require("pulumi-azureml/provider").aksWebservice`).
 * This name and its six methods must go on to read every state that an earlier version wrote.
 */
export const aksWebservice = aksWebserviceProvider(
  context,
  process.env,
) satisfies pulumi.dynamic.ResourceProvider;

/** The same for registered models (`require("pulumi-azureml/provider").model`). */
export const model = modelProvider(context, process.env) satisfies pulumi.dynamic.ResourceProvider;

/** What the package's own functions require on first use; of the same version, so no contract. */
export const functions = serviceFunctions({ ...context, env: process.env });

import type { Chapter } from "../step";
import { authentication, properties, replicas, settings } from "./changes";
import { code, environments, scoring } from "./examples";
import { drift, functions, interruption, secrets, secretsAtTheEnd, token } from "./operation";
import { quickstart } from "./quickstart";

/** The tour. Each chapter goes on where the one before it left the stack. */
export const chapters: readonly Chapter[] = [
  quickstart,
  settings,
  properties,
  replicas,
  authentication,
  drift,
  functions,
  secrets,
  token,
  interruption,
  code,
  environments,
  scoring,
  secretsAtTheEnd,
];

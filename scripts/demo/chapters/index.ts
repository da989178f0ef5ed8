import type { Chapter } from "../step";
import { authentication } from "./authentication";
import { code } from "./code";
import { drift } from "./drift";
import { environments } from "./environments";
import { functions } from "./functions";
import { interruption } from "./interruption";
import { properties } from "./properties";
import { quickstart } from "./quickstart";
import { replicas } from "./replicas";
import { scoring } from "./scoring";
import { secrets, secretsAtTheEnd } from "./secrets";
import { settings } from "./settings";
import { token } from "./token";

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

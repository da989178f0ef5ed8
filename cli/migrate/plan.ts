import { isDeepStrictEqual } from "node:util";
import { toKubernetes, type Finding } from "../../kubernetes/bodies";
import { judgeState } from "../../kubernetes/judgements";
import { callers, type Destination, type WebService } from "../../kubernetes/row";
import { isAksService } from "../../provider/core/service-state";
import type { Settings } from "../../provider/core/values";
import { fieldOf } from "../../provider/schema/fields";
import { scriptOf } from "../assess/assessment";
import { fittingType, proposedType, type InstanceType } from "../assess/instance-types";
import type { NamedDestination } from "../destination";
import type { FoundCode, FoundService } from "../found-services";
import { adoptionOf } from "../import/adoption";

/** Where the endpoints go, as far as it is known. */
export interface Where extends NamedDestination {
  readonly workspaceId: string;
}

/** An environment that a deployment's program makes: an image, with packages where it needs some. */
export interface EnvironmentPlan {
  readonly image: string;
  readonly conda?: Settings;
}

/** What becomes of one web service in the program. */
export interface Plan {
  readonly service: FoundService;
  /** Arguments of AksWebservice, without keys and code. */
  readonly args: Settings;
  readonly callers: "key" | "token" | "anyone";
  readonly code?: { readonly entryScript: string; readonly environment?: string };
  readonly environment?: EnvironmentPlan;
  /** What a person decides first: names of values, or of settings, with what there is to decide. */
  readonly decisions: Readonly<Record<string, string>>;
  /** An InstanceType of the cluster; undefined for the default one. */
  readonly instanceType?: InstanceType;
}

/** Why the program leaves a service out. */
export interface LeftOut {
  readonly service: FoundService;
  readonly why: string;
}

/** How a web service becomes an endpoint's deployment, or why it cannot. */
export const planOf = (service: FoundService, where: Where): Plan | LeftOut => {
  const { args, leftOut } = adoptionOf(service, where.workspaceId, false);
  if (leftOut !== undefined) return { service, why: whyNot(service, leftOut) };
  const code = service.code && codePlan(service.code);
  const environment = service.code && environmentPlan(service.code);
  const fitting = fittingType(args, []);
  const instanceType = fitting === undefined ? proposedType(args) : undefined;
  const destination = preparedFor(service, args, where, instanceType);
  const said = { settings: withCode(args, code), state: service.state };
  const { findings } = toKubernetes(said, destination);
  return {
    service,
    args,
    callers: callers({ settings: args }),
    ...(code ? { code } : {}),
    ...(environment ? { environment } : {}),
    ...(instanceType ? { instanceType } : {}),
    decisions: {
      ...valueDecisions(service, args, code, environment),
      ...unsaid(service, said, destination, findings),
      ...settingDecisions(findings),
    },
  };
};

/** A state that keeps a service from being adopted keeps it here by reasons of its own. */
const whyNot = (service: FoundService, leftOut: string): string => {
  if (!isAksService({ computeType: service.computeType })) return leftOut;
  const { kind, says, wayRound } = judgeState(service.state);
  return kind === "blocked" ? `${says} ${wayRound}` : leftOut;
};

export const isPlan = (plan: Plan | LeftOut): plan is Plan => "args" in plan;

const codePlan = (code: FoundCode): NonNullable<Plan["code"]> => ({
  entryScript: scriptOf(code),
  ...(isRegistered(code.environment) ? { environment: code.environment } : {}),
});

/** The Python client gives a version of its own to what nobody registered. */
const isRegistered = (environment: string): boolean =>
  /^[^\s:/]+:[^\s:/]+$/.test(environment) && !/:autosave/i.test(environment);

/** An index of packages may be named with its password. */
const CREDENTIAL = /:\/\/[^\s/"]*@/;

const environmentPlan = ({
  environment,
  baseImage,
  condaDependencies,
}: FoundCode): EnvironmentPlan | undefined => {
  if (isRegistered(environment) || baseImage === undefined) return undefined;
  if (condaDependencies === undefined) return { image: baseImage };
  if (CREDENTIAL.test(JSON.stringify(condaDependencies))) return undefined;
  return { image: baseImage, conda: condaDependencies };
};

const withCode = (settings: Settings, code: Plan["code"]): Settings =>
  code
    ? {
        ...settings,
        inferenceConfig: { entryScript: code.entryScript, environment: code.environment ?? {} },
      }
    : settings;

/** The destination when the values that the program needs are given: what is left needs somebody's judgement. */
const preparedFor = (
  { code, name }: FoundService,
  args: Settings,
  { workspaceId, location = "", compute = "kubernetes", namespace }: Where,
  instanceType: InstanceType | undefined,
): Destination => ({
  ...{ workspaceId, location, compute },
  ...(namespace === undefined ? {} : { namespace }),
  ...(code ? { codeId: `${workspaceId}/codes/${name}/versions/1` } : {}),
  ...((code && !isRegistered(code.environment)) || args["imageId"] !== undefined
    ? { environmentId: `${workspaceId}/environments/${name}/versions/1` }
    : {}),
  ...(modelsOf(args).length > 1 ? { model: `${workspaceId}/models/${name}/versions/1` } : {}),
  ...(instanceType ? { instanceType: instanceType.name, instanceTypeLimits: instanceType } : {}),
});

const modelsOf = (args: Settings): readonly unknown[] =>
  Array.isArray(args["models"]) ? (args["models"] as unknown[]) : [];

/** Values that the workspace does not show. */
const valueDecisions = (
  { settings }: FoundService,
  args: Settings,
  code: Plan["code"],
  environment: EnvironmentPlan | undefined,
): Readonly<Record<string, string>> => ({
  ...(code
    ? {
        codeUri: `Upload the folder in which ${code.entryScript} is, changed as \`pulumi-azureml check-script\` says, and give its address.`,
      }
    : {}),
  ...(code && code.environment === undefined && environment === undefined
    ? {
        environmentId:
          "Register the environment that the script runs in, and give the ARM id of its version.",
      }
    : {}),
  ...(args["imageId"] === undefined
    ? {}
    : {
        image: `Name the image ${String(settings["imageId"])} as its registry has it, and check port and paths: they are those of images that the Python client built.`,
      }),
  ...(modelsOf(args).length > 1
    ? {
        modelUri: `A deployment has one model, and this service has ${modelsOf(args).length}. Upload one folder with them all as <name>/<version>/…, and give its address; the script finds each one folder further down in AZUREML_MODEL_DIR.`,
      }
    : {}),
});

const settingDecisions = (findings: readonly Finding[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    findings
      .filter(({ kind }) => kind === "needsDecision" || kind === "blocked")
      .map(({ setting, says, wayRound }) => [
        setting === "authEnabled" ? "authMode" : setting,
        [says, wayRound].filter((text) => text !== undefined).join(" "),
      ]),
  );

/** Settings whose live value no program can say, and which an endpoint would have had. */
const unsaid = (
  service: FoundService,
  said: WebService,
  destination: Destination,
  written: readonly Finding[],
): Readonly<Record<string, string>> => {
  const live = toKubernetes({ ...said, settings: { ...readable(service), ...said.settings } }, destination);
  return Object.fromEntries(
    live.findings
      .filter(({ to }, at) => !isDeepStrictEqual(to, written[at]!.to))
      .map(({ setting }) => [
        setting,
        "Its live value cannot be written into a program, and is left out: say one here.",
      ]),
  );
};

const readable = ({ settings }: FoundService): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([input]) => fieldOf(input)?.secret !== true));

import { resolve } from "node:path";
import { deadlineAfter, type Deadline } from "../../provider/azure/clock";
import { ServiceError } from "../../provider/azure/errors";
import { send, type HttpRequest, type HttpResponse, type Transport } from "../../provider/azure/http";
import { isObject, membersOf } from "../../provider/azure/response";
import { safeText, type SafeText } from "../../provider/azure/safe-text";
import type { ClientSettings } from "../../provider/azure/settings";
import { score } from "../../provider/azure/scoring";
import type { OperationRef, Webservices } from "../../provider/azure/webservices";
import { parseWorkspaceId } from "../../provider/core/address";
import { CannotRun } from "../cannot-run";
import type { CliContext } from "../program";
import { writeWhole } from "../folder";
import { jsonText } from "../literal";
import { ok, problem, type Finding } from "./finding";

/** What a scratch service is made of, and where its transcript goes. */
export interface Exercise {
  readonly name: string;
  /** A service whose compute and model, or image, the scratch service uses. */
  readonly like: string;
  readonly file: string;
  readonly workspaceId: string;
  readonly settings: ClientSettings;
}

const OPERATION_MS = 30 * 60_000;
const ACTION = "exercise the API";

/**
 * Makes one scratch service, changes it, adds a property twice, scores it and deletes it; each as a finding. What was sent and
 * answered goes into a transcript in the form of the recorded cases, without secrets and names. After an interruption the
 * scratch service is deleted, and nothing else is tried.
 *
 * @throws CannotRun where the name is taken: a service that is there is never touched
 */
export const exercise = async (context: CliContext, scratch: Exercise): Promise<readonly Finding[]> => {
  const requests: object[] = [];
  const transport = recording(context.transport ?? send, scratch, requests);
  const { clock, interrupt } = context;
  interrupt.throwIfAborted();
  const address = parseWorkspaceId(scratch.workspaceId)!;
  const services = await context.connect(address, scratch.settings, { clock, transport });
  if (await services.get(scratch.name))
    throw new CannotRun(
      "NameTaken",
      `expected no service "${scratch.name}", found one. It was not touched. Name another.`,
    );
  const body = await definition(services, scratch);
  const findings: Finding[] = [];
  const made = { yes: false };
  try {
    await steps(context, services, scratch, body, transport, { findings, made });
  } finally {
    // What a refused create met under the name is somebody's.
    if (made.yes) findings.push(await step("exercise-delete", () => remove(context, services, scratch.name)));
    const transcript = [
      {
        name: `exercise.${scratch.name}`,
        call: { op: "exercise" },
        given: null,
        requests,
        sleeps: [],
        raises: null,
      },
    ];
    await writeWhole(resolve(context.cwd, scratch.file), jsonText(transcript));
  }
  return findings;
};

const definition = async (
  services: Webservices,
  { name, like }: Exercise,
): Promise<Record<string, unknown>> => {
  const model = await services.get(like);
  if (model === undefined)
    throw new CannotRun(
      "NotFound",
      `expected a service "${like}" to take compute and model from, found none. Name another in --like.`,
    );
  const request = model["environmentImageRequest"];
  return {
    name,
    computeType: "AKS",
    computeName: model["computeName"],
    ...(isObject(request) ? { environmentImageRequest: request } : { imageId: model["imageId"] }),
    kvTags: { purpose: "pulumi-azureml doctor --exercise" },
    properties: { "pulumi-azureml-exercise": "1" },
    numReplicas: 1,
    autoScaler: { autoscaleEnabled: false },
  };
};

const steps = async (
  { clock, interrupt }: CliContext,
  services: Webservices,
  { name }: Exercise,
  body: Record<string, unknown>,
  transport: Transport,
  { findings, made }: { readonly findings: Finding[]; readonly made: { yes: boolean } },
): Promise<void> => {
  const take = async (id: string, call: () => Promise<OperationRef | undefined>): Promise<boolean> => {
    const deadline = deadlineAfter(clock, OPERATION_MS, interrupt);
    const finding = await step(id, async () => {
      deadline.assertOpen(ACTION);
      await ended(deadline, services, await call());
    });
    findings.push(finding);
    return finding.status === "ok";
  };
  const again = { op: "add", path: "/properties/pulumi-azureml-exercise", value: "1" } as const;
  const isThere = await take("exercise-create", async () => {
    const operation = await services.create(body);
    made.yes = true;
    return operation;
  });
  if (!isThere) return;
  await take("exercise-patch", () =>
    services.patch(name, [{ op: "replace", path: "/description", value: "changed" }]),
  );
  await take("exercise-re-add", () => services.patch(name, [again]));
  await take("exercise-score", async () => {
    const uri = membersOf(await services.get(name))["scoringUri"];
    const { primaryKey } = await services.listKeys(name);
    await score(String(uri), { data: [] }, async () => primaryKey, { clock, transport });
    return undefined;
  });
};

const step = async (id: string, work: () => Promise<void>): Promise<Finding> => {
  try {
    await work();
    return ok(id, "answers");
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return problem(id, `${error.code}: ${error.detail ?? ""}`, error.advice);
  }
};

const ended = async (
  deadline: Deadline,
  services: Webservices,
  operation: OperationRef | undefined,
): Promise<void> => {
  if (!operation) return;
  const { state, error, operationId } = await services.wait(operation, { deadline });
  if (state === "Succeeded") return;
  throw new ServiceError({
    action: ACTION,
    code: "OperationFailed",
    operationId,
    detail: `Expected the operation to end Succeeded, found ${state}. ${error ?? ""}`,
  });
};

/** An interruption does not end it: nothing may be left behind. */
const remove = async ({ clock }: CliContext, services: Webservices, name: string): Promise<void> => {
  const operation = await services.remove(name);
  if (operation !== "gone") await ended(deadlineAfter(clock, OPERATION_MS), services, operation);
};

/** Sends, and notes what was sent and answered. */
const recording = (transport: Transport, { workspaceId, like }: Exercise, requests: object[]): Transport => {
  const parts: string[] = [];
  return async (request) => {
    const response = await transport(request);
    if (new URL(request.url).pathname.endsWith(`/services/${like}`)) parts.push(...partsOf(response.text));
    const secrets = [
      (request.headers["authorization"] ?? "").replace(/^Bearer /, ""),
      ...keysIn(response.text),
    ];
    const safe = withoutParts(withoutNames(safeText(secrets), workspaceId, like), parts);
    requests.push(noted(request, response, safe));
    return response;
  };
};

/** What a service is made of, by name: a message about the scratch service may name it. */
const partsOf = (document: string): readonly string[] => {
  const { computeName, imageId, environmentImageRequest } = membersOf(parsed(document));
  const { modelIds } = membersOf(environmentImageRequest);
  return [computeName, imageId, modelIds]
    .flat()
    .filter((part): part is string => typeof part === "string" && part !== "");
};

const keysIn = (text: string): readonly string[] => {
  const { primaryKey, secondaryKey, accessToken } = membersOf(parsed(text));
  return [primaryKey, secondaryKey, accessToken].filter((key) => typeof key === "string");
};

const parsed = (text: unknown): unknown => {
  try {
    return typeof text === "string" ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
};

const noted = (request: HttpRequest, response: HttpResponse, safe: SafeText): object => {
  const url = new URL(request.url);
  const path = safe(decodeURIComponent(url.pathname));
  const type = request.headers["content-type"];
  const isScoring = !path.includes("{workspace}") && request.method === "POST";
  const credential =
    request.headers["authorization"] && `Bearer ${isScoring ? "{primaryKey}" : "{armToken}"}`;
  return {
    method: request.method,
    path,
    query: Object.fromEntries([...url.searchParams].filter(([name]) => name !== "sig")),
    headers: {
      ...(type === undefined ? {} : { "Content-Type": type }),
      ...(credential ? { Authorization: credential } : {}),
    },
    body: redacted(parsed(request.body) ?? null, safe),
    status: response.status,
    // The other service's document, and what a model says, are nobody's business.
    response: isScoring || path.includes("{like}") ? null : redacted(parsed(response.text) ?? null, safe),
  };
};

/** Members that show a person, a host, a model, a compute or a build, and what stands for them. */
const INSTEAD: Readonly<Record<string, unknown>> = {
  ...{ createdBy: null, scoringUri: null, swaggerUri: null, operationLog: null, contentUri: null },
  streamingOperationLog: "{log}",
  ...{ models: [], computeName: "aks-test", imageId: "image:1" },
  ...{
    environmentImageRequest: { modelIds: ["sk:1"] },
    primaryKey: "{primaryKey}",
    secondaryKey: "{secondaryKey}",
  },
};

const redacted = (value: unknown, safe: SafeText): unknown => {
  if (typeof value === "string") return safe(value);
  if (Array.isArray(value)) return value.map((member) => redacted(member, safe));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      // Services on a list are others'.
      if (key === "value" && Array.isArray(member)) return [key, []];
      const instead = member === null || !Object.hasOwn(INSTEAD, key) ? undefined : INSTEAD[key];
      return [safe(key), instead === undefined ? redacted(member, safe) : instead];
    }),
  );
};

/** A name where it stands for itself, and not within a longer one. */
const asWord = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w-])`, "g");

/** In sentences alone: a type or a state may have the same letters. */
const withoutParts =
  (safe: SafeText, parts: readonly string[]): SafeText =>
  (text) =>
    /\s/.test(text)
      ? parts.reduce((kept, part) => kept.replace(asWord(part), "{part}"), safe(text))
      : safe(text);

const withoutNames = (safe: SafeText, workspaceId: string, like: string): SafeText => {
  const { subscriptionId, resourceGroupName, workspaceName } = parseWorkspaceId(workspaceId)!;
  const hidden = [
    [workspaceId, "{workspace}"],
    [subscriptionId, "{subscription}"],
    [resourceGroupName, "{group}"],
    [workspaceName, "{name}"],
  ] as const;
  return (text) =>
    hidden
      .reduce<string>(
        (kept, [name, instead]) => kept.replaceAll(name!, instead!),
        safe(text).replace(/https?:\/\/[^\s"'/]+/g, "{host}"),
      )
      .replace(asWord(like), "{like}");
};

import type { FaultRule } from "../../../emulator/index";
import { failure, plainValues, type Stage, type Values } from "./stage";

/** Each trouble of docs/troubleshooting.md that one process can make, and how; under the code that its message has. */
export const troubles: Readonly<Record<string, (stage: Stage) => Promise<Error>>> = {
  ImageBuildFailed: (stage) =>
    failedCreate(stage, {
      outcome: "failed",
      phase: "BuildImage",
      error: {
        code: "ImageBuildFailed",
        statusCode: 400,
        message: "The image build failed",
        details: [{ code: "CondaSolveFailed", message: "No match for torch==9", target: "" }],
      },
      log: ["Solving the environment", "ResolvePackageNotFound: torch==9"],
    }),
  NoCapacity: (stage) =>
    failedCreate(stage, {
      outcome: "failed",
      serviceState: "Unschedulable",
      containerLog: "",
      error: {
        code: "KubernetesDeploymentFailed",
        statusCode: 400,
        message: "Kubernetes Deployment failed",
        details: [
          { code: "Unschedulable", message: "0/3 nodes are available: 3 Insufficient cpu.", target: "" },
        ],
      },
    }),
  CrashLoop: (stage) =>
    failedCreate(stage, {
      outcome: "crashLoop",
      containerLog:
        "Traceback (most recent call last):\n  File \"score.py\", line 3, in init\nModuleNotFoundError: No module named 'torch'",
    }),
  DeploymentTimedOut: (stage) => failedCreate(stage, { outcome: "stuck" }),
  DeploymentCancelled: (stage) => failedCreate(stage, { outcome: "cancelled" }),
  DeploymentFailed: (stage) =>
    failedCreate(stage, {
      outcome: "failed",
      containerLog: "",
      error: { code: "InternalError", statusCode: 500, message: "Try later", details: [] },
    }),
  OperationLost: async (stage) => {
    const gone = { status: 404, body: { code: "NotFound", statusCode: 404, message: "no such service" } };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 99, ...gone });
    return failedCreate(stage, { outcome: "lost" });
  },
  NotAsAsked: async (stage) => {
    const { outputs } = await stage.create();
    const body = { ...(await stage.document()), name: "fraud", maxQueueWaitMs: 100, properties: {} };
    await stage.provider.delete(String(outputs["workspaceId"]) + "/services/fraud", outputs);
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 9, status: 200, body });
    return failure(stage.provider.create(await stage.inputs({ maxRequestWaitTime: 250 })));
  },
  KeyNotChanged: async (stage) => {
    const { id, outputs, inputs } = await stage.create();
    const error = { code: "KeyVaultDown", statusCode: 500, message: "no vault", details: [] };
    const operation = { outcome: "failed", error } as const;
    stage.emulator.addFault({ method: "POST", path: "/regenerateKeys$", operation });
    const wanted = await stage.inputs({ primaryKey: "the-programs-own-key" }, inputs);
    return failure(stage.provider.update(id, outputs, wanted));
  },
  ServiceGone: async (stage) => {
    const { id, outputs, inputs } = await stage.create();
    await stage.provider.delete(id, outputs);
    return failure(stage.provider.update(id, outputs, await stage.inputs({ cpuCores: 1 }, inputs)));
  },
  NameTaken: async (stage) => {
    await stage.create({ __createdBy: "someone-else" });
    return failure(stage.provider.create(await stage.inputs()));
  },
  OwnedByAnother: async (stage) => {
    const { id, outputs, inputs } = await stage.create();
    await stage.create({ adopt: true, __stack: "acme/fraud/prod" });
    return failure(stage.provider.update(id, outputs, await stage.inputs({ cpuCores: 1 }, inputs)));
  },
  TakenOver: async (stage) => {
    const made = await stage.create({ serviceName: "another" });
    const claim = { "pulumi-claim-1": "a3c81f0de2b49657 2026-11-20T12:00:00.000Z acme/fraud/prod" };
    const live = await stage.document("another");
    const body = { ...live, properties: { ...(live["properties"] as object), ...claim } };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 3, status: 200, body });
    const error = await failure(stage.create());
    await stage.provider.delete(made.id, made.outputs);
    return error;
  },
  CannotReplace: async (stage) => {
    const { id, outputs, inputs } = await stage.create();
    await stage.create({ adopt: true, __stack: "acme/fraud/prod" });
    const { props } = await stage.provider.read(id, outputs);
    const wanted = await stage.inputs({ computeTargetName: "aks-test" }, inputs);
    return failure(stage.provider.diff(id, plainValues(props!), wanted));
  },
  CannotResume: async (stage) => {
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    await failure(stage.provider.create(await stage.inputs()));
    return failure(stage.provider.create(await stage.inputs({ computeTargetName: "aks-test" })));
  },
  CannotAdopt: async (stage) => {
    await stage.create({ properties: { team: "risk" } });
    const news = { adopt: true, computeTargetName: "aks-test", properties: { team: "fraud" } };
    return failure(stage.provider.create(await stage.inputs(news)));
  },
  NotAnAksService: async (stage) => {
    const { id, outputs } = await stage.create();
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 200,
      body: { computeType: "ACI", name: "fraud" },
    });
    return failure(stage.provider.delete(id, outputs));
  },
  NotFound: (stage) => failure(stage.provider.read("fraud", {})),
  BadId: (stage) => failure(stage.provider.read("/subscriptions/1234", {})),
  DeleteFailed: (stage) =>
    failedDelete(stage, {
      outcome: "failed",
      error: { code: "Locked", statusCode: 409, message: "A lock is on the cluster", details: [] },
    }),
  DeleteTimedOut: (stage) => failedDelete(stage, { outcome: "stuck" }),
  WorkspaceNotFound: (stage) =>
    refusedRead(stage, {
      status: 404,
      body: { code: "WorkspaceNotFound", statusCode: 404, message: "no such workspace" },
    }),
  Forbidden: (stage) =>
    refusedRead(stage, { status: 403, body: { code: "AuthorizationFailed", message: "No read action" } }),
  GatewayPage: (stage) =>
    refusedRead(stage, { status: 200, body: "<html><title>Sign in to Contoso</title></html>" }),
  NotJson: (stage) => refusedRead(stage, { status: 200, body: "It works!" }),
  ConnectionLost: (stage) => refusedRead(stage, { cutBefore: true }),
  Throttled: (stage) => refusedRead(stage, { status: 429, times: 999 }),
  ServerError: (stage) => refusedRead(stage, { status: 500 }),
  BadRequest: async (stage) => {
    stage.emulator.addFault({
      method: "POST",
      path: "/services$",
      status: 400,
      body: { code: "InvalidCpu", message: "The cluster has no node of that size" },
    });
    return failure(stage.provider.create(await stage.inputs({ cpuCores: 64 })));
  },
  OperationInProgress: async (stage) => {
    const { id, outputs, inputs } = await stage.create();
    stage.emulator.addFault({ method: "PATCH", operation: { outcome: "stuck" } });
    await stage.call("PATCH", "/services/fraud", [{ op: "replace", path: "/scoringTimeoutMs", value: 5 }]);
    const wanted = await stage.inputs({ cpuCores: 1, timeouts: { update: "1m" } }, inputs);
    return failure(stage.provider.update(id, outputs, wanted));
  },
  OutcomeUnknown: async (stage) => {
    stage.emulator.addFault({ method: "POST", path: "/services$", cutAfter: true });
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 403 });
    return failure(stage.provider.create(await stage.inputs()));
  },
};

const failedCreate = async (
  stage: Stage,
  operation: FaultRule["operation"],
  news: Values = {},
): Promise<Error> => {
  stage.emulator.addFault({ method: "POST", path: "/services$", operation: operation! });
  return failure(stage.provider.create(await stage.inputs({ timeouts: { create: "2m" }, ...news })));
};

const failedDelete = async (stage: Stage, operation: FaultRule["operation"]): Promise<Error> => {
  const { id, outputs } = await stage.create();
  stage.emulator.addFault({ method: "DELETE", operation: operation! });
  return failure(stage.provider.delete(id, outputs));
};

const refusedRead = async (stage: Stage, fault: FaultRule): Promise<Error> => {
  const { id, outputs } = await stage.create();
  stage.emulator.addFault({ method: "GET", path: "/services", times: 99, ...fault });
  return failure(stage.provider.read(id, outputs));
};

/** A message with what is another each time in brackets. */
export const generalised = (message: string): string =>
  message
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/127\.0\.0\.1:\d+/g, "<host>");

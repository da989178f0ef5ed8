import { ServiceError } from "../../provider/azure/errors";
import { isObject, jsonObject, responseError } from "../../provider/azure/response";
import type { RequestOptions, Session } from "../../provider/azure/session";
import { ok, problem, unknown, type Finding } from "./finding";

/** A name that no service should have. Nothing is made under it. */
const SCRATCH = "pulumi-azureml-doctor";

interface Probe {
  readonly id: string;
  readonly request: Pick<RequestOptions, "method" | "url" | "body">;
  /** The statuses that the verb gives when it lives; 200 when left out. */
  readonly alive?: readonly number[] | undefined;
}

/** A probe whose request is undefined where there is nothing to try it on. */
type PossibleProbe = Omit<Probe, "request"> & { readonly request: Probe["request"] | undefined };

/** Which verbs of the service's API answer, by reads and dry runs: no request changes anything, none reads a key. */
export const verbFindings = async (session: Session, root: string): Promise<readonly Finding[]> => {
  const list = await probed(session, {
    id: "list-services",
    request: { method: "GET", url: `${root}/services?expand=true` },
  });
  const { value } = list.document;
  const service = Array.isArray(value)
    ? value.filter(isObject).find(({ computeType }) => computeType === "AKS")
    : undefined;
  const findings: Finding[] = [list.finding];
  const [found, next] =
    list.finding.status === "ok"
      ? ["there is no service to try it on", "Try again when there is one."]
      : ["no service is known to try it on, since list-services has a problem", "Try again without it."];
  for (const { id, request, alive } of probesOf(root, service))
    findings.push(
      request === undefined
        ? unknown(id, found, next)
        : (await probed(session, { id, request, alive })).finding,
    );
  return findings;
};

const probesOf = (
  root: string,
  service: Readonly<Record<string, unknown>> | undefined,
): readonly PossibleProbe[] => {
  const url = service && `${root}/services/${encodeURIComponent(String(service["name"]))}`;
  const post = (path: string, body: unknown): Probe["request"] => ({
    method: "POST",
    url: `${root}/${path}`,
    body,
  });
  const definition = service && {
    name: SCRATCH,
    computeType: "AKS",
    computeName: service["computeName"],
    environmentImageRequest: service["environmentImageRequest"] ?? null,
    imageId: service["imageId"] ?? null,
  };
  return [
    {
      id: "read-service",
      request: url === undefined ? undefined : { method: "GET", url: `${url}?expand=true` },
    },
    {
      id: "read-log",
      request: url === undefined ? undefined : { method: "GET", url: `${url}/logs?tail=1&init=False` },
    },
    { id: "list-models", request: { method: "GET", url: `${root}/models?count=1` } },
    // An operation that nobody began: its own 404 is an answer.
    {
      id: "read-operation",
      request: { method: "GET", url: `${root}/operations/${SCRATCH}` },
      alive: [200, 404],
    },
    { id: "validate-name", request: post(`services/validate/name/${SCRATCH}`, {}) },
    {
      id: "validate-create",
      request:
        definition &&
        post("services/validate", {
          type: "Create",
          serviceName: SCRATCH,
          createRequest: definition,
          updateRequest: null,
        }),
    },
    { id: "validate-capacity", request: definition && post("services/validate/resource", definition) },
  ];
};

const probed = async (session: Session, { id, request, alive = [200] }: Probe) => {
  const nothing = { document: {} as Readonly<Record<string, unknown>> };
  const action = id.replace("-", " ");
  try {
    // A dry run may be sent twice.
    const response = await session.send({ action, ...request, repeatable: true });
    const document = jsonObject(response);
    if (alive.includes(response.status) && document) return { document, finding: ok(id, "answers") };
    return { ...nothing, finding: refused(id, responseError(action, response)) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ...nothing, finding: refused(id, error) };
  }
};

const isGone = ({ status, code }: ServiceError): boolean =>
  [404, 405, 410, 501].includes(status ?? 0) || code === "NotFound";

const refused = (id: string, error: ServiceError): Finding =>
  isGone(error)
    ? problem(
        id,
        `does not answer any more (HTTP ${error.status}): ${error.detail ?? error.code}`,
        "This verb of the v1 API may have been retired: take a snapshot while the others answer.",
      )
    : problem(id, `${error.code}: ${error.detail ?? "no reason given"}`, error.advice);

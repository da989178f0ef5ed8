/** Where a verb of the package means to differ from the Python client's. */
export interface Difference {
  /** Requests that only the client makes. */
  readonly client?: readonly string[];
  /** Requests that only the package makes. */
  readonly ours?: readonly string[];
  /** How each ends, where one raises what the other does not. */
  readonly ends?: "only the client raises" | "only the package raises";
  readonly why: string;
  /** Number of the client's quirk in the notes on its behaviour, where it is one. */
  readonly quirk?: number;
}

const TOLERANT =
  "A member that a service does not tell is unknown; its other settings can be read all the same.";
const BOTH_KEYS = "Both keys are what the function returns, so it reads them once the new one is in place.";

const SEEN_GONE = "That a deletion was accepted is not enough: the service is seen to be gone.";

const ENDS = { ends: "only the client raises", quirk: 18, why: TOLERANT } as const;

export const differences: Readonly<Record<string, Difference>> = {
  add_properties: {
    client: [
      'PATCH /services/svc-a [{"op":"add","path":"/properties/p","value":"1"},{"op":"add","path":"/properties/q","value":"2"}]',
    ],
    ours: ['PATCH /services/svc-a [{"op":"add","path":"/properties/q","value":"2"}]'],
    quirk: 10,
    why: "Only what is new is sent.",
  },
  "remove_tags.null_tags": {
    ends: "only the client raises",
    why: "A tag that is not there is no failure, and a service without tags has none of them.",
  },
  regen_key: { ours: ["POST /services/svc-a/listkeys"], why: BOTH_KEYS },
  "regen_key.set_value": { ours: ["POST /services/svc-a/listkeys"], why: BOTH_KEYS },
  "run.401_then_ok": {
    client: ["POST /services/svc-a/listkeys"],
    quirk: 22,
    why: "After a refusal the keys are read once, not twice.",
  },
  "run.503_retried": {
    client: ['POST /api/v1/service/svc-a/score "x"', 'POST /api/v1/service/svc-a/score "x"'],
    ends: "only the package raises",
    quirk: 22,
    why: "What a model does with an input twice is not known, so it is not sent again; the error says Overloaded.",
  },
  "delete.failed_operation_is_silent": {
    ours: ["GET /operationlogs/…"],
    ends: "only the package raises",
    quirk: 16,
    why: "A service that is still there was not deleted, and the log says why.",
  },
  delete: { ours: ["GET /services?computeType=AKS&expand=true"], why: SEEN_GONE },
  "delete.answer_200": { ours: ["GET /services?computeType=AKS&expand=true"], why: SEEN_GONE },
  "delete.answer_204": { ours: ["GET /services?computeType=AKS&expand=true"], why: SEEN_GONE },
  "get.unauthorized": {
    ours: ["GET /services/svc-a?expand=true"],
    why: "One refusal may be a passing one, so the token is tried once more.",
  },
  "get.missing": {
    ours: ["GET /services/nope?expand=true", "GET /services?computeType=AKS&expand=true"],
    why: "Only a 404 that is said twice, in a workspace that answers, means that there is no such service.",
  },
  "get.refuses.missing_authEnabled": ENDS,
  "get.refuses.missing_aadAuthEnabled": ENDS,
  "get.refuses.missing_livenessProbeRequirements": ENDS,
  "get.refuses.missing_scoringUri": ENDS,
  "get.refuses.missing_maxQueueWaitMs": ENDS,
  "get.null_autoScaler_crashes": ENDS,
  "get.server_error": {
    ours: ["GET /services/svc-a?expand=true", "GET /services/svc-a?expand=true"],
    why: "A read is tried six times, not four, before it is given up.",
  },
  "list.null_nextLink_crashes": {
    ends: "only the client raises",
    quirk: 18,
    why: "No address and no member both mean that this page is the last.",
  },
};

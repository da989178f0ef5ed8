import type { FaultRule } from "../../../emulator/index";

type Document = Readonly<Record<string, unknown>>;

/** Where the recorded answers are not those of a healthy workspace: what it must answer, from its live document. */
export type Answers = (document: Document, listUrl: string) => readonly FaultRule[];

const READ = "/services/svc-a$";
const SCORE = "/score$";

const reads =
  (change: (document: Document) => Document): Answers =>
  (document) => [{ method: "GET", path: READ, times: 9, status: 200, body: change(document) }];

const lacking = (member: string): Answers =>
  reads((document) => Object.fromEntries(Object.entries(document).filter(([name]) => name !== member)));

const statuses =
  (method: string, path: string, ...all: readonly number[]): Answers =>
  () =>
    all.map((status) => ({ method, path, status }));

/** A deletion that takes effect at once. */
const gone =
  (status: number): Answers =>
  (document) => [
    { method: "DELETE", path: READ, status, body: "" },
    { method: "GET", path: READ, status: 200, body: document },
    {
      method: "GET",
      path: READ,
      times: 9,
      status: 404,
      body: { code: "WebserviceNotFound", message: "none" },
    },
  ];

const pages =
  (...more: readonly object[]): Answers =>
  (document) =>
    more.map((page) => ({
      method: "GET",
      path: "/services$",
      status: 200,
      body: { value: [document], ...page },
    }));

export const answers: Readonly<Record<string, Answers>> = {
  "remove_tags.null_tags": reads((document) => ({ ...document, kvTags: null })),
  "run.401_then_ok": () => [
    { method: "POST", path: SCORE, status: 401 },
    { method: "POST", path: SCORE, status: 200, body: { echo: "x" } },
  ],
  "run.503_retried": statuses("POST", SCORE, 503, 504),
  "delete.answer_200": gone(200),
  "delete.answer_204": gone(204),
  "delete.failed_operation_is_silent": () => [
    { method: "DELETE", path: READ, operation: { outcome: "failed" } },
  ],
  "get.refuses.missing_authEnabled": lacking("authEnabled"),
  "get.refuses.missing_aadAuthEnabled": lacking("aadAuthEnabled"),
  "get.refuses.missing_livenessProbeRequirements": lacking("livenessProbeRequirements"),
  "get.refuses.missing_scoringUri": lacking("scoringUri"),
  "get.refuses.missing_maxQueueWaitMs": lacking("maxQueueWaitMs"),
  "get.null_autoScaler_crashes": reads((document) => ({ ...document, autoScaler: null })),
  "get.null_liveness_ok": reads((document) => ({ ...document, livenessProbeRequirements: null })),
  "get.no_updatedTime_ok": lacking("updatedTime"),
  "get.unknown_type": reads((document) => ({ ...document, computeType: "SOMETHING" })),
  "get.server_error": () => [{ method: "GET", path: READ, times: 9, status: 500 }],
  "get.unauthorized": () => [{ method: "GET", path: READ, times: 9, status: 401 }],
  "list.pages": (document, listUrl) => [
    ...pages({ nextLink: `${listUrl}?expand=true&$skipToken=2` })(document, listUrl),
    ...pages({})(document, listUrl),
  ],
  "list.null_nextLink_crashes": pages({ nextLink: null }),
};

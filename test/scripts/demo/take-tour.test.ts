import { openReport } from "../../../scripts/demo/report";
import { Interrupted } from "../../harness/interruption";
import type { Session } from "../../harness/session";
import type { Step } from "../../../scripts/demo/step";
import { takeTour } from "../../../scripts/demo/take-tour";

const configured: unknown[] = [];

/** A session in which nothing runs. */
const session = {
  emulator: () => ({ url: "http://w", discoveryUrl: "http://w/d", accessToken: "t", workspaceId: "/id" }),
  stack: { setConfig: (values: unknown) => Promise.resolve(void configured.push(values)) },
} as unknown as Session;

const step = (title: string, run: Step["run"]): Step => ({ title, run });

async function take(steps: readonly Step[], stopped = () => false) {
  let printed = "";
  const report = openReport((text) => (printed += text), false);
  return { records: await takeTour(steps, session, report, stopped), printed };
}

test("each step is printed with its number, and recorded with its checks", async () => {
  const { records, printed } = await take([
    step("First", (tour) => Promise.resolve(tour.check("one is one", 1, 1))),
    step("Second", (tour) => Promise.resolve(tour.checkText("it says so", "so", "not"))),
  ]);
  expect(records).toEqual([
    { title: "First", operations: [], checks: [{ claim: "one is one", passed: true }] },
    { title: "Second", operations: [], checks: [{ claim: "it says so", passed: false }] },
  ]);
  expect(printed).toMatch(/ 1 {2}First\n {4}✓ one is one\n[^]* 2 {2}Second\n {4}✗ it says so\n/);
});

test("a step that throws is a failed check, and the steps after it are not taken", async () => {
  const { records, printed } = await take([
    step("Breaks", () => Promise.reject(new Error("the endpoint is gone"))),
    step("Never", () => Promise.resolve()),
  ]);
  expect(records).toEqual([
    { title: "Breaks", operations: [], checks: [{ claim: "the step goes through", passed: false }] },
  ]);
  expect(printed).toContain("the endpoint is gone");
});

test("after an interruption no command is run, and the failures that it causes are none", async () => {
  let stopped = false;
  const ran: string[] = [];
  const broken = step("Interrupted", (tour) => {
    stopped = true;
    return tour.up().then(() => void ran.push("up"));
  });
  await expect(take([broken], () => stopped)).rejects.toThrow(Interrupted);
  stopped = false;
  const dying = step("Its processes die", () => {
    stopped = true;
    return Promise.reject(new Error("EOF"));
  });
  await expect(take([dying], () => stopped)).rejects.toThrow(Interrupted);
  expect(ran).toEqual([]);
});

test("the stack is told where the workspace is, and its credential as a secret", async () => {
  configured.length = 0;
  await take([]);
  expect(configured).toEqual([
    {
      "azureml:workspaceId": "/id",
      "azureml:discoveryUrl": "http://w/d",
      "azureml:accessToken": { secret: "t" },
    },
  ]);
});

import type { Json } from "./hands";
import type { Deed } from "./stack";

/** What the preview said, what was sent and what is live, in lines. */
export const shownDeed = ({
  stack,
  command,
  preview,
  sent,
  lines,
  error,
  after,
}: Deed): readonly string[] => [
  `${stack} ${command}: ${preview.step} ${preview.changed.join(", ")}`,
  ...preview.lines.map((line) => `  preview ${line}`),
  ...sent.map(
    ({ method, path, body, status }) =>
      `  sent ${method} ${path.replace(/^.*\/services/, "services")} ${bodyText(body)} -> ${status}`,
  ),
  ...lines.map((line) => `  said ${line}`),
  ...(error === undefined ? [] : [`  error ${error}`]),
  `  live ${after === undefined ? "nothing" : JSON.stringify(shownService(after))}`,
];

const shownService = (service: Json): Json => ({
  ...Object.fromEntries(
    ["state", "description", "kvTags", "properties"].map((name) => [name, service[name]]),
  ),
  cpu: (service["containerResourceRequirements"] as Json)["cpu"],
});

/** Of a whole definition only what the judge compares. */
const bodyText = (body: unknown): string => {
  const isDefinition = typeof body === "object" && body !== null && "computeType" in body;
  if (!isDefinition) return JSON.stringify(body);
  const { overwrite, computeName } = body as Json;
  return JSON.stringify({ overwrite, computeName, ...shownService(body as Json) });
};

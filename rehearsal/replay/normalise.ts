import { TEXT_NAMES } from "./provider-texts";

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The mark of a number that JSON cannot say. */
const ODD_NUMBER = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";

/** Replaces what differs from one run to the next, as the recordings do. */
export interface Normaliser {
  text(text: string): string;
  deep<T>(value: T): T;
  message(text: string): string;
}

export function normaliser(projectDir: string, workDir: string): Normaliser {
  const uuids = new Map<string, string>();
  const nameUuid = (uuid: string): string => {
    if (uuid === UNKNOWN) return "<unknown>";
    if (uuid === ODD_NUMBER) return uuid;
    if (!uuids.has(uuid)) uuids.set(uuid, `<uuid ${uuids.size + 1}>`);
    return uuids.get(uuid) as string;
  };
  const text = (raw: string): string =>
    raw
      .replaceAll(projectDir, "<project>")
      .replaceAll(workDir, "<work>")
      .replace(UUID, nameUuid)
      .replace(/(file:\/\/|\/)[^\s"']*node_modules\//g, "<node_modules>/")
      .replace(/\bprocess \d+/g, "process <pid>")
      .replace(/\(pid \d+\)/g, "(pid <pid>)");
  const provider = (raw: string): string =>
    TEXT_NAMES.get(raw) ?? (raw.startsWith("exports.") ? "<provider ?>" : text(raw));

  function deep(value: unknown, key?: string): unknown {
    if (typeof value === "string") return key === "__provider" ? provider(value) : text(value);
    if (Array.isArray(value)) return value.map((item) => deep(item));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, member]) => [name, deep(member, name)]));
  }
  return { text, deep: (value) => deep(value) as typeof value, message: (raw) => withoutStack(text(raw)) };
}

const STACK_LINE = /^\s+at .*(:\d+|<anonymous>|\))\)?$/;

function withoutStack(text: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/\x1b\[[0-9;]*m/g, "");
  const lines = plain.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => !STACK_LINE.test(line))
    .map((line) => line.replace(/:\d+:\d+\b/g, ":<line>"))
    .join("\n")
    .trim();
}

import { createHash } from "node:crypto";
import type { SafeText } from "../../provider/azure/safe-text";
import type { SideName } from "./endpoint";
import {
  compareJson,
  TooManyComparisons,
  type Difference,
  type Differences,
  type Tolerance,
} from "./json-compare";
import { beginningOf, jsonIn, type Json } from "./json-text";
import { isFailure, type Answer, type FailureClass, type Sent } from "./send";

/** What is kept of one side's answer. */
export interface SideResult {
  readonly status?: number;
  readonly ms?: number;
  readonly failure?: FailureClass;
  /** It holds NaN or an infinity, which is not JSON by its standard. */
  readonly notFinite?: true;
}

/** What became of one input. It holds pieces of answers, and no key. */
export interface InputResult {
  readonly digest: string;
  readonly id: string;
  readonly result: "equal" | "different" | "notCompared";
  readonly old: SideResult;
  readonly new: SideResult;
  /** How many differences there are, and the first of them. */
  readonly count?: number;
  readonly differences?: readonly Difference[];
  /** Why it was not compared. */
  readonly why?: string;
}

/** Judges what both sides gave for an input. Where one of them failed it is never equal. */
export const judge = (
  { digest, id }: Pick<InputResult, "digest" | "id">,
  old: Sent,
  fresh: Sent,
  tolerance: Tolerance,
  safe: SafeText,
): InputResult => {
  const sides = { digest, id, old: sideResult(old), new: sideResult(fresh) };
  const notCompared = (why: string): InputResult => ({ ...sides, result: "notCompared", why: safe(why) });
  if (isFailure(old) || isFailure(fresh)) {
    const reasons = (["old", "new"] as const).map((side) => reasonOf(side, side === "old" ? old : fresh));
    return notCompared(reasons.filter(Boolean).join("; ").replaceAll(".; ", "; "));
  }
  if (old.status >= 500 && fresh.status >= 500)
    return notCompared(`both models failed (HTTP ${old.status} and ${fresh.status})`);
  try {
    const { count, first } = differencesOf(old, fresh, tolerance);
    if (count === 0) return { ...sides, result: "equal" };
    return { ...sides, result: "different", count, differences: first.map((each) => shortened(each, safe)) };
  } catch (error) {
    if (error instanceof TooManyComparisons)
      return notCompared("lists without order (--unordered) are too long to be compared");
    throw error;
  }
};

const reasonOf = (side: SideName, sent: Sent): string => (isFailure(sent) ? `${side}: ${sent.says}` : "");

const sideResult = (sent: Sent): SideResult => {
  if (isFailure(sent)) return { failure: sent.failure };
  const { status, ms, body } = sent;
  return { status, ms: Math.round(ms * 10) / 10, ...(holdsNotFinite(body) ? { notFinite: true } : {}) };
};

const holdsNotFinite = (body: Buffer): boolean => {
  if (!body.includes("NaN") && !body.includes("Infinity")) return false;
  return /(?<![\w.])(?:NaN|Infinity)(?![\w.])/.test(body.toString());
};

const differencesOf = (old: Answer, fresh: Answer, tolerance: Tolerance): Differences => {
  if (old.status !== fresh.status) return one("status", `HTTP ${old.status}`, `HTTP ${fresh.status}`);
  const [text, freshText] = [textIn(old.body), textIn(fresh.body)];
  const [value, freshValue] = [valueIn(text), valueIn(freshText)];
  if (value !== undefined && freshValue !== undefined) return compareJson(value, freshValue, tolerance);
  if (old.body.equals(fresh.body)) return { count: 0, first: [] };
  const isText = text !== undefined && freshText !== undefined;
  return one(isText ? "text" : "bytes", shownBody(old.body, text), shownBody(fresh.body, freshText));
};

const one = (kind: Difference["kind"], old: string, fresh: string): Differences => ({
  count: 1,
  first: [{ path: "$", kind, old, new: fresh }],
});

const decoder = new TextDecoder("utf-8", { fatal: true });

const textIn = (body: Buffer): string | undefined => {
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
};

const valueIn = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : jsonIn(text);

const SHOWN = 500;

const shownBody = (body: Buffer, text: string | undefined): string =>
  text === undefined
    ? `${body.length} bytes, sha256 ${createHash("sha256").update(body).digest("hex").slice(0, 12)}`
    : beginningOf(text, SHOWN);

const LONGEST = 80;

/** What is kept of a difference. It is cut after secrets are hidden: of one that is cut before, a piece may stay. */
const shortened = ({ path, kind, old, new: fresh }: Difference, safe: SafeText): Difference => ({
  path: cut(safe(path), 2 * LONGEST),
  kind,
  old: cut(safe(old), LONGEST),
  new: cut(safe(fresh), LONGEST),
});

const cut = (text: string, most: number): string => {
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length > most ? `${characters.slice(0, most).join("")}…` : text;
};

import type { StoredDeployment, StoredResource } from "../state/deployment";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "../values/signatures";
import type { Normaliser } from "./normalise";
import type { RecordedState } from "./scenario";

/** The text that every secret of the scenarios holds. */
const CANARY = "s3cret";

/**
 * A deployment in the recordings' form: where its secrets are, whether they are encrypted as stored, and where a text that
 * should be secret is not.
 * @param stepStarts when each step began, to say in which one a resource was made or changed
 */
export function recordedState(
  { shown, stored }: { readonly shown: StoredDeployment; readonly stored: StoredDeployment },
  normal: Normaliser,
  stepStarts: readonly number[],
): RecordedState {
  const found: Found = { secrets: [], plaintext: [] };
  const resources = shown.resources ?? [];
  resources.forEach((resource, i) => {
    for (const part of ["inputs", "outputs"]) {
      walk(resource[part], stored.resources?.[i]?.[part], `${shortName(resource)} ${part}`, found);
    }
  });
  const recorded = (resource: StoredResource): Record<string, unknown> =>
    recordedResource(resource, normal, stepStarts);
  const pending = (shown.pending_operations ?? []).map(({ type, resource }) => ({
    type,
    resource: recorded(resource),
  }));
  return {
    resources: resources.map(recorded),
    ...(pending.length ? { pendingOperations: pending } : {}),
    ...found,
  };
}

interface Found {
  readonly secrets: { at: string; encrypted: boolean }[];
  readonly plaintext: string[];
}

const shortName = (resource: StoredResource): string => String(resource["urn"]).split("::").pop() ?? "";

function recordedResource(
  resource: StoredResource,
  normal: Normaliser,
  stepStarts: readonly number[],
): Record<string, unknown> {
  const out: Record<string, unknown> = { ...normal.deep(resource) };
  for (const key of ["created", "modified"]) {
    const time = out[key];
    if (typeof time === "string")
      out[key] = `<step ${stepStarts.filter((start) => start <= Date.parse(time)).length}>`;
  }
  for (const key of ["sourcePosition", "stackTrace"]) delete out[key];
  const lists = [out["dependencies"], ...Object.values((out["propertyDependencies"] ?? {}) as object)];
  for (const urns of lists) if (Array.isArray(urns)) urns.sort();
  return out;
}

function walk(shown: unknown, stored: unknown, at: string, found: Found): void {
  if (typeof shown === "string" && shown.includes(CANARY)) found.plaintext.push(at);
  if (shown === null || typeof shown !== "object") return;
  const raw = (stored ?? {}) as Record<string, unknown>;
  if ((shown as Record<string, unknown>)[SIGNATURE_KEY] === SECRET_SIGNATURE) {
    found.secrets.push({ at, encrypted: Boolean(raw["ciphertext"]) && raw["plaintext"] === undefined });
    return;
  }
  for (const key of Object.keys(shown).sort()) {
    const place = Array.isArray(shown) ? `${at}[${key}]` : `${at}.${key}`;
    walk((shown as Record<string, unknown>)[key], raw[key], place, found);
  }
}

import type { Keys, ServiceDocument } from "../azure/webservices";
import { fields } from "../schema/fields";
import { relations } from "../schema/relations";
import type { ImageRequest } from "../core/inference-config/wire";
import { CREATED_BY, withStamp } from "../core/stamp";
import { withImpliedSettings } from "../core/relations";
import { isObject, isSet, settingsOf, valueAt, withValueAt, type Settings } from "../core/values";
import { createBody, readSettings, sourceOf } from "../core/wire";
import type { Values } from "./world";

/**
 * The definition to post over a live service: what the program says, and of all else what is live,
 * so that nothing that is not managed is lost.
 *
 * @param known the keys that callers use; the service would make new ones
 * @param code what the code that the program manages is called
 */
export const redefinition = (
  document: ServiceDocument,
  news: Values,
  known: Keys | undefined,
  code?: ImageRequest,
) => {
  const live = readSettings(document, news);
  const desired = { ...live, ...known, ...withImpliedSettings(settingsOf(news), live) };
  const body = createBody(withStamp(creatable(desired, settingsOf(news)), news[CREATED_BY]), code);
  return { ...withWholeObjects(body, document), overwrite: true };
};

/** A live service tells some settings that a create refuses beside others. */
const creatable = (settings: Settings, said: Settings): Settings => {
  const source = sourceOf(said) ?? sourceOf(settings);
  const foreign = fields.filter((row) => row.source && row.source !== source).map((row) => row.input);
  const left = new Set([...foreign, ...overruled(settings)]);
  return Object.fromEntries(Object.entries(settings).filter(([input]) => !left.has(input)));
};

/** While a flag is on, what stands for its being off; while it is off, its numbers. */
const overruled = (settings: Settings): readonly string[] =>
  relations.flatMap((relation) => {
    if (relation.kind !== "switched") return [];
    return settings[relation.flag] === true ? [relation.whenOff] : relation.numbers;
  });

const wholeObjects: readonly string[] = [...new Set(fields.flatMap((row) => row.patchedWith ?? []))];

/** What the table does not know inside an object that is sent whole. */
const withWholeObjects = (body: Settings, document: ServiceDocument): Settings =>
  wholeObjects.reduce<Settings>((all, path) => {
    const [live, sent] = [valueAt(document, path), valueAt(all, path)];
    return isObject(live) && isSet(sent) ? withValueAt(all, path, { ...live, ...(sent as object) }) : all;
  }, body);

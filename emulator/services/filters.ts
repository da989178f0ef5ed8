import { modelIdsOf } from "./image-rules";
import { textsAt, type JsonObject } from "../server/json";
import type { Service } from "./service";

const baseName = (id: string): string => id.split(":")[0] ?? id;

/** `key,key=value,…`: every entry must match. */
export const textsMatch = (texts: Readonly<Record<string, string>>, filter: string): boolean =>
  filter
    .split(",")
    .filter((entry) => entry !== "")
    .every((entry) => {
      const [key = "", ...value] = entry.split("=");
      return Object.hasOwn(texts, key) && (value.length === 0 || texts[key] === value.join("="));
    });

const modelIds = (service: Service): string[] => modelIdsOf(service.settings.environmentImageRequest);

const filters: Readonly<Record<string, (service: Service, wanted: string) => boolean>> = {
  computeType: (_, wanted) => wanted.toUpperCase() === "AKS",
  imageId: (service, wanted) => service.settings.imageId === wanted,
  imageName: (service, wanted) => baseName(service.settings.imageId ?? "") === wanted,
  // No service of the emulator has a digest, so that a filter by one finds nothing.
  imageDigest: () => false,
  modelId: (service, wanted) => modelIds(service).includes(wanted),
  modelName: (service, wanted) => modelIds(service).map(baseName).includes(wanted),
  tags: (service, wanted) => textsMatch(service.settings.kvTags, wanted),
  properties: (service, wanted) => textsMatch(service.settings.properties, wanted),
};

/** Whether a service is in the list that the query asks for. */
export const matchesFilters = (service: Service, query: URLSearchParams): boolean =>
  Object.entries(filters).every(([name, matches]) => {
    const wanted = query.get(name);
    return wanted === null || wanted === "" || matches(service, wanted);
  });

/** The same for a service of another compute type; by image or model it is not found. */
export const otherMatchesFilters = (document: JsonObject, query: URLSearchParams): boolean =>
  Object.keys(filters).every((name) => {
    const wanted = query.get(name);
    if (wanted === null || wanted === "") return true;
    if (name === "computeType") return wanted.toUpperCase() === document["computeType"];
    const member = name === "tags" ? "kvTags" : name;
    return (
      (name === "tags" || name === "properties") && textsMatch(textsAt(document[member], member), wanted)
    );
  });

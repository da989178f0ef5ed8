import { join } from "node:path";
import { ServiceError } from "../../provider/azure/errors";
import { membersOf, type JsonObject } from "../../provider/azure/response";
import { safeText } from "../../provider/azure/safe-text";
import type { ServiceDocument, Webservices } from "../../provider/azure/webservices";
import { withoutPasswordJson } from "../../provider/core/inference-config/environment";
import { isObject } from "../../provider/core/values";
import { writeWhole } from "../folder";
import { readDocuments } from "../found-services";
import { jsonText } from "../literal";
import type { CliContext } from "../program";
import type { Terminal } from "../terminal";
import { download } from "./download";
import { entryOf, isIntact, writeManifest, type Entry, type Manifest, type Missing } from "./manifest";
import { pathOf, pieces } from "./paths";

/** What a snapshot may leave out. */
export const parts = ["models", "code", "logs"] as const;
export type Part = (typeof parts)[number];

/** Where a snapshot comes from and goes to. */
export interface Taking {
  readonly context: CliContext;
  readonly terminal: Terminal;
  readonly folder: string;
  readonly workspaceId: string;
  readonly services: Webservices;
}

/** What is written so far. */
interface Written {
  readonly files: Record<string, Entry>;
  readonly missing: Missing[];
}

const LOG_LINES = 1000;
const AT_ONCE = 6;

/** Reads everything into the folder; what is there already, by its digest, is not downloaded again. */
export const takeSnapshot = async (
  taking: Taking,
  before: Manifest,
  without: ReadonlySet<Part>,
): Promise<Manifest> => {
  const kept = Object.entries(before.files).filter(([path]) => /^(models|code)\//.test(path));
  const written: Written = { files: Object.fromEntries(kept), missing: [] };
  let saved = Promise.resolve();
  // One after the other, although several files arrive at once.
  const save: Save = (complete) =>
    (saved = saved.then(() => writeManifest(taking.folder, manifestOf(before, written, complete))));
  // All of them, before any is written: a list that breaks off must not spoil a snapshot that is whole.
  const documents = await readDocuments(taking.services, taking.terminal);
  // From here on the folder is known as a snapshot, which the next run carries on.
  if (Object.keys(before.files).length === 0) await save(false);
  await writeDocuments(taking, written, documents);
  await save(false);
  if (!without.has("models")) {
    const models = modelsOf(documents);
    await eachOf(models, "Models", taking, (model) => takeModel(taking, written, model, save));
  }
  if (!without.has("code"))
    await eachOf(codeOf(documents), "Archives of code", taking, (id) => takeCode(taking, written, id, save));
  if (!without.has("logs"))
    await eachOf(documents.map(nameOf), "Logs", taking, (name) => takeLog(taking, written, name));
  await save(true);
  return manifestOf(before, written, true);
};

const manifestOf = (before: Manifest, { files, missing }: Written, complete: boolean): Manifest => ({
  ...before,
  complete,
  files,
  missing: [...missing].sort((a, b) => (a.what < b.what ? -1 : 1)),
});

/** Works on several at once, and stops at the first error. */
const eachOf = async <T>(
  all: readonly T[],
  what: string,
  { context, terminal }: Taking,
  work: (one: T) => Promise<void>,
): Promise<void> => {
  let [next, done] = [0, 0];
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < all.length && !failed) {
      context.interrupt.throwIfAborted();
      const one = all[next++]!;
      await work(one).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      terminal.progress(what, (done += 1));
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const broken = workers.find((result) => result.status === "rejected");
  if (broken) throw broken.reason;
};

/** What cannot be read is listed as missing, and keeps nothing else from being read. */
const orMissing = async (written: Written, what: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === "Interrupted") throw error;
    written.missing.push({ what, why: `${error.code}: ${error.detail ?? error.advice}` });
  }
};

const writeText = async (
  { folder }: Taking,
  written: Written,
  path: string,
  text: string,
  source: string,
): Promise<void> => {
  await writeWhole(join(folder, path), text);
  written.files[path] = entryOf(text, source);
};

const nameOf = (document: ServiceDocument): string => String(document["name"] ?? "");

const writeDocuments = async (
  taking: Taking,
  written: Written,
  documents: readonly ServiceDocument[],
): Promise<void> => {
  for (const document of documents) {
    const name = nameOf(document);
    const text = jsonText(withoutSecrets(document));
    await writeText(taking, written, `${pathOf("services", name)}.json`, text, `services/${name}`);
    await writeEnvironment(taking, written, document);
  }
  const images = documents.map((document) => ({
    service: nameOf(document),
    imageId: document["imageId"] ?? null,
    imageDigest: document["imageDigest"] ?? null,
  }));
  await writeText(taking, written, "images.json", jsonText(images), "services");
};

/** A document without keys, which the service does not show, and without the password of a registry, which it may echo. */
const withoutSecrets = ({ keys: _, ...document }: Record<string, unknown>): JsonObject => {
  const request = document["environmentImageRequest"];
  if (!isObject(request)) return document;
  if (!isObject(request["environment"])) return document;
  const environment = withoutPasswordJson(request["environment"]);
  return { ...document, environmentImageRequest: { ...request, environment } };
};

const writeEnvironment = async (
  taking: Taking,
  written: Written,
  document: ServiceDocument,
): Promise<void> => {
  const environment = withoutPasswordJson(membersOf(document["environmentImageRequest"])["environment"]);
  if (!isObject(environment)) return;
  const path = `${pathOf("environments", nameOf(document))}.json`;
  await writeText(taking, written, path, jsonText(environment), `services/${nameOf(document)}`);
};

/** A registered model: its id, and its document where a service shows it. */
interface NamedModel {
  readonly id: string;
  readonly document: JsonObject | undefined;
}

const modelsOf = (documents: readonly ServiceDocument[]): readonly NamedModel[] => {
  const models = new Map<string, JsonObject | undefined>();
  for (const document of documents) {
    const ids = membersOf(document["environmentImageRequest"])["modelIds"];
    for (const id of Array.isArray(ids) ? ids : [])
      if (typeof id === "string") models.set(id, models.get(id));
    const shown = Array.isArray(document["models"]) ? document["models"].filter(isObject) : [];
    for (const model of shown) if (typeof model["id"] === "string") models.set(model["id"], model);
  }
  return [...models].map(([id, document]) => ({ id, document }));
};

type Save = (complete: boolean) => Promise<void>;

const takeModel = (taking: Taking, written: Written, { id, document: shown }: NamedModel, save: Save) =>
  orMissing(written, `the model ${id}`, async () => {
    const { services } = taking;
    const document = shown ?? (await services.models.get(id));
    if (document === undefined) throw notThere(`read model "${id}"`);
    const folder = ["models", ...id.split(":")];
    const path = `${pathOf(...folder, "model")}.json`;
    await writeText(taking, written, path, jsonText(document), `models/${id}`);
    const asset = /^aml:\/\/asset\/(.+)$/.exec(String(document["url"]))?.[1];
    if (asset === undefined) throw notThere(`find the files of model "${id}"`);
    const files = await services.files.ofAsset(asset);
    if (files.length === 0) throw notThere(`find the files of model "${id}"`);
    for (const file of files)
      await takeFile(
        taking,
        written,
        pathOf(...folder, "files", ...pieces(file.path)),
        file.artifactId,
        save,
      );
  });

const notThere = (action: string): ServiceError =>
  new ServiceError({
    action,
    code: "NotFound",
    status: 404,
    detail: "Expected it in the workspace, found none.",
  });

const ARTIFACT = /^aml:\/\/artifact\/(.+)$/;

/** The uploaded files that services run, by the ids of their artifacts. */
const codeOf = (documents: readonly ServiceDocument[]): readonly string[] => {
  const urls = documents.flatMap((document) => {
    const { assets } = membersOf(document["environmentImageRequest"]);
    return Array.isArray(assets) ? assets.filter(isObject).map(({ url }) => String(url)) : [];
  });
  return [...new Set(urls.flatMap((url) => ARTIFACT.exec(url)?.[1] ?? []))];
};

const takeCode = (taking: Taking, written: Written, artifactId: string, save: Save): Promise<void> =>
  orMissing(written, `the code ${artifactId}`, () =>
    takeFile(taking, written, pathOf("code", ...pieces(artifactId)), artifactId, save),
  );

const takeFile = async (
  taking: Taking,
  written: Written,
  path: string,
  artifactId: string,
  save: Save,
): Promise<void> => {
  if (await isIntact(taking.folder, path, written.files[path])) return;
  delete written.files[path];
  const downloaded = await download(taking.context, taking.services, artifactId, join(taking.folder, path));
  written.files[path] = { ...downloaded, source: artifactId };
  await save(false);
};

const takeLog = (taking: Taking, written: Written, name: string): Promise<void> =>
  orMissing(written, `the log of ${name}`, async () => {
    const text = safeText([])(await taking.services.logs(name, { tail: LOG_LINES }));
    await writeText(taking, written, `${pathOf("logs", name)}.log`, text, `services/${name}/logs`);
  });

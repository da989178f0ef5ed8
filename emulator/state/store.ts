import type { Operation } from "../operations/operation";
import type { Service } from "../services/service";
import type { JsonObject } from "../server/json";

/** Everything that survives a restart; plain JSON. */
export interface State {
  services: Record<string, Service>;
  /** Seeded services of another compute type: documents that can be read and deleted, nothing else. */
  otherServices: Record<string, JsonObject>;
  operations: Record<string, Operation>;
  /** Scoring tokens by their text. */
  tokens: Record<string, { readonly service: string; readonly expiresAt: number }>;
  models: Record<string, JsonObject>;
  /** The newest version ever given to a model or an image, by its name; a number is never given twice. */
  versions: { models: Record<string, number>; images: Record<string, number> };
  images: Record<string, JsonObject>;
  assets: Record<string, JsonObject>;
  /** Uploaded artifacts by artifact id (`origin/container/path`). */
  artifacts: Record<string, Artifact>;
  /** Signs upload URLs and operation logs. */
  signingKey: string;
  seeded: boolean;
}

/** An uploaded file. Its bytes are a blob with the name of their hash; before the upload there are none. */
export interface Artifact {
  readonly sha256: string | null;
  readonly bytes: number;
  readonly updatedAt: number;
}

/** Maps by names that users choose have no prototype: a service may be called `constructor`. */
const bare = <T>(map: Record<string, T>): Record<string, T> => Object.assign(Object.create(null), map);

/** The state with such maps, as after a read from JSON. */
export const withoutPrototypes = (state: State): State => ({
  ...state,
  services: bare(state.services),
  otherServices: bare(state.otherServices),
  operations: bare(state.operations),
  tokens: bare(state.tokens),
  models: bare(state.models),
  versions: { models: bare(state.versions.models), images: bare(state.versions.images) },
  images: bare(state.images),
  assets: bare(state.assets),
  artifacts: bare(state.artifacts),
});

export const emptyState = (signingKey: string): State =>
  withoutPrototypes({
    services: {},
    otherServices: {},
    operations: {},
    tokens: {},
    models: {},
    versions: { models: {}, images: {} },
    images: {},
    assets: {},
    artifacts: {},
    signingKey,
    seeded: false,
  });

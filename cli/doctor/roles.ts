const ML = "Microsoft.MachineLearningServices/workspaces";

const forImport = [`${ML}/read`, `${ML}/services/read`] as const;

const forUp = [
  ...forImport,
  `${ML}/services/aks/write`,
  `${ML}/services/aks/delete`,
  `${ML}/services/aks/listkeys/action`,
  `${ML}/models/read`,
  `${ML}/models/write`,
  `${ML}/models/delete`,
  `${ML}/assets/read`,
  `${ML}/assets/write`,
  `${ML}/metadata/artifacts/read`,
  `${ML}/metadata/artifacts/write`,
  `${ML}/environments/read`,
  `${ML}/environments/build/action`,
] as const;

/**
 * The smallest custom role for each purpose. Microsoft's pages name aks/write and aks/listkeys/action for AKS services; that
 * the others are needed, and enough, is inferred from what is called.
 */
export const roleActions: Readonly<Record<string, readonly string[]>> = {
  "preview (without livePreview)": [],
  "preview (with livePreview), import": forImport,
  snapshot: [...forImport, `${ML}/models/read`, `${ML}/assets/read`, `${ML}/metadata/artifacts/read`],
  up: forUp,
};

/** What ARM's permissions call lists: an entry allows what it names and does not except. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** The actions that none of the permissions allow. */
export const lacking = (actions: readonly string[], permissions: readonly Permission[]): readonly string[] =>
  actions.filter(
    (action) =>
      !permissions.some(
        ({ actions: allowed, notActions }) =>
          allowed.some((pattern) => covers(pattern, action)) &&
          !notActions.some((pattern) => covers(pattern, action)),
      ),
  );

const covers = (pattern: string, action: string): boolean => {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
};

export type Values = Readonly<Record<string, unknown>>;

/** The dynamic provider's methods, as the host calls them. */
export interface Provider {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: readonly { reason: string }[] }>;
  diff(
    id: string,
    olds: Values,
    news: Values,
  ): Promise<{ changes?: boolean; replaces?: readonly string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Values): Promise<{ id: string; outs: Values }>;
  update(id: string, olds: Values, news: Values): Promise<{ outs: Values }>;
  read(id: string, olds: Values): Promise<{ id?: string; props?: Values; inputs?: Values }>;
  delete(id: string, olds: Values): Promise<void>;
}

/** A resource as the state keeps it. */
export interface Resource {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  /** Why it is only half made; the engine calls update as long as there is a reason, though diff sees no change. */
  readonly initErrors: readonly string[];
}

export interface State {
  resource: Resource | undefined;
  /** Deleted for a replacement that has not come about: the next `up` only creates. */
  pendingReplacement: boolean;
  /** Replaced by another one, and still to be deleted. */
  doomed: readonly Resource[];
}

/** What a call gave to be stored, as it came: with its secrets still wrapped. */
export interface Stored {
  readonly verb: string;
  readonly values: Values;
  /** With an error: the host adds nothing to it. */
  readonly failed: boolean;
}

export interface Run {
  readonly error: Error | undefined;
  /** The verbs that asked something of the workspace. */
  readonly verbs: readonly string[];
  readonly stored: readonly Stored[];
}

/** One stack with one resource, between its runs: what the real engine was recorded to keep, and which call follows. */
export interface Stack {
  readonly state: State;
  up(news: Values): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
}

const PROVIDER_TEXT = "exports.handler=()=>null;";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

export const isSecret = (value: unknown): boolean => isObject(value) && value[SIGNATURE] === SECRET;

/** As the engine hands values to a provider that takes no secrets. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (isSecret(value)) return plain(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
};

/** As the engine hands assets to diff, read and delete: by their hash alone. */
const elided = (values: Values): Values =>
  JSON.parse(
    JSON.stringify(values, function (this: unknown, name: string, member: unknown) {
      const within = isObject(this) && SIGNATURE in this;
      return within && ["path", "text", "assets"].includes(name) ? undefined : member;
    }),
  ) as Values;

/** To the engine's own comparison null and absent are the same. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]),
  );
};
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

/** What the host tells apart by its members: made, but not ready. */
interface InitFailure extends Error {
  readonly id: string;
  readonly properties: Values;
  readonly reasons: readonly string[];
}
const isInitFailure = (error: unknown): error is InitFailure =>
  isObject(error) && "id" in error && "properties" in error;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** @param start a fresh provider process, as each run has one */
export function openStack(start: () => Promise<Provider>): Stack {
  const state: State = { resource: undefined, pendingReplacement: false, doomed: [] };

  const run = async (act: (provider: Provider, notes: Notes) => Promise<void>): Promise<Run> => {
    const notes: Notes = { verbs: [], stored: [] };
    try {
      await act(await start(), notes);
      return { error: undefined, ...notes };
    } catch (error) {
      const reasons = isInitFailure(error) ? error.reasons.join("\n") : undefined;
      return { error: reasons === undefined ? asError(error) : new Error(reasons), ...notes };
    }
  };

  const store = (notes: Notes, verb: string, values: Values, failed = false): Values => {
    notes.stored.push({ verb, values, failed });
    return elided(plain(values) as Values);
  };

  const create = async (provider: Provider, notes: Notes, inputs: Values): Promise<Resource> => {
    notes.verbs.push("create");
    try {
      const { id, outs } = await provider.create(inputs);
      const outputs = { ...store(notes, "create", outs), __provider: PROVIDER_TEXT };
      return { id, inputs: elided(inputs), outputs, initErrors: [] };
    } catch (error) {
      if (!isInitFailure(error)) throw error;
      const outputs = store(notes, "create", error.properties, true);
      state.resource = { id: error.id, inputs: elided(inputs), outputs, initErrors: error.reasons };
      state.pendingReplacement = false;
      throw error;
    }
  };

  const update = async (provider: Provider, notes: Notes, old: Resource, inputs: Values): Promise<void> => {
    notes.verbs.push("update");
    try {
      const { outs } = await provider.update(old.id, old.outputs, inputs);
      const outputs = { ...store(notes, "update", outs), __provider: PROVIDER_TEXT };
      state.resource = { id: old.id, inputs: elided(inputs), outputs, initErrors: [] };
    } catch (error) {
      // A plain error leaves the state as it was; the other kind replaces the outputs and keeps id and inputs.
      if (isInitFailure(error))
        state.resource = {
          ...old,
          outputs: store(notes, "update", error.properties, true),
          initErrors: error.reasons,
        };
      throw error;
    }
  };

  const remove = async (provider: Provider, notes: Notes, old: Resource): Promise<void> => {
    notes.verbs.push("delete");
    await provider.delete(old.id, elided(old.outputs));
  };

  const checked = async (provider: Provider, olds: Values, news: Values): Promise<Values> => {
    const { inputs, failures } = await provider.check(olds, { ...news, __provider: PROVIDER_TEXT });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return { ...inputs, __provider: PROVIDER_TEXT };
  };

  const replace = async (
    provider: Provider,
    notes: Notes,
    old: Resource,
    news: Values,
    deleteFirst: boolean,
  ): Promise<void> => {
    const inputs = await checked(provider, {}, news);
    if (deleteFirst && !state.pendingReplacement) {
      await remove(provider, notes, old);
      state.pendingReplacement = true;
    }
    const doomed = deleteFirst ? [] : [old];
    try {
      state.resource = await create(provider, notes, inputs);
      state.pendingReplacement = false;
    } finally {
      // Half made is made: the old one waits as a second record.
      if (state.resource !== old) state.doomed = [...state.doomed, ...doomed];
    }
  };

  const step = async (provider: Provider, notes: Notes, news: Values): Promise<void> => {
    const old = state.resource;
    const inputs = await checked(provider, old?.inputs ?? {}, news);
    if (!old) return void (state.resource = await create(provider, notes, inputs));
    const found = await provider.diff(old.id, elided(old.outputs), elided(inputs));
    const changes = found.changes ?? !same(old.inputs, elided(inputs));
    const replaces = (found.replaces ?? []).length > 0;
    if (state.pendingReplacement || (changes && replaces))
      return replace(
        provider,
        notes,
        old,
        news,
        state.pendingReplacement || found.deleteBeforeReplace === true,
      );
    if (changes || old.initErrors.length > 0) return update(provider, notes, old, inputs);
    state.resource = { ...old, inputs: elided(inputs) };
  };

  /** Those that were replaced are deleted when everything else has come about. */
  const bury = async (provider: Provider, notes: Notes): Promise<void> => {
    for (const old of state.doomed) {
      await remove(provider, notes, old);
      state.doomed = state.doomed.filter((each) => each !== old);
    }
  };

  return {
    state,
    up: (news) =>
      run(async (provider, notes) => {
        await step(provider, notes, news);
        await bury(provider, notes);
      }),
    refresh: () =>
      run(async (provider, notes) => {
        const old = state.resource;
        if (!old || state.pendingReplacement) return;
        notes.verbs.push("read");
        const { id, props, inputs } = await provider.read(old.id, elided(old.outputs));
        if (id === undefined || props === undefined) return void (state.resource = undefined);
        const outputs = { ...store(notes, "read", props), __provider: PROVIDER_TEXT };
        const refreshed = inputs ? { ...(plain(inputs) as Values), __provider: PROVIDER_TEXT } : old.inputs;
        state.resource = { id, inputs: refreshed, outputs, initErrors: [] };
        await provider.diff(id, outputs, old.inputs);
      }),
    destroy: () =>
      run(async (provider, notes) => {
        await bury(provider, notes);
        if (state.resource && !state.pendingReplacement) await remove(provider, notes, state.resource);
        state.resource = undefined;
        state.pendingReplacement = false;
      }),
  };
}

interface Notes {
  readonly verbs: string[];
  readonly stored: Stored[];
}

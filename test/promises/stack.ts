import type { Emulator } from "../../emulator/index";
import { openStack as openState, type Provider, type Stack, type Values } from "../faults/engine";
import { isChange } from "../harness/workspace";
import { withoutSecrets, type Host } from "../lifecycle/host";
import type { Hands, Json } from "./hands";
import { urnOf, type Identity } from "./hidden-inputs";
import type { Write } from "./ownership";

/** What `pulumi preview` shows of one resource. */
export interface Preview {
  readonly step: "create" | "update" | "replace" | "delete" | "same" | "none" | "refused";
  /** The inputs after check. */
  readonly inputs: Values;
  /** What the engine's own comparison of inputs lists; entries of maps one by one, as `tags.a`. */
  readonly changed: readonly string[];
  readonly lines: readonly string[];
}

/** One command: what its preview showed, and what it then did. */
export interface Deed {
  readonly stack: string;
  readonly command: "up" | "refresh" | "destroy";
  readonly preview: Preview;
  readonly sent: readonly Write[];
  readonly lines: readonly string[];
  readonly error: string | undefined;
  /** The live service before and after. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** The state's inputs and outputs before. */
  readonly recorded: Values;
  readonly outputs: Values;
}

/** What goes on while a command runs, which may end before it. */
export type Beside = (running: Promise<unknown>) => Promise<void>;

/** A stack whose program has one service, between its commands. */
export interface PromisedStack {
  readonly name: string;
  readonly state: Stack["state"];
  /** @param during runs beside the command, once its preview has ended */
  up(program: Json, ignoreChanges?: readonly string[], during?: Beside): Promise<Deed>;
  refresh(): Promise<Deed>;
  destroy(during?: Beside): Promise<Deed>;
}

export interface StackParts {
  readonly name: string;
  readonly emulator: Emulator;
  readonly hands: Hands;
  /** The provider's process; another one after it was killed. */
  readonly host: () => Host;
  readonly service: string;
  /** By which the program is called, and its resource in it; both may change. */
  readonly called: () => { readonly identity: Identity; readonly resource: string };
}

/** As the engine calls the provider, through its process. */
const through = (host: Host): Provider => ({
  check: (olds, news) => host.check({ ...olds }, { ...news }),
  diff: async (id, olds, news) => {
    const { changes, ...rest } = await host.diff(id, { ...olds }, { ...news });
    return changes === "unknown" ? rest : { changes: changes === "some", ...rest };
  },
  create: async (inputs) => {
    const { id, outputs } = await host.create({ ...inputs });
    return { id, outs: outputs };
  },
  update: async (id, olds, news) => ({ outs: await host.update(id, { ...olds }, { ...news }) }),
  read: async (id, olds) => {
    const { id: found, outputs, inputs } = await host.read(id, { ...olds });
    return found === "" ? {} : { id: found, props: outputs, ...(inputs ? { inputs } : {}) };
  },
  delete: (id, olds) => host.delete(id, { ...olds }),
});

export const openStack = (parts: StackParts): PromisedStack => {
  const { name, emulator, hands, service, called } = parts;
  const stack = openState(() => Promise.resolve(through(parts.host())));

  /** After a rename the state has the old name until the next `up`. */
  const urns = (): readonly unknown[] => {
    const { identity, resource } = called();
    return [urnOf(identity, resource), stack.state.resource?.inputs["__urn"]];
  };
  const linesOf = (names = urns(), hosts = [parts.host()]): readonly string[] =>
    hosts
      .flatMap((host) => host.lines())
      .filter(({ urn, ephemeral }) => names.includes(urn) && !ephemeral)
      .map(({ severity, text }) => `${severity}: ${text}`);

  /** Those to this service, though others' may come beside them. */
  const writes = (): readonly Write[] =>
    emulator
      .requests()
      .filter(
        (request) =>
          isChange(request) &&
          (request.path.split("/services/")[1]?.split("/")[0] === service ||
            (/\/services$/.test(request.path) && (request.body as Json)["name"] === service)),
      );

  const command = async (
    kind: Deed["command"],
    look: () => Promise<Preview>,
    run: () => Promise<{ readonly error: Error | undefined }>,
    during?: Beside,
  ): Promise<Deed> => {
    const { resource } = stack.state;
    const [named, host] = [urns(), parts.host()];
    const shown = linesOf(named).length;
    const preview = await look();
    const before = await hands.live(service);
    const [said, known] = [linesOf(named).length, writes().length];
    const running = run();
    await during?.(running);
    const { error } = await running;
    // A process that was killed has said what it said.
    const lines = linesOf(named, [...new Set([host, parts.host()])]);
    return {
      ...{ stack: name, command: kind, before, after: await hands.live(service) },
      preview: { ...preview, lines: [...lines.slice(shown, said), ...preview.lines] },
      ...{ sent: writes().slice(known), lines: lines.slice(said), error: error?.message },
      recorded: plain(resource?.inputs),
      outputs: plain(resource?.outputs),
    };
  };

  const previewUp = async (news: Values): Promise<Preview> => {
    const [host, old, blank] = [parts.host(), stack.state.resource, { changed: [], lines: [] }];
    const { inputs, failures } = await host.check({ ...old?.inputs }, { ...news });
    if (failures.length > 0)
      return { ...blank, step: "refused", inputs, lines: failures.map(({ reason }) => reason) };
    if (!old || stack.state.pendingReplacement) return { ...blank, step: "create", inputs };
    const changed = changedInputs(old.inputs, inputs);
    try {
      const found = await host.diff(old.id, { ...old.outputs }, inputs);
      const changes = found.changes === "unknown" ? changed.length > 0 : found.changes === "some";
      const updates = changes || old.initErrors.length > 0;
      const step = changes && found.replaces.length > 0 ? "replace" : updates ? "update" : "same";
      return { step, inputs, changed, lines: [] };
    } catch (error) {
      return { step: "refused", inputs, changed, lines: [(error as Error).message] };
    }
  };

  const previewDestroy = (): Promise<Preview> =>
    Promise.resolve({
      step: stack.state.resource && !stack.state.pendingReplacement ? "delete" : "none",
      inputs: {},
      changed: [],
      lines: [],
    });

  return Object.freeze({
    name,
    state: stack.state,
    up: (program: Json, ignoreChanges: readonly string[] = [], during?: Beside) => {
      const news = withIgnored(program, stack.state.resource?.inputs, ignoreChanges);
      return command(
        "up",
        () => previewUp(news),
        () => stack.up(news),
        during,
      );
    },
    refresh: () =>
      command(
        "refresh",
        () => Promise.resolve({ step: "none", inputs: {}, changed: [], lines: [] }),
        () => stack.refresh(),
      ),
    destroy: (during?: Beside) => command("destroy", previewDestroy, () => stack.destroy(), during),
  });
};

const plain = (values: Values | undefined): Values => (withoutSecrets(values ?? {}) ?? {}) as Values;

const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    isMap(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );

/** The inputs that differ, hidden ones left out. */
export const changedInputs = (olds: Values, news: Values): readonly string[] =>
  [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((name) => !name.startsWith("__") && text(olds[name]) !== text(news[name]))
    .flatMap((name) => [name, ...changedEntries(name, olds[name], news[name])]);

const changedEntries = (name: string, old: unknown, now: unknown): readonly string[] => {
  const [before, after] = [isMap(old) ? old : {}, isMap(now) ? now : {}];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => text(before[key]) !== text(after[key]))
    .map((key) => `${name}.${key}`);
};

/** As the engine does it: what is ignored has its value of the old inputs; for a new resource nothing is ignored. */
const withIgnored = (program: Json, olds: Values | undefined, paths: readonly string[]): Values => {
  if (!olds) return program;
  return paths.reduce<Json>((news, path) => {
    const [input, key] = path.split(".") as [string, string | undefined];
    if (key === undefined) return withEntry(news, input, olds[input]);
    const [before, now] = [olds[input], news[input]];
    if (!isMap(now) && !isMap(before)) return news;
    if (!isMap(now)) return news;
    return { ...news, [input]: withEntry(now, key, isMap(before) ? before[key] : undefined) };
  }, program);
};

const withEntry = (map: Json, key: string, value: unknown): Json => {
  const rest = Object.fromEntries(Object.entries(map).filter(([other]) => other !== key));
  return value === undefined ? rest : { ...rest, [key]: value };
};

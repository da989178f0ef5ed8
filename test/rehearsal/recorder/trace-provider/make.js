"use strict";
// A dynamic provider that writes down every call and answers as the current step's JSON says.
//   TRACE_STEP  path of the step's JSON (only its `behaviour` part is read here)
//   TRACE_LOG   file to which one JSON line per call and one per answer is appended
const fs = require("fs");
const { expand, describe } = require("./template");

const OUTPUT_ONLY = ["out", "rev"]; // keys that the default create/update add

module.exports = function make(via) {
  const { behaviour = {} } = JSON.parse(fs.readFileSync(process.env.TRACE_STEP, "utf8"));
  const rules = behaviour.rules ?? [];
  let counter = 0;

  const write = (line) => fs.appendFileSync(process.env.TRACE_LOG, JSON.stringify(line) + "\n");

  async function call(method, args, fallback) {
    const n = ++counter;
    const bag = args.news ?? args.inputs ?? args.props ?? args.olds ?? {};
    const rule =
      rules.find(
        (r) =>
          r.on === method &&
          (r.tag === undefined || r.tag === bag.tag) &&
          (r.id === undefined || r.id === args.id) &&
          (r.via === undefined || r.via === via),
      ) ?? {};
    const scope = {
      ...args,
      provider: bag.__provider,
      serial: method === "create" ? serial(bag.tag) : undefined,
    };
    write({ kind: "call", pid: process.pid, n, via, method, args: describe(args) });
    if (rule.delayMs) await new Promise((done) => setTimeout(done, rule.delayMs));
    try {
      if (rule.throw !== undefined) throw toError(rule.throw, scope);
      const value = "return" in rule ? expand(rule.return, scope) : fallback(scope, rule);
      write({ kind: "answer", pid: process.pid, n, via, returned: describe(value) });
      return value;
    } catch (err) {
      const { message, id, properties, reasons } = Object(err);
      write({
        kind: "answer",
        pid: process.pid,
        n,
        via,
        threw: describe(typeof err === "object" ? { message, id, properties, reasons } : err),
      });
      throw err;
    }
  }

  // 1 for the first create of this tag in the scenario, 2 for the second, ...
  function serial(tag) {
    const log = fs.existsSync(process.env.TRACE_LOG) ? fs.readFileSync(process.env.TRACE_LOG, "utf8") : "";
    return (
      1 +
      log
        .split("\n")
        .filter(Boolean)
        .map((l) => JSON.parse(l))
        .filter((l) => l.method === "create" && l.args.inputs.tag === tag).length
    );
  }

  const provider = {
    check: (olds, news) => call("check", { olds, news }, () => ({ inputs: news, failures: [] })),
    diff: (id, olds, news) =>
      call("diff", { id, olds, news }, (_, rule) => compare(olds, news, rule.compare)),
    create: (inputs) =>
      call("create", { inputs }, ({ serial }) => ({
        id: `id-${inputs.tag}-${serial}`,
        outs: { ...inputs, out: `out-${inputs.tag}-${inputs.v ?? 0}`, rev: 1 },
      })),
    update: (id, olds, news) =>
      call("update", { id, olds, news }, () => ({
        outs: { ...news, out: `out-${news.tag}-${news.v ?? 0}`, rev: (olds.rev ?? 0) + 1 },
      })),
    read: (id, props) => call("read", { id, props }, () => ({ id, props })),
    delete: (id, props) => call("delete", { id, props }, () => undefined),
  };
  if (behaviour.configure) {
    // The hook gets {config: {get, require}}; the keys to ask for are listed in the step.
    provider.configure = (req) =>
      call(
        "configure",
        {
          values: Object.fromEntries(behaviour.configure.map((key) => [key, req.config.get(key)])),
        },
        () => undefined,
      );
  }
  for (const method of behaviour.omit ?? []) delete provider[method];
  return provider;
};

// The default diff: every input is compared with the output of the same name; `r` (or `replaceOn`) replaces.
function compare(olds, news, { replaceOn = ["r"], ignore = [], deleteBeforeReplace, answer = "full" } = {}) {
  const skip = new Set(["__provider", ...ignore]);
  const keys = new Set([...Object.keys(news), ...Object.keys(olds).filter((k) => !OUTPUT_ONLY.includes(k))]);
  const changed = [...keys].filter(
    (k) => !skip.has(k) && JSON.stringify(olds[k]) !== JSON.stringify(news[k]),
  );
  const replaces = changed.filter((k) => replaceOn.includes(k));
  const verdict = { replaces };
  if (answer === "full") verdict.changes = changed.length > 0;
  if (deleteBeforeReplace !== undefined) verdict.deleteBeforeReplace = deleteBeforeReplace;
  return verdict;
}

function toError(spec, scope) {
  const { message = "", raw, ...fields } = expand(spec, scope);
  if (raw !== undefined) return raw; // throw something that is not an Error
  return Object.assign(new Error(message), fields);
}

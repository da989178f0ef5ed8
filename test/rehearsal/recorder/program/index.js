"use strict";
// One program for every scenario: it registers what the step's JSON (path in TRACE_STEP) lists.
const fs = require("fs");
const pulumi = require("@pulumi/pulumi");
const { TEXTS } = require("trace-provider/template");

const { program = {} } = JSON.parse(fs.readFileSync(process.env.TRACE_STEP, "utf8"));
const DEFAULT_TYPE = "pulumi-nodejs:dynamic/rec:Thing";

class Thing extends pulumi.CustomResource {
  constructor(type, name, props, opts) {
    super(type, name, props, opts);
  }
}
class Group extends pulumi.ComponentResource {
  constructor(type, name, props, opts) {
    super(type, name, props, opts);
  }
}

const made = {};
const one = (name) =>
  made[name] ??
  (() => {
    throw new Error(`no resource ${name} yet`);
  })();

// JSON -> pulumi.Input; the markers are listed in the README.
function value(v) {
  if (Array.isArray(v)) return v.map(value);
  if (v === null || typeof v !== "object") return v;
  switch (v.$) {
    case undefined:
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, value(x)]));
    case "undefined":
      return undefined;
    case "secret":
      return pulumi.secret(value(v.value));
    case "output":
      return one(v.of)[v.key];
    case "concat":
      return pulumi.concat(...v.parts.map(value));
    case "id":
      return one(v.of).id;
    case "urn":
      return one(v.of).urn;
    case "resource":
      return one(v.of);
    case "config":
      return new pulumi.Config(v.namespace).get(v.key);
    case "configSecret":
      return new pulumi.Config(v.namespace).getSecret(v.key);
    case "fileAsset":
      return new pulumi.asset.FileAsset(v.path);
    case "stringAsset":
      return new pulumi.asset.StringAsset(v.text);
    case "fileArchive":
      return new pulumi.asset.FileArchive(v.path);
    case "assetArchive":
      return new pulumi.asset.AssetArchive(value(v.assets));
    case "number":
      return Number(v.text);
    default:
      throw new Error(`unknown marker ${v.$}`);
  }
}

function options(o = {}) {
  const out = { ...o };
  if (o.parent) out.parent = one(o.parent);
  if (o.dependsOn) out.dependsOn = o.dependsOn.map(one);
  if (o.deletedWith) out.deletedWith = one(o.deletedWith);
  if (o.aliases)
    out.aliases = o.aliases.map(({ noParent, parent, ...a }) =>
      parent ? { ...a, parent: one(parent) } : noParent ? { ...a, parent: pulumi.rootStackResource } : a,
    );
  return out;
}

function register(r) {
  if (r.component) return new Group(r.type ?? "rec:index:Group", r.name, {}, options(r.options));
  const declared = Object.fromEntries((r.outputs ?? ["out"]).map((key) => [key, undefined]));
  const provider = r.provider === null ? {} : { __provider: TEXTS[r.provider ?? "v1"] };
  const props = { ...declared, tag: r.tag ?? r.name, ...value(r.inputs ?? {}), ...provider };
  return new Thing(r.type ?? DEFAULT_TYPE, r.name, props, options(r.options));
}

// Without `concurrent` each registration is answered before the next is sent: an SDK program gives no order by itself,
// not even with one operation at a time, and the recordings need one.
module.exports = async () => {
  for (const r of program.resources ?? []) {
    made[r.name] = register(r);
    if (!program.concurrent) await new Promise((done) => made[r.name].urn.apply(done));
  }
  if (program.throw) throw new Error(program.throw);
  return program.outputs && value(program.outputs);
};

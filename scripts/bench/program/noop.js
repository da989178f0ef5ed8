const shapes = require("./shapes");

/** Answers each call at once. What it returns is what one of our services has. */
const provider = (shown) => ({
  check: async (_, news) => ({ inputs: news }),
  diff: async (_, outputs, news) => ({ changes: outputs.cpuCores !== news.cpuCores }),
  create: async (inputs) => ({ id: inputs.serviceName, outs: { ...shown(), ...inputs } }),
  read: async (id, outputs) => ({ id, props: outputs }),
  update: async (_, outputs, news) => ({ outs: { ...outputs, ...news } }),
  delete: async () => undefined,
});

const pick = (all, names) =>
  Object.fromEntries(names.map((name) => [name, all[name]]).filter(([, v]) => v !== undefined));

exports.same = provider(() => shapes.outputs());
exports.ten = provider(() => pick(shapes.outputs(), shapes.ten));

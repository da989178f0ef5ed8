const { readFileSync } = require("node:fs");

/** What the bench wrote of one of our services: its outputs, and the names that a program can read. */
const shape = () => JSON.parse(readFileSync(process.env.BENCH_SHAPE, "utf8"));

exports.outputNames = () => shape().names;

exports.outputs = () => shape().outputs;

exports.ten = [
  ...["name", "state", "scoringUri", "swaggerUri", "createdTime"],
  ...["updatedTime", "cpuCores", "memoryGb", "primaryKey", "secondaryKey"],
];

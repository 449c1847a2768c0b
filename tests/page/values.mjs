// The values of a page's outputs, evaluated by its own script: values.mjs PAGE ROWS PRECISION, with ROWS a list of rows of all inputs.
// Writes a line a row: the outputs as the bits of doubles.

import { readFileSync } from "node:fs";

const [page, rows, precision] = process.argv.slice(2);
const html = readFileSync(page, "utf8");
const [, data] = /<script type="application\/json" id="network">(.*?)<\/script>/s.exec(html);
const [, script] = /<script>("use strict".*?)<\/script>/s.exec(html);
const module = { exports: {} };
new Function("module", script)(module);
const network = JSON.parse(data);
const engine = module.exports.prepared(network, precision);
const room = new DataView(new ArrayBuffer(8));
const bits = (value) => {
  room.setFloat64(0, value);
  return room.getBigUint64(0).toString(16);
};
const lines = JSON.parse(readFileSync(rows, "utf8")).map((row) => {
  const { slots } = engine.evaluate(row);
  return network.outputs.flatMap((output) => output.slots).map((slot) => bits(slots[slot])).join(" ");
});
process.stdout.write(`${lines.join("\n")}\n`);

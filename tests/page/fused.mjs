// fused.mjs SCRIPT TRIPLES SINGLES: doubles a, b, c and their fused multiply-add, one after the other; the same in singles. Writes how many
// there were and the first that differs.

import { readFileSync } from "node:fs";

const [script, triples, singles] = process.argv.slice(2);
const { fused64, fused32 } = new Function(`${readFileSync(script, "utf8")}; return { fused64, fused32 };`)();
const compare = (fused, all) => {
  for (let place = 0; place < all.length; place += 4) {
    const [a, b, c, wanted] = all.subarray(place, place + 4);
    if (!Object.is(fused(a, b, c), wanted)) return `fused(${a}, ${b}, ${c}) is ${fused(a, b, c)}, not ${wanted}`;
  }
  return `${all.length / 4} equal`;
};
const bytes = (path) => { const read = readFileSync(path); return read.buffer.slice(read.byteOffset, read.byteOffset + read.length); };
console.log(compare(fused64, new Float64Array(bytes(triples))));
console.log(compare(fused32, new Float32Array(bytes(singles))));

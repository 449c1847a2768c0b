// browse.mjs FOLDER: moves, clicks and types on the pages in a folder. Writes `all is well`, or what is not.

import { browser } from "./browser.mjs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const wrong = [];
const equal = (what, got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) wrong.push(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
};
const chromium = await browser();
const open = (name, options) => chromium.open(pathToFileURL(join(folder, `${name}.html`)).href, options);
const output = (name) => `[...document.querySelectorAll("#outputs dt")].find((one) => one.textContent === ${JSON.stringify(name)}).nextElementSibling.firstChild.dataset.exact`;
const slider = (index) => `[...document.querySelectorAll("#inputs input[type=range]")][${index}]`;
const field = (index) => `[...document.querySelectorAll("#inputs .control > input[type=number]")][${index}]`;
const enter = (element, value) => `{ const it = ${element}; it.value = ${JSON.stringify(value)}; it.dispatchEvent(new Event("input", { bubbles: true })); }`;
const node = (kind, name) => `document.querySelector('#picture .node[data-${kind}="${name}"]')`;
const shown = (kind, name) => `${node(kind, name)}.querySelector("text.value, text.result").textContent`;
const focused = `document.activeElement.dataset.neuron || document.activeElement.dataset.input || document.activeElement.dataset.output || document.activeElement.id`;
const clean = (name, page) => {
  equal(`${name}: faults`, page.faults, []);
  equal(`${name}: what it asks of others`, page.asked, []);
};

{
  const page = await open("article");
  equal("first output", await page.value(output("c")), "2.2");
  equal("first trace", await page.value(`[...document.querySelectorAll("#synapses tr")].map((row) => row.innerText.split(/\\s+/).slice(0, 5).join(" ").trim())`),
    ["x1 0.8 +1 +0.8 0.8", "x2 1.2 +0.75 +0.9 1.7", "bias +0.5 2.2 excitatory"]);
  await page.value(enter(slider(0), "-2"));
  await page.value(enter(field(1), "0.1"));
  equal("moved", await page.value(output("c")), "0");
  equal("field follows slider", await page.value(`${field(0)}.value`), "-2");
  equal("value in the picture", await page.value(shown("neuron", "c")), "0");
  equal("input in the picture", await page.value(shown("input", "x1")), "−2");
  equal("label in the picture", await page.value(`document.querySelector('#picture .label[data-from="x1"] text').textContent`), "+1 × −2 = −2");
  equal("firing in the picture", await page.value(`${node("neuron", "c")}.classList.contains("fires")`), false);
  equal("its word beside its circle", await page.value(`(() => { const it = ${node("neuron", "c")}, [circle, word] = ["circle.mark", "text.small"].map((one) => it.querySelector(one).getBoundingClientRect()); return word.left >= circle.right; })()`), true);
  equal("said", await page.value(`document.getElementById("sum").textContent.includes("rests")`), true);
  equal("sum so far, to the last bit", await page.value(`[...document.querySelectorAll("#synapses tr")].at(-1).querySelectorAll("[data-exact]")[1].dataset.exact`), String(-2 + 0.75 * 0.1 + 0.5));
  await page.value(enter(field(1), "much"));
  await page.value(enter(field(1), ""));
  equal("what is no number is refused", await page.value(`[${field(1)}.getAttribute("aria-invalid"), ${output("c")}]`), ["true", "0"]);
  await page.value(`document.getElementById("reset").click()`);
  equal("as at first", await page.value(output("c")), "2.2");
  await page.value(`{ const it = document.getElementById("precision"); it.value = "f32"; it.dispatchEvent(new Event("change")); }`);
  equal("single precision", await page.value(output("c")), "2.2");
  await page.value(enter(field(0), "0.1"));
  equal("single precision, other inputs", await page.value(output("c")), String(Math.fround(1.5)));
  const asks = await page.value(`fetch("data:text/plain,x").then(() => "allowed", () => "refused")`);
  equal("the policy", asks, "refused");
  page.faults.length = 0;
  page.asked.length = 0;
  clean("article", page);
  await page.close();
}

{
  const page = await open("xor_gates", { width: 420, dark: true });
  const middle = await page.value(`(() => { const it = ${node("neuron", "left.nand")}; it.scrollIntoView({ block: "center", inline: "center" }); const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()`);
  await page.click(...middle);
  equal("clicked", await page.value(`document.getElementById("trace-title").textContent`), "left.nand = step(sum)");
  equal("its place", await page.value(`document.getElementById("trace-place").textContent.startsWith("gates.neuron:")`), true);
  equal("its synapses", await page.value(`[...document.querySelectorAll("#synapses th")].map((cell) => cell.textContent)`), ["a", "b", "bias"]);
  for (const [a, b] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    await page.value(enter(field(0), String(a)));
    await page.value(enter(field(1), String(b)));
    equal(`xor ${a} ${b}`, await page.value(output("xor")), String(a ^ b));
    equal(`xor ${a} ${b} in the picture`, await page.value(shown("output", "xor")), String(a ^ b));
  }
  equal("nothing stands out at the side", await page.value(`document.documentElement.scrollWidth <= 420`), true);
  clean("xor_gates", page);
  await page.close();
}

{
  const page = await open("article");
  await page.value(`document.getElementById("full").focus()`);
  const reached = [];
  for (let count = 0; count < 8; count += 1) {
    await page.key("Tab");
    reached.push(await page.value(focused));
  }
  for (const name of ["x1", "x2", "c"]) equal(`Tab reaches ${name}`, reached.includes(name), true);
  await page.value(`${node("input", "x1")}.focus()`);
  equal("told", await page.value(`document.getElementById("about").textContent`), "input x1: 0.8");
  await page.key("ArrowRight");
  equal("right", await page.value(focused), "c");
  equal("focus is seen", await page.value(`getComputedStyle(document.activeElement.querySelector(".box")).strokeWidth`), "3px");
  await page.value(`document.getElementById("trace-title").textContent = ""`);
  await page.key("Enter", "\r");
  equal("Enter chooses", await page.value(`document.getElementById("trace-title").textContent`), "c = relu(sum)");
  await page.key("ArrowLeft");
  equal("left", await page.value(focused), "x1");
  await page.key("ArrowDown");
  equal("down", await page.value(focused), "x2");
  await page.value(`document.querySelector('#picture .synapse[data-from="x2"]').focus()`);
  equal("a synapse is told", await page.value(`document.getElementById("about").textContent`), "x2 → c: 1.2 × +0.75 = +0.9, excitatory");
  equal("the legend stays as it is", await page.value(`[...document.querySelectorAll("#picture [tabindex]")].every((one) => one.closest(".nodes, .lines"))`), true);
  equal("all other lines step back", await page.value(`[...document.querySelectorAll("#picture .lines .synapse")].map((one) => one.classList.contains("lit"))`), [false, true]);
  clean("keys", page);
  await page.close();
}

{
  const page = await open("digits");
  equal("digits", await page.value(output("answer")), "0");
  equal("a folded array", await page.value(`/ … /.test(${shown("neuron", "light")})`), true);
  const before = await page.value(shown("input", "pixel"));
  await page.value(`{ const which = document.querySelector("#inputs label input"); which.value = "3"; which.dispatchEvent(new Event("input")); }`);
  equal("an element of a long array", await page.value(`${field(0)}.value`), "15");
  await page.value(enter(field(0), "99"));
  equal("outside of its range", await page.value(`${field(0)}.getAttribute("aria-invalid")`), "true");
  await page.value(enter(field(0), "0"));
  equal("inside", await page.value(`${field(0)}.getAttribute("aria-invalid")`), "false");
  equal("its array in the picture", [before, await page.value(shown("input", "pixel"))], ["0 … 16", "0 … 16"]);
  equal("steps are quick", await page.value(`(() => { const begin = performance.now(); for (let i = 0; i < 10; i += 1) { ${enter(slider(0), "5")} } return performance.now() - begin < 2000; })()`), true);
  clean("digits", page);
  await page.close();
}

{
  const page = await open("hostile");
  equal("nothing is harmed", await page.value(`window.harmed === undefined`), true);
  equal("no element is forged", await page.value(`[document.querySelectorAll("script").length, document.querySelectorAll("img").length, document.querySelectorAll("b:not(.part b)").length]`), [2, 0, 0]);
  equal("the text is there", await page.value(`document.querySelector("header p").textContent.includes("</script><script>window.harmed")`), true);
  equal("and in the data", await page.value(`JSON.parse(document.getElementById("network").textContent).populations[0].doc`), "</title></style><b>");
  equal("a declared activation", await page.value(output("ünïcode")), "1");
  clean("hostile", page);
  await page.close();
}

await chromium.close();
console.log(wrong.length === 0 ? "all is well" : wrong.join("\n"));

// The page: inputs that can be moved, a picture that follows, and the trace of the neuron that is chosen.

function start() {
  const network = JSON.parse(document.getElementById("network").textContent);
  const make = (name, attributes = {}, ...content) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  };
  const unitNames = new Array(network.slots), owners = new Array(network.slots), steps = new Array(network.slots);
  const slotOf = new Map();
  for (const population of network.populations) {
    for (let element = 0; element < population.size; element += 1) {
      const slot = population.first + element;
      unitNames[slot] = population.array ? `${population.name}[${element}]` : population.name;
      owners[slot] = population;
      slotOf.set(unitNames[slot], slot);
    }
  }
  network.steps.filter((step) => !step.whole).forEach((step) => { steps[step.slot] = step; });
  const isInput = (slot) => steps[slot] === undefined;
  const initial = network.populations.flatMap((population) => population.values || []);
  const values = initial.slice();

  let precision = "f64", engine = prepared(network, precision), result = engine.evaluate(values), chosen = null;

  // A number with all its digits, and as people read it.
  const exact = (value) => {
    if (Object.is(value, -0)) return "-0";
    if (precision === "f64" || !Number.isFinite(value)) return String(value);
    for (let digits = 1; digits < 9; digits += 1) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return String(short);
    }
    return String(Number(value.toPrecision(9)));
  };
  const short = (value, digits = 6) => {
    if (!Number.isFinite(value)) return String(value);
    return String(value === 0 ? 0 : Number(value.toPrecision(digits))).replace("-", "−");
  };
  const signed = (value, digits = 6) => (value > 0 ? `+${short(value, digits)}` : short(value, digits));
  const effect = (amount) => (amount > 0 ? "excitatory" : amount < 0 ? "inhibitory" : "silent");
  const fires = (slot) => firing(network.activations[steps[slot].activation], result.slots[slot]);
  const state = (slot) => ({ true: "fires", false: "rests", null: "" })[String(fires(slot))];

  // Inputs: a slider and a field each; of a long array one element at a time.
  const MANY = 40;
  const form = document.getElementById("inputs");
  const follow = [];
  let place = 0;
  for (const population of network.populations.filter((one) => one.values)) {
    const first = place;
    place += population.size;
    if (population.size > MANY) {
      const which = make("input", { type: "number", min: 0, max: population.size - 1, step: 1, value: 0, "aria-label": `element of ${population.name}` });
      const row = control(`${population.name}[`, population, () => first + Math.min(Math.max(Math.trunc(Number(which.value)) || 0, 0), population.size - 1));
      row.label.append(which, "]");
      which.addEventListener("input", row.show);
      form.append(row.element);
    } else {
      for (let element = 0; element < population.size; element += 1) {
        form.append(control(unitNames[population.first + element], population, () => first + element).element);
      }
    }
  }

  function control(name, population, at) {
    const size = 2 * Math.max(1, ...population.values.map(Math.abs));
    const [low, high] = population.range || [-size, size];
    const id = `input-${form.childElementCount}`;
    const step = high > low ? (high - low) / 400 : 1;
    const slider = make("input", { type: "range", min: low, max: high, step, "aria-label": `${name.replace("[", "")}, slider` });
    const field = make("input", { type: "number", step: "any", id });
    const label = make("label", { for: id }, name);
    const fault = make("span", { class: "fault", role: "alert" });
    const take = (text, from) => {
      const value = Number(text);
      const isWrong = text.trim() === "" || !Number.isFinite(value);
      const isOutside = !isWrong && population.range && (value < low || value > high);
      fault.textContent = isWrong ? "a number is needed" : isOutside ? `from ${low} to ${high}` : "";
      field.setAttribute("aria-invalid", String(isWrong || Boolean(isOutside)));
      if (isWrong || isOutside) return;
      values[at()] = value;
      if (from !== field) field.value = exact(value);
      if (from !== slider) slider.value = value;
      update();
    };
    const show = () => {
      field.value = String(values[at()]);
      slider.value = values[at()];
      fault.textContent = "";
      field.setAttribute("aria-invalid", "false");
    };
    slider.addEventListener("input", () => take(slider.value, slider));
    field.addEventListener("input", () => take(field.value, field));
    const element = make("div", { class: "control" }, label, field, slider, fault);
    if (population.doc) element.title = population.doc;
    show();
    follow.push(show);
    return { element, label, show };
  }

  document.getElementById("reset").addEventListener("click", () => {
    initial.forEach((value, index) => { values[index] = value; });
    follow.forEach((show) => show());
    update();
  });
  document.getElementById("precision").addEventListener("change", (event) => {
    precision = event.target.value;
    engine = prepared(network, precision);
    update();
  });

  // Outputs.
  const outputs = document.getElementById("outputs");
  const cells = network.outputs.map((output) => {
    const value = make("output", {});
    outputs.append(make("dt", {}, output.name), make("dd", {}, value));
    return value;
  });

  // The picture.
  const picture = document.querySelector("#picture svg");
  const nodes = [], lines = [], labels = [];
  const about = document.getElementById("about");
  if (picture) {
    picture.setAttribute("role", "group");
    for (const group of picture.querySelectorAll(".nodes g.node")) nodes.push(node(group));
    for (const group of picture.querySelectorAll(".lines g.synapse")) lines.push(line(group));
    for (const group of picture.querySelectorAll("g.label")) label(group);
    const full = document.getElementById("full");
    full.addEventListener("click", () => {
      const isFull = document.getElementById("picture").classList.toggle("full");
      full.setAttribute("aria-pressed", String(isFull));
    });
    const few = lines.length <= 300;
    lines.forEach(({ group }) => { if (few) group.setAttribute("tabindex", "0"); });
  }

  function node(group) {
    const { input, neuron, output } = group.dataset;
    const name = input ?? neuron ?? output;
    const own = network.populations.find((population) => population.name === name && population.array);
    const given = output === undefined ? null : network.outputs.find((one) => one.name === output || output.startsWith(`${one.name}[`));
    let slots = [];
    if (given) {
      const index = /\[(\d+)\]$/.exec(output.slice(given.name.length));
      slots = index ? [given.slots[Number(index[1])]] : given.slots;
    } else if (slotOf.has(name)) slots = [slotOf.get(name)];
    else if (own) slots = Array.from({ length: own.size }, (_, element) => own.first + element);
    slots = slots.filter((slot) => slot !== undefined);
    const isNeuron = neuron !== undefined && slots.length > 0;
    const one = { group, slots, isNeuron, name, kind: input !== undefined ? "input" : isNeuron ? "neuron" : "output" };
    one.value = group.querySelector("text.value, text.result");
    one.room = one.value ? one.value.getComputedTextLength() : 0;
    one.state = group.querySelector("text.small");
    // The circle stands just before the word that was there at first.
    one.stateRoom = one.state ? one.state.getComputedTextLength() + 3 : 0;
    one.netInput = [...group.querySelectorAll("text.detail")].find((text) => text.textContent.startsWith("net input"));
    one.title = group.querySelector("title");
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", isNeuron ? "button" : "img");
    group.addEventListener("click", () => choose(slots[0]));
    group.addEventListener("keydown", (event) => keys(event, one));
    for (const kind of ["focus", "pointerenter"]) group.addEventListener(kind, () => tell(one));
    for (const kind of ["blur", "pointerleave"]) group.addEventListener(kind, () => light(null));
    return one;
  }

  function line(group) {
    const { from, to } = group.dataset;
    const one = { group, from, to };
    group.setAttribute("role", "img");
    for (const kind of ["focus", "pointerenter"]) {
      group.addEventListener(kind, () => {
        about.textContent = lineWords(one);
        light((other) => other === one);
      });
    }
    for (const kind of ["blur", "pointerleave"]) group.addEventListener(kind, () => light(null));
    return one;
  }

  // What stands on the line of one synapse; of several their number stays.
  function label(group) {
    const { from, to } = group.dataset;
    const [source, step] = [slotOf.get(from), steps[slotOf.get(to)]];
    const text = group.querySelector("text"), now = text.textContent;
    const synapses = step === undefined ? [] : step.sources.filter((one) => one === source);
    const room = Number(group.querySelector("rect").getAttribute("width")) - 6;
    if (synapses.length === 1 && now.includes("= ")) labels.push({ source, step, text, room, isWhole: now.includes("×") });
  }

  function write({ source, step, text, room, isWhole }) {
    const row = engine.traced(step, result).rows.find((one) => one.source === source);
    const brought = `= ${signed(row.contribution, 4)}`;
    text.textContent = isWhole ? `${signed(row.weight, 4)} × ${short(row.value, 4)} ${brought}` : brought;
    fit(text, room);
  }

  // What a line carries now.
  function lineWords({ group, from, to }) {
    const [source, target] = [slotOf.get(from), slotOf.get(to)];
    const step = target === undefined ? undefined : steps[target];
    if (source === undefined || step === undefined) return `${from} → ${to}: ${group.dataset.count || "several"} synapses`;
    const rows = engine.traced(step, result).rows.filter((row) => row.source === source);
    return rows.map((row) => `${from} → ${to}: ${short(row.value)} × ${signed(row.weight)} = ${signed(row.contribution)}, ${effect(row.contribution)}`).join("; ");
  }

  function nodeWords({ slots, name, kind }) {
    if (slots.length === 0) return name;
    if (slots.length > 1) return `${name}: ${slots.length} ${kind}s, from ${spread(slots)}`;
    const value = `${kind} ${name}: ${short(result.slots[slots[0]])}`;
    if (kind !== "neuron") return value;
    const words = state(slots[0]);
    return `${value}, net input ${short(result.netInputs[slots[0]])}${words && `, ${words}`}. Enter shows its trace.`;
  }

  function spread(slots) {
    const all = slots.map((slot) => result.slots[slot]);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return least === most ? short(least, 4) : `${short(least, 4)} … ${short(most, 4)}`;
  }

  function tell(one) {
    about.textContent = nodeWords(one);
    light((line) => line.from === one.name || line.to === one.name);
  }

  function light(is) {
    picture.classList.toggle("lit", is !== null);
    lines.forEach((line) => line.group.classList.toggle("lit", is !== null && is(line)));
  }

  // Left and right go along synapses, up and down from one to the next.
  function keys(event, one) {
    const index = nodes.indexOf(one);
    const named = (name) => nodes.find((other) => other.name === name);
    const ways = {
      ArrowRight: () => named((lines.find((line) => line.from === one.name) || {}).to),
      ArrowLeft: () => named((lines.find((line) => line.to === one.name) || {}).from),
      ArrowDown: () => nodes[index + 1],
      ArrowUp: () => nodes[index - 1],
      Home: () => nodes[0],
      End: () => nodes[nodes.length - 1],
    };
    if (event.key === "Enter" || event.key === " ") choose(one.slots[0]);
    else if (!(event.key in ways)) return;
    else (ways[event.key]() || one).group.focus();
    event.preventDefault();
  }

  function fit(text, room) {
    text.removeAttribute("textLength");
    if (text.getComputedTextLength() > room) {
      text.setAttribute("textLength", room);
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
  }

  function paint(one) {
    const { group, slots, value, netInput } = one;
    if (slots.length === 0) {
      if (value) value.textContent = "";
      return;
    }
    const box = group.querySelector("rect.box:last-of-type") || group.querySelector("rect.box");
    const width = Number(box.getAttribute("width"));
    group.dataset.value = slots.length === 1 ? exact(result.slots[slots[0]]) : "";
    if (value) value.textContent = spread(slots);
    const known = one.isNeuron ? slots.map(fires).filter((fire) => fire !== null) : [];
    const count = known.filter(Boolean).length;
    if (known.length > 0) {
      group.classList.toggle("fires", count > 0);
      group.dataset.fires = count;
      if (one.state) one.state.textContent = slots.length === 1 ? (count ? "fires" : "silent") : `${count} of ${known.length} fire`;
    }
    if (one.state) fit(one.state, one.stateRoom);
    if (value) fit(value, value.classList.contains("result") ? width / 2 : width - 28 - (one.state ? one.state.getComputedTextLength() + 24 : 0));
    if (netInput) {
      const all = slots.map((slot) => result.netInputs[slot]);
      const [least, most] = [Math.min(...all), Math.max(...all)];
      netInput.textContent = `net input ${least === most ? short(least, 4) : `${short(least, 4)} … ${short(most, 4)}`}`;
      fit(netInput, width - 28);
    }
    const words = nodeWords(one);
    group.setAttribute("aria-label", words);
    if (one.title) one.title.textContent = words;
    group.setAttribute("aria-pressed", String(one.isNeuron && slots[0] === chosen));
    group.classList.toggle("chosen", one.isNeuron && slots.includes(chosen));
  }

  // The trace.
  const select = document.getElementById("neuron");
  network.steps.filter((step) => !step.whole).forEach((step) => {
    select.append(make("option", { value: step.slot }, unitNames[step.slot]));
  });
  select.addEventListener("change", () => choose(Number(select.value)));

  function choose(slot) {
    if (slot === undefined || isInput(slot)) return;
    chosen = slot;
    select.value = String(slot);
    update();
  }

  const SHOWN = 200;
  function trace() {
    const table = document.getElementById("synapses"), sum = document.getElementById("sum");
    if (chosen === null) return;
    const step = steps[chosen], activation = network.activations[step.activation];
    const { rows, bias, netInput, output } = engine.traced(step, result);
    const largest = rows.map((row, index) => [Math.abs(row.contribution), index]).sort((one, other) => other[0] - one[0]);
    const shown = new Set(largest.slice(0, SHOWN).map(([, index]) => index));
    const most = Math.max(Math.abs(bias), ...rows.map((row) => Math.abs(row.contribution)).filter(Number.isFinite)) || 1;
    const cell = (value, text = short(value)) => make("td", { title: exact(value), "data-exact": exact(value) }, text);
    const bar = (amount) => {
      const meter = make("td", { class: "bar", "aria-hidden": "true" });
      const part = make("span", { class: effect(amount) });
      part.style.width = `${Math.min(100, 100 * Math.abs(amount) / most) || 0}%`;
      meter.append(part);
      return meter;
    };
    table.replaceChildren(...rows.filter((_, index) => shown.has(index)).map((row) => make("tr", { class: effect(row.contribution) },
      make("th", { scope: "row" }, unitNames[row.source]), cell(row.value), cell(row.weight, signed(row.weight)),
      cell(row.contribution, signed(row.contribution)), cell(row.sum), make("td", {}, effect(row.contribution)), bar(row.contribution))));
    if (rows.length > shown.size) table.append(make("tr", {}, make("td", { colspan: 7 }, `… and ${rows.length - shown.size} more synapses with smaller contributions`)));
    table.append(make("tr", { class: `bias ${effect(bias)}` }, make("th", { scope: "row" }, "bias"), make("td"), make("td"), cell(bias, signed(bias)),
      cell(netInput), make("td", {}, effect(bias)), bar(bias)));
    const words = state(chosen);
    const part = (name, value) => make("span", { class: "part" }, `${name} `, make("b", { "data-exact": exact(value), title: exact(value) }, short(value)));
    sum.replaceChildren(part("net input", netInput), " → ", make("code", {}, activation.written), " → ", part("output", output), words && ` ${words === "fires" ? "●" : "○"} ${words}`);
    document.getElementById("trace-title").textContent = `${unitNames[chosen]} = ${activation.written}(${step.combine})`;
    document.getElementById("trace-place").textContent = owners[chosen].place;
    document.getElementById("formula").textContent = activation.formula;
  }

  function update() {
    result = engine.evaluate(values);
    network.outputs.forEach((output, index) => {
      const all = output.slots.map((slot) => result.slots[slot]);
      const some = all.slice(0, 12).map((value) => short(value)).join(", ");
      const more = all.length > 12 ? `, … ${all.length - 12} more` : "";
      cells[index].textContent = output.array ? `[${some}${more}]` : some;
      cells[index].dataset.exact = all.map(exact).join(" ");
      cells[index].title = all.slice(0, 12).map(exact).join(", ");
    });
    nodes.forEach(paint);
    labels.forEach(write);
    trace();
  }

  const last = network.outputs.flatMap((output) => output.slots).find((slot) => !isInput(slot));
  chosen = last === undefined ? (network.steps.find((step) => !step.whole) || { slot: null }).slot : last;
  if (network.chosen !== undefined && !isInput(network.chosen)) chosen = network.chosen;
  if (chosen !== null) select.value = String(chosen);
  document.getElementById("trace").hidden = chosen === null;
  form.parentElement.hidden = values.length === 0;
  outputs.parentElement.hidden = cells.length === 0;
  update();
}

if (typeof document !== "undefined") start();

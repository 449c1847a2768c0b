// Headless Chromium, driven over a pipe: one JSON message between zeros each way. Needs nothing but node and chromium.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function browser() {
  const folder = mkdtempSync(join(tmpdir(), "neuronc-browser-"));
  const program = process.env.CHROMIUM || "chromium";
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
    "--no-first-run", "--disable-extensions", "--disable-background-networking", `--user-data-dir=${folder}`, "about:blank"];
  const child = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [input, output] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map(), listeners = [];
  let number = 0, rest = "";
  child.on("exit", () => waiting.forEach(({ reject }) => reject(new Error("the browser ended"))));
  output.setEncoding("utf8");
  output.on("data", (text) => {
    const parts = (rest + text).split("\0");
    rest = parts.pop();
    for (const message of parts.map((part) => JSON.parse(part))) {
      const waits = waiting.get(message.id);
      if (!waits) listeners.forEach((listen) => listen(message));
      else if (message.error) waits.reject(new Error(message.error.message));
      else waits.resolve(message.result);
      waiting.delete(message.id);
    }
  });
  const send = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    number += 1;
    waiting.set(number, { resolve, reject });
    input.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
  });

  // A page of its own; `faults` gathers what its console and its policy complain of, `asked` what it wants from elsewhere.
  async function open(address, { width = 1280, height = 900, dark = false } = {}) {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const call = (method, params) => send(method, params, sessionId);
    const faults = [], asked = [];
    let loaded = () => {};
    listeners.push((message) => {
      if (message.sessionId !== sessionId) return;
      const { method, params } = message;
      if (method === "Page.loadEventFired") loaded();
      if (method === "Runtime.exceptionThrown") faults.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      if (method === "Log.entryAdded") faults.push(params.entry.text);
      if (method === "Network.requestWillBeSent" && params.request.url !== address) asked.push(params.request.url);
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
    await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    const done = new Promise((resolve) => { loaded = resolve; });
    await call("Page.navigate", { url: address });
    await done;
    // The value of an expression in the page.
    const value = async (expression) => {
      const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) throw new Error(`${exceptionDetails.exception?.description ?? exceptionDetails.text} in ${expression}`);
      return result.value;
    };
    const key = async (name, text = undefined) => {
      const codes = { Tab: 9, Enter: 13, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
      const event = { key: name, code: name, windowsVirtualKeyCode: codes[name], text };
      await call("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...event });
      await call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    };
    const click = async (x, y) => {
      for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) {
        await call("Input.dispatchMouseEvent", { type, x, y, button: type === "mouseMoved" ? "none" : "left", clickCount: 1 });
      }
    };
    const picture = async () => {
      const { data } = await call("Page.captureScreenshot", { captureBeyondViewport: true });
      return Buffer.from(data, "base64");
    };
    const close = () => send("Target.closeTarget", { targetId });
    return { value, key, click, picture, close, faults, asked };
  }

  async function close() {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await send("Browser.close").catch(() => {});
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }

  return { open, close };
}

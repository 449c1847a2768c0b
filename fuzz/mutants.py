"""All mutants of the front end and of scalar evaluation in one build, each switched on by an environment variable.

    python3 fuzz/mutants.py build COPY     puts the mutants into a copy of the project and compiles its tests
    python3 fuzz/mutants.py reach COPY     runs each test once, and notes its time and the mutants that it reaches
    python3 fuzz/mutants.py run COPY       runs, for each mutant, the tests that reach it until one fails
    BUDGET=25 python3 fuzz/mutants.py again COPY     tries those that survived once more, for so many seconds each

The mutants are those that cargo-mutants 27.1 lists. It builds each of them, which takes half a minute; in one build a
mutant takes as long as its quickest test that fails. COPY is a clone whose sources may be overwritten.
Needs `cargo install cargo-mutants` and `pip install tree-sitter==0.26.1 tree-sitter-rust==0.24.2`.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

FILES = """src/parser/** src/resolve/** src/plan.rs src/order.rs src/value.rs src/call.rs src/combine.rs src/network.rs
src/network/** src/eval/row.rs src/eval/trace.rs src/eval/inputs.rs src/activation.rs src/activation/** src/function.rs"""
BINARIES = ["suite", "mistakes", "neuronc", "project", "laws", "why", "activations", "pages", "tensors", "program"]
# Seconds of tests that a mutant may survive.
BUDGET = float(os.environ.get("BUDGET", "6"))

SWITCH = """
/// Switches of mutants.
#[doc(hidden)]
pub mod mutant {
    use std::io::Write;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    static ACTIVE: LazyLock<u32> =
        LazyLock::new(|| std::env::var("MUTANT").ok().and_then(|id| id.parse().ok()).unwrap_or(u32::MAX));
    static REACHED: LazyLock<Option<std::fs::File>> = LazyLock::new(|| {
        let path = std::env::var("MUTANT_REACHED").ok()?;
        std::fs::File::options().append(true).create(true).open(path).ok()
    });
    static SEEN: [AtomicBool; 8192] = [const { AtomicBool::new(false) }; 8192];
    #[must_use]
    #[doc(hidden)]
    pub fn on(id: u32) -> bool {
        if let Some(mut file) = REACHED.as_ref() && !SEEN[id as usize].swap(true, Relaxed) {
            let _ = file.write_all(format!("{id}\\n").as_bytes());
        }
        *ACTIVE == id
    }
}
"""


def listed(copy):
    """The mutants of cargo-mutants, numbered."""
    files = [word for pattern in FILES.split() for word in ("-f", pattern)]
    text = subprocess.run(["cargo", "mutants", "--list", "--json", *files], cwd=copy, check=True, capture_output=True).stdout
    mutants = json.loads(text)
    for number, mutant in enumerate(mutants):
        del mutant["diff"]
        mutant["id"] = number
    return mutants


class Writer:
    """A file with its mutants."""

    def __init__(self, text, mutants):
        import tree_sitter
        import tree_sitter_rust

        self.text = text
        self.tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language())).parse(text)
        starts = [0]
        for line in text.split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        def offset(place):
            line = starts[place["line"] - 1]
            return line + len(text[line:].decode()[: place["column"] - 1].encode())
        self.at = collections.defaultdict(list)
        for mutant in mutants:
            place = (offset(mutant["span"]["start"]), offset(mutant["span"]["end"]))
            self.at[(mutant["genre"], place[0]) if mutant["genre"] == "FnValue" else (mutant["genre"], *place)].append(mutant)
        self.written = set()

    def take(self, *key):
        found = self.at.get(key, [])
        self.written.update(mutant["id"] for mutant in found)
        return found

    def plain(self, node, replaced=()):
        """The text of a node with its children written; `replaced` gives other text for some."""
        parts, end = [], node.start_byte
        for child in node.children:
            parts.append(self.text[end : child.start_byte])
            parts.append(dict(replaced)[child.id] if child.id in dict(replaced) else self.write(child))
            end = child.end_byte
        parts.append(self.text[end : node.end_byte])
        return b"".join(parts)

    def write(self, node):
        kind = node.type
        if kind in ("macro_invocation", "line_comment", "block_comment", "string_literal", "const_item", "static_item", "attribute_item"):
            return self.text[node.start_byte : node.end_byte]
        if kind == "function_item":
            return self.function(node)
        if kind in ("binary_expression", "compound_assignment_expr"):
            operator = node.child_by_field_name("operator")
            found = self.take("BinaryOperator", operator.start_byte, operator.end_byte)
            if found:
                return self.binary(node, operator, found, kind == "compound_assignment_expr")
        if kind == "unary_expression":
            operator, operand = node.children[0], node.children[-1]
            found = self.take("UnaryOperator", operator.start_byte, operator.end_byte)
            for mutant in found:
                sign = self.text[operator.start_byte : operator.end_byte]
                return b"({let l =\n%b\n; if crate::mutant::on(%d) { l }\nelse { %bl }})" % (self.write(operand), mutant["id"], sign)
        if kind == "match_arm":
            return self.arm(node)
        if kind in ("field_initializer", "shorthand_field_initializer"):
            for mutant in self.take("StructField", node.start_byte, node.end_byte):
                base = next(child for child in node.parent.children if child.type == "base_field_initializer")
                base = self.text[base.children[1].start_byte : base.end_byte]
                short = kind == "shorthand_field_initializer"
                name = self.text[node.start_byte : node.end_byte] if short else self.text[node.children[0].start_byte : node.children[0].end_byte]
                value = name if short else self.write(node.child_by_field_name("value"))
                return b"%b: if crate::mutant::on(%d) { (%b).%b }\nelse { %b }" % (name, mutant["id"], base, name, value)
        return self.plain(node)

    def function(self, node):
        body = node.child_by_field_name("body")
        is_const = any(child.type == "function_modifiers" and b"const" in self.text[child.start_byte : child.end_byte] for child in node.children)
        if is_const:
            return self.text[node.start_byte : node.end_byte]
        found = []
        for child in body.named_children:
            found += self.take("FnValue", child.start_byte)
        text = self.plain(body)
        early = b"".join(b"\nif crate::mutant::on(%d) { return %b; }\n" % (mutant["id"], mutant["replacement"].encode()) for mutant in found)
        return self.plain(node, [(body.id, b"{" + early + text[1:])])

    def binary(self, node, operator, found, assigns):
        sign = self.text[operator.start_byte : operator.end_byte]
        left, right = self.write(node.child_by_field_name("left")), self.write(node.child_by_field_name("right"))
        if sign in (b"&&", b"||"):
            test = b"!=" if sign == b"&&" else b"=="
            return b"({let l =\n%b\n; if l %b crate::mutant::on(%d) {\n%b\n} else { l }})" % (left, test, found[0]["id"], right)
        if assigns:
            branches = b"".join(b"if crate::mutant::on(%d) { %b %b r }\nelse " % (mutant["id"], left, mutant["replacement"].encode()) for mutant in found)
            return b"({let r =\n%b\n; %b{ %b %b r }})" % (right, branches, left, sign)
        compares = sign in (b"==", b"!=", b"<", b">", b"<=", b">=")
        star = b"*" if compares else b""
        branches = b"".join(b"if crate::mutant::on(%d) { %bl %b %br }\nelse " % (mutant["id"], star, mutant["replacement"].encode(), star) for mutant in found)
        if compares:
            return b"(match (&(\n%b\n), &(\n%b\n)) { (l, r) => %b{ *l %b *r } })" % (left, right, branches, sign)
        return b"({let (l, r) = (\n%b\n,\n%b\n); %b{ l %b r }})" % (left, right, branches, sign)

    def arm(self, node):
        pattern = node.child_by_field_name("pattern")
        guard = pattern.child_by_field_name("condition")
        deleted = self.take("MatchArm", node.start_byte, node.end_byte) or self.take("MatchArm", node.start_byte, node.end_byte - 1)
        keep = b"".join(b" && !crate::mutant::on(%d)\n" % mutant["id"] for mutant in deleted)
        if guard is None:
            written = self.plain(pattern) + (b" if true" + keep if deleted else b"")
            return self.plain(node, [(pattern.id, written)])
        changed = self.take("MatchArmGuard", guard.start_byte, guard.end_byte)
        always = b"".join(b"crate::mutant::on(%d)\n || " % mutant["id"] for mutant in changed if mutant["replacement"] == "true")
        never = b"".join(b"!crate::mutant::on(%d)\n && " % mutant["id"] for mutant in changed if mutant["replacement"] == "false")
        if not changed and not deleted:
            return self.plain(node)
        written = b"(%b(%b(\n%b\n)))%b" % (always, never, self.write(guard), keep)
        return self.plain(node, [(pattern.id, self.plain(pattern, [(guard.id, written)]))])


def build(copy):
    """Writes all mutants; those that do not compile are left out, one round after the other."""
    subprocess.run(["git", "checkout", "-q", "--", "src"], cwd=copy, check=True)
    mutants = listed(copy)
    (copy / "mutants.json").write_text(json.dumps(mutants))
    originals = {file: (copy / file).read_bytes() for file in {mutant["file"] for mutant in mutants}}
    lib = (copy / "src/lib.rs").read_text()
    (copy / "src/lib.rs").write_text(lib + SWITCH)
    # Those that did not compile the last time do not now.
    left_out = copy / "left_out.json"
    names = set(json.loads(left_out.read_text())) if left_out.exists() else set()
    # A value of an opaque type has one type.
    opaque = lambda mutant: mutant["genre"] == "FnValue" and "impl " in (mutant["function"]["return_type"] or "")
    out = {mutant["id"] for mutant in mutants if mutant["name"] in names or opaque(mutant)}
    environment = dict(os.environ, CARGO_PROFILE_TEST_DEBUG="0", CARGO_PROFILE_DEV_DEBUG="0", CARGO_PROFILE_TEST_OPT_LEVEL="1", RUSTFLAGS="--cap-lints=warn -Awarnings")
    for attempt in range(40):
        written = set()
        for file, text in originals.items():
            writer = Writer(text, [mutant for mutant in mutants if mutant["file"] == file and mutant["id"] not in out])
            (copy / file).write_bytes(writer.write(writer.tree.root_node))
            written |= writer.written
        command = ["cargo", "check", "--lib", "--message-format=json"]
        ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        bad, errors = set(), 0
        for line in ran.stdout.splitlines():
            message = json.loads(line).get("message")
            if not message or message.get("level") != "error":
                continue
            for span in message["spans"]:
                if span["is_primary"]:
                    errors += 1
                    lines = (copy / span["file_name"]).read_text().split("\n")
                    part = "\n".join(lines[span["line_start"] - 1 : span["line_end"]])
                    ids = {int(id) for id in re.findall(r"mutant::on\((\d+)\)", part)}
                    if not ids:  # The operand of switches that follow, or a match whose arms have them.
                        near = "\n".join(lines[span["line_end"] : span["line_end"] + 60])
                        if message["message"].startswith("non-exhaustive"):
                            ids = {int(id) for id in re.findall(r"&& !crate::mutant::on\((\d+)\)", near)}
                        else:
                            ids = {int(id) for id in re.findall(r"mutant::on\((\d+)\)", near)[:1]}
                    bad |= ids
        print(f"round {attempt}: {len(written)} of {len(mutants)} written, {errors} errors, {len(bad)} left out", flush=True)
        if ran.returncode == 0:
            break
        if not bad:
            sys.exit(ran.stderr[-3000:])
        out |= bad
        left_out.write_text(json.dumps([mutant["name"] for mutant in mutants if mutant["id"] in out]))
    (copy / "written.json").write_text(json.dumps(sorted(written - out)))
    ran = subprocess.run(["cargo", "test", "--no-run", "--message-format=json"], cwd=copy, env=environment, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(ran.stderr[-3000:])
    binaries = {}
    for line in ran.stdout.splitlines():
        artifact = json.loads(line)
        if artifact.get("executable") and artifact["profile"]["test"]:
            kind = artifact["target"]["kind"][0]
            if kind in ("lib", "test"):
                binaries[artifact["target"]["name"]] = artifact["executable"]
    (copy / "binaries.json").write_text(json.dumps(binaries))
    print(binaries)


def run_tests(copy, binary, names, environment, limit):
    """Whether the tests pass, or None after `limit` seconds."""
    process = subprocess.Popen([binary, "--exact", "-q", *names], cwd=copy, env=dict(os.environ, CARGO_MANIFEST_DIR=str(copy), **environment),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, process_group=0)
    try:
        return process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def reach(copy):
    binaries = json.loads((copy / "binaries.json").read_text())
    tests = []
    for name in BINARIES:
        listing = subprocess.run([binaries[name], "--list", "--format", "terse"], cwd=copy, capture_output=True, text=True).stdout
        for line in listing.splitlines():
            test = line.removesuffix(": test")
            with tempfile.NamedTemporaryFile() as file:
                started = time.monotonic()
                passed = run_tests(copy, binaries[name], [test], {"MUTANT_REACHED": file.name}, 300)
                seconds = time.monotonic() - started
                reached = sorted({int(line) for line in file.read().split()})
            if not passed:
                print("fails without a mutant:", name, test)
                continue
            tests.append({"binary": name, "test": test, "seconds": seconds, "reached": reached})
        print(name, len(tests), flush=True)
    (copy / "tests.json").write_text(json.dumps(tests))


def run(copy, again=False):
    binaries = json.loads((copy / "binaries.json").read_text())
    mutants = {mutant["id"]: mutant for mutant in json.loads((copy / "mutants.json").read_text())}
    tests = sorted(json.loads((copy / "tests.json").read_text()), key=lambda test: test["seconds"])
    reached = collections.defaultdict(list)
    for test in tests:
        for id in test["reached"]:
            reached[id].append(test)
    results_file = copy / "results.json"
    results = json.loads(results_file.read_text()) if results_file.exists() else {}
    survivors = [int(id) for id, result in results.items() if result in ("survived", "unreached")]
    untried = [id for id in json.loads((copy / "written.json").read_text()) if str(id) not in results]
    # In no order, so that a part of them says something about all.
    random.Random(1).shuffle(untried)
    for id in survivors if again else untried:
        results[str(id)] = one(copy, binaries, id, reached[id])
        results_file.write_text(json.dumps(results))
        if results[str(id)] in ("survived", "unreached"):
            print(results[str(id)], id, mutants[id]["name"], flush=True)
    print(collections.Counter(results.values()))


def one(copy, binaries, id, tests):
    """What becomes of a mutant: files that say what comes of them are tried first, then quick tests before slow ones."""
    if not tests:
        return "unreached"
    files = ("suite", "mistakes")
    first = [test for test in tests if test["binary"] == "suite"] or [test for test in tests if test["binary"] in files]
    rest = [test for test in tests if test not in first]
    rest.sort(key=lambda test: test["binary"] not in files)
    spent = 0.0
    while first or rest:
        group, first = first, []
        if not group:
            # Tests of one program that together take about a second.
            seconds = 0.0
            for test in [test for test in rest if test["binary"] == rest[0]["binary"]]:
                if group and seconds + test["seconds"] > 1:
                    break
                seconds += test["seconds"]
                group.append(test)
            rest = [test for test in rest if test not in group]
        if spent >= BUDGET:
            return "survived"
        started = time.monotonic()
        limit = 10 + 10 * sum(test["seconds"] for test in group)
        passed = run_tests(copy, binaries[group[0]["binary"]], [test["test"] for test in group], {"MUTANT": str(id)}, limit)
        spent += time.monotonic() - started
        if passed is None:
            return "timeout"
        if not passed:
            return "caught"
    return "survived"


def main():
    steps = {"build": build, "reach": reach, "run": run, "again": lambda copy: run(copy, again=True)}
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("step", choices=steps)
    arguments.add_argument("copy", type=pathlib.Path)
    given = arguments.parse_args()
    copy = given.copy.resolve()
    if not (copy / "Cargo.toml").exists():
        arguments.error(f"{copy} is no copy of the project")
    steps[given.step](copy)


if __name__ == "__main__":
    main()

//! Evaluating writes no file, starts no program and knows no network; it reads what it is given and what stands beside that.

use std::process::Output;

use crate::saving::{Saving, telling};
use crate::{Folder, can_inject};

/// Calls that only look, whatever they are given.
const LOOKS: [&str; 20] = [
    "access",
    "faccessat",
    "faccessat2",
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "statfs",
    "readlink",
    "readlinkat",
    "getcwd",
    "exit",
    "exit_group",
    "set_tid_address",
    "arch_prctl",
    "rt_sigreturn",
    "restart_syscall",
    "pidfd_open",
    "waitid",
    "wait4",
];

/// Where the system keeps what each program needs: libraries, fonts, what it tells of itself.
const SYSTEM: [&str; 8] =
    ["/etc/ld.so", "/lib", "/usr/lib", "/usr/share", "/usr/local", "/proc/self", "/proc/sys/vm", "/sys/fs"];

/// Whether a call is allowed; `line` is one of strace, without the number of the process.
fn is_allowed(line: &str, folder: &str) -> bool {
    let (name, rest) = line.split_once('(').unwrap_or((line, ""));
    match name {
        "open" | "openat" | "openat2" => {
            let is_read = rest.contains("O_RDONLY")
                && !["O_CREAT", "O_TRUNC", "O_TMPFILE"].iter().any(|flag| rest.contains(flag));
            // Those that lead nowhere from elsewhere are beneath what was opened.
            let path = rest.split('"').nth(1).unwrap_or_default();
            let is_ours =
                path.starts_with(folder) || !path.starts_with('/') && !path.split('/').any(|part| part == "..");
            is_read && (is_ours || SYSTEM.iter().any(|place| path.starts_with(place)))
        }
        "clone" | "clone3" => rest.contains("CLONE_THREAD"),
        _ => LOOKS.contains(&name),
    }
}

/// Runs; gives the calls that concern files, processes or networks and are not allowed.
fn forbidden(saving: &Saving) -> (Output, Vec<String>) {
    let (folder, log) = (Folder::new(), Folder::new());
    let log = log.0.join("log");
    let calls = "trace=%file,%process,%network,memfd_create,ftruncate,fallocate,fchmod,fchown,?io_uring_setup";
    let through = ["strace", "-f", "-qq", "-o", log.to_str().expect("UTF-8"), "-e", calls, "-e", "signal=none", "--"];
    let ran = saving.run_through(&through, &folder);
    let told = std::fs::read_to_string(&log).expect("strace told something");
    let calls = told.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim_start());
    let mut started = 0;
    let forbidden = calls.filter(|call| {
        let is_start = call.starts_with("execve(");
        started += usize::from(is_start);
        let is_first = is_start && started == 1;
        let is_end = call.starts_with("<...") || call.starts_with("+++");
        !(is_first || is_end || is_allowed(call, folder.0.to_str().expect("UTF-8")))
    });
    (ran, forbidden.map(str::to_owned).collect())
}

#[test]
fn evaluating_writes_nothing_and_starts_nothing() {
    if !can_inject() {
        return;
    }
    let parts = "import \"part.neuron\" as p\ninput x[2] = [1, 2]\nneuron y\nx -> y : load(\"w.csv\")\n\
                 instance a = p.twice { x = y }\noutput z = a.y\nexpect x = [1, 2] => a.y = 10\n";
    let part = "network twice {\n  input x = 1\n  neuron y\n  x -> y : 2\n  output y\n}\n";
    let with_parts =
        |arguments| Saving::of(arguments).with("b.neuron", parts).with("part.neuron", part).with("w.csv", "1,2\n");
    let mut all = telling();
    all.extend(["run b.neuron --trace", "test b.neuron", "check b.neuron", "explain b.neuron y"].map(with_parts));
    for saving in all {
        let (ran, forbidden) = forbidden(&saving);
        assert_eq!(ran.status.code(), Some(0), "{}: {}", saving.arguments, String::from_utf8_lossy(&ran.stderr));
        assert!(forbidden.is_empty(), "{}: {forbidden:#?}", saving.arguments);
    }
}

/// Without this the test above could not fail.
#[test]
fn what_writes_is_seen() {
    if !can_inject() {
        return;
    }
    for saving in crate::saving::saving() {
        let (_, forbidden) = forbidden(&saving);
        assert!(forbidden.iter().any(|call| call.contains("rename")), "{}: {forbidden:?}", saving.arguments);
        assert!(forbidden.iter().any(|call| call.contains("O_CREAT")), "{}: {forbidden:?}", saving.arguments);
    }
}

#[test]
fn what_lies_elsewhere_is_not_even_opened() {
    if !can_inject() {
        return;
    }
    let away = ["../../../../../../etc/passwd", "/etc/passwd", "link.csv"];
    for name in away {
        let text = format!("input x = 1\nneuron y\nx -> y : load(\"{name}\")\noutput y\n");
        let saving = Saving::of("run c.neuron").with("c.neuron", text).linked("link.csv", "/etc/passwd");
        let (ran, forbidden) = forbidden(&saving);
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert!(!ran.status.success() && !stderr.contains("root:"), "{name}: {stderr}");
        assert!(forbidden.is_empty(), "{name}: {forbidden:?}");
    }
}

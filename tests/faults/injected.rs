//! Every call that the system can refuse is refused in turn.

use std::collections::BTreeMap;
use std::process::Output;

use crate::saving::{Saving, saving, telling};
use crate::{Content, Folder, can_inject, is_thorough};

/// Calls of one purpose, some of which are not on every machine, and what they are refused with. A `+` lasts from then on.
const CALLS: [(&str, &[&str]); 14] = [
    ("write,?pwrite64,?writev", &["ENOSPC", "EINTR", "ENOSPC+", "EIO", "EIO+"]),
    ("fsync,fdatasync", &["EIO", "EINTR", "EINVAL", "ENOSPC", "EIO+"]),
    ("?rename,?renameat,renameat2", &["EIO", "EINVAL", "EINTR", "ENOSPC", "EIO+", "EINVAL+"]),
    ("?readlink,readlinkat,getcwd", &["EIO", "ENOMEM", "EACCES", "EIO+"]),
    ("clone3", &["EAGAIN", "EAGAIN+"]),
    ("?open,openat", &["EMFILE", "EACCES", "EINTR", "ENOSPC", "EIO", "EMFILE+"]),
    ("?link,linkat", &["EIO", "EPERM"]),
    ("?unlink,unlinkat", &["EIO", "EIO+"]),
    ("?chmod,fchmod,fchmodat", &["EIO", "EPERM"]),
    ("close", &["EIO", "EINTR", "EIO+"]),
    ("ftruncate,fallocate", &["EIO"]),
    ("read,pread64", &["EIO", "EINTR", "EIO+"]),
    ("?stat,?lstat,?fstat,?newfstatat,statx", &["EIO", "ENOMEM", "EACCES", "EIO+"]),
    ("lseek,fcntl,flock", &["EIO", "EIO+"]),
];

/// What is tried always, each with the first of its errors.
const LIKELY: usize = 5;
/// The same for results on standard output, each with the first two.
const LIKELY_TOLD: usize = 1;

/// How a call was refused.
struct Refusal {
    calls: &'static str,
    error: &'static str,
    first: u32,
}

impl Refusal {
    fn argument(&self) -> String {
        let Refusal { calls, error, first } = self;
        let (error, lasts) = error.strip_suffix('+').map_or((*error, ""), |error| (error, "+"));
        format!("inject={calls}:error={error}:when={first}{lasts}")
    }
}

/// Runs with a refusal; gives the calls that were refused, as strace tells them.
fn refused(saving: &Saving, folder: &Folder, refusal: &Refusal) -> (Output, Content, Vec<String>) {
    let log = Folder::new();
    let log = log.0.join("log");
    let trace = format!("trace={}", refusal.calls);
    let through =
        ["strace", "-f", "-qq", "-o", log.to_str().expect("UTF-8"), "-e", &trace, "-e", &refusal.argument(), "--"];
    let ran = saving.run_through(&through, folder);
    let told = std::fs::read_to_string(&log).expect("strace told something");
    let refused = told.lines().filter(|line| line.ends_with("(INJECTED)")).map(str::to_owned).collect();
    (ran, folder.content(), refused)
}

/// Refuses one call after the other until there are no more; gives how many runs had one.
fn each_refused(saving: &Saving, calls: &'static str, errors: &[&'static str]) -> (u32, Vec<String>) {
    let folder = Folder::new();
    let clean = saving.clean(&folder);
    let (mut count, mut all) = (0, Vec::new());
    for error in errors {
        for first in 1.. {
            let refusal = Refusal { calls, error, first };
            let came = refused(saving, &folder, &refusal);
            if came.2.is_empty() {
                break;
            }
            count += 1;
            let (ran, found, refused) = came;
            for wrong in saving.wrong(&clean, &ran, &found, &refused) {
                all.push(format!("{}\n  {}\n  {}\n  {wrong}", saving.arguments, refusal.argument(), refused[0]));
            }
        }
    }
    (count, all)
}

fn all_refused(commands: &[Saving], likely: usize, first: usize) {
    if !can_inject() {
        return;
    }
    let (mut counts, mut all) = (BTreeMap::new(), Vec::new());
    let calls = if is_thorough() { &CALLS } else { &CALLS[..likely] };
    for saving in commands {
        for (calls, errors) in calls {
            let errors = if is_thorough() { errors } else { &errors[..first] };
            let (count, wrong) = each_refused(saving, calls, errors);
            *counts.entry(saving.arguments).or_insert(0) += count;
            all.extend(wrong);
        }
    }
    for (command, count) in &counts {
        println!("{count:>5} refused: {command}");
        assert!(*count > 0, "nothing was refused: {command}");
    }
    assert!(all.is_empty(), "{} of {}:\n{}", all.len(), counts.values().sum::<u32>(), all.join("\n"));
}

#[test]
fn a_disk_that_refuses_leaves_the_old_file_or_the_new_one() {
    all_refused(&saving(), LIKELY, 1);
}

#[test]
fn no_result_is_lost_in_silence() {
    all_refused(&telling(), LIKELY_TOLD, 2);
}

/// What outlasts a loss of power: the file's bytes are on the disk before it has its name, and the name before the end.
#[test]
fn what_is_written_is_made_to_last() {
    if !can_inject() {
        return;
    }
    for saving in saving() {
        let (folder, log) = (Folder::new(), Folder::new());
        let clean = saving.clean(&folder);
        let log = log.0.join("log");
        let calls = "trace=fsync,?rename,?renameat,renameat2";
        let through = ["strace", "-f", "-qq", "-y", "-o", log.to_str().expect("UTF-8"), "-e", calls, "--"];
        saving.run_through(&through, &folder);
        let told = std::fs::read_to_string(&log).expect("strace told something");
        let (mut synced, mut named, mut last) = (0, 0, "");
        let folder = format!("<{}>", folder.0.display());
        for call in told.lines().filter(|line| !line.contains("resumed>")) {
            if call.contains("fsync(") && !call.contains(&folder) {
                synced += 1;
            } else if call.contains("rename") {
                named += 1;
                assert!(named <= synced, "{}: named before it was synced\n{told}", saving.arguments);
            }
            last = call;
        }
        let new = clean.after.iter().filter(|(name, bytes)| saving.before.get(*name) != Some(bytes)).count();
        assert_eq!((synced, named), (new, new), "{}\n{told}", saving.arguments);
        assert!(last.contains("fsync(") && last.contains(&folder), "{}\n{told}", saving.arguments);
    }
}

//! A program that is killed, at any call or at any moment, leaves the old file or the new one.

use std::time::{Duration, Instant};

use crate::saving::{Clean, Saving, large, saving};
use crate::{Folder, can_inject, is_thorough};

/// Calls that change what is on the disk, or are just before or behind one that does.
const CALLS: [&str; 5] = ["write", "fsync", "?rename,?renameat,renameat2", "?unlink,unlinkat", "?open,openat"];

#[track_caller]
fn check(saving: &Saving, clean: &Clean, folder: &Folder, when: &str) -> bool {
    let found = folder.content();
    let broken = saving.broken(clean, &found);
    assert!(broken.is_empty(), "{}, killed {when}: {broken:?}", saving.arguments);
    let left_over = saving.left_over(clean, &found);
    let is_passing = |name: &String| name.starts_with(".neuronc-") && name.ends_with(".tmp");
    assert!(left_over.iter().all(is_passing), "{}, killed {when}: {left_over:?}", saving.arguments);
    clean.after.iter().all(|(name, bytes)| found.get(name) == Some(bytes))
}

#[test]
fn a_kill_at_any_call_leaves_the_old_file_or_the_new_one() {
    if !can_inject() {
        return;
    }
    let calls = if is_thorough() { &CALLS[..] } else { &CALLS[1..3] };
    for saving in saving() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        let mut killed = 0;
        for calls in calls {
            for first in 1.. {
                let (trace, inject) = (format!("trace={calls}"), format!("inject={calls}:signal=KILL:when={first}"));
                let through = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject, "--"];
                let ran = saving.run_through(&through, &folder);
                check(&saving, &clean, &folder, &inject);
                if ran.status.code().is_some() {
                    break;
                }
                killed += 1;
            }
        }
        println!("{killed:>5} kills at calls: {}", saving.arguments);
        assert!(killed > 0, "{} was not killed", saving.arguments);
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let rounds: usize = std::env::var("KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    let all = large();
    let mut random = 1_u64;
    for (number, saving) in all.iter().enumerate() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        let start = Instant::now();
        saving.run_through(&[], &folder);
        let length = start.elapsed();
        // Rounds that do not come out even go to the first ones.
        let rounds = (rounds + all.len() - 1 - number) / all.len();
        let mut seen = [0, 0];
        for _ in 0..rounds {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
            let mut child = saving.start(&folder);
            std::thread::sleep(length.mul_f64(1.1 * share).max(Duration::from_micros(200)));
            child.kill().expect("it may be gone already");
            child.wait().expect("it ends");
            seen[usize::from(check(saving, &clean, &folder, "at random"))] += 1;
        }
        println!("{rounds:>5} kills, {} before and {} after the new file: {}", seen[0], seen[1], saving.arguments);
        assert!(rounds < 10 || seen[0] > 0, "{} was never killed", saving.arguments);
    }
}

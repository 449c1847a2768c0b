//! Full disks, small limits and streams that are not there, as they are found in practice.

use crate::saving::{Saving, saving, telling};
use crate::{Folder, is_thorough};

/// A command in a shell that has set the scene.
fn staged<'a>(script: &'a str, place: &'a str) -> [&'a str; 4] {
    ["sh", "-c", script, place]
}

#[track_caller]
fn assert_right(saving: &Saving, scene: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{}, {scene}: {wrong:?}", saving.arguments);
}

/// Lets a file have so little that nothing can be written, then more, until all can.
#[test]
fn files_that_must_not_grow_stay_the_old_ones() {
    for saving in saving() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        for blocks in 0.. {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
            let ran = saving.run_through(&staged(&script, "sh"), &folder);
            let wrong = saving.wrong(&clean, &ran, &folder.content(), &[]);
            assert_right(&saving, &script, &wrong);
            assert!(blocks > 0 || !ran.status.success(), "{} needs no room", saving.arguments);
            if ran.status.success() {
                break;
            }
        }
    }
}

/// A disk of its own, in a namespace of its own, with so many pages left.
const FULL: &str = r#"
home=$PWD
mount -t tmpfs -o size=512k none "$0" && cp -P ./* "$0" && cd "$0" || exit 99
head -c 1000000 /dev/zero >.filled 2>/dev/null
truncate -s -$((PAGES * 4096)) .filled
"$@"
code=$?
rm .filled "$home"/*
cp -PR ./. "$home"
exit $code
"#;

#[test]
fn on_a_full_disk_files_stay_the_old_ones() {
    let mount = Folder::new();
    let place = mount.0.to_str().expect("UTF-8");
    for saving in saving() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        for pages in 0.. {
            let script = FULL.replace("PAGES", &pages.to_string());
            let through = [&["unshare", "-rm"][..], &staged(&script, place)].concat();
            let ran = saving.run_through(&through, &folder);
            if pages == 0 && !folder.content().contains_key("a.neuron")
                || matches!(ran.status.code(), Some(99))
                || String::from_utf8_lossy(&ran.stderr).contains("unshare")
            {
                eprintln!("there are no namespaces: no disk was full");
                return;
            }
            let wrong = saving.wrong(&clean, &ran, &folder.content(), &[]);
            assert_right(&saving, &format!("with {pages} pages left"), &wrong);
            assert!(pages > 0 || !ran.status.success(), "{} needs no room", saving.arguments);
            if ran.status.success() {
                break;
            }
        }
    }
}

/// Where results go that nobody gets.
const LOST: [&str; 2] = ["exec \"$@\" >/dev/full", "exec \"$@\" 1</dev/null"];

#[test]
fn results_that_cannot_be_written_are_an_error() {
    for saving in telling() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        for script in LOST {
            let ran = saving.run_through(&staged(script, "sh"), &folder);
            if !clean.ran.stdout.is_empty() {
                let stderr = String::from_utf8_lossy(&ran.stderr);
                assert_eq!(ran.status.code(), Some(3), "{}, {script}: {stderr}", saving.arguments);
                assert!(stderr.contains("could not be written"), "{}, {script}: {stderr}", saving.arguments);
            }
        }
    }
}

/// Closed streams are as good as /dev/null, and no file gets what was for them.
#[test]
fn closed_streams_hurt_no_file() {
    for saving in saving() {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        for script in ["exec \"$@\" >&-", "exec \"$@\" 2>&-", "exec \"$@\" >&- 2>&-"] {
            let ran = saving.run_through(&staged(script, "sh"), &folder);
            assert_eq!(ran.status.code(), Some(0), "{}, {script}", saving.arguments);
            assert_eq!(folder.content(), clean.after, "{}, {script}", saving.arguments);
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_quietly() {
    for saving in telling() {
        let folder = Folder::new();
        folder.fill(&saving.before);
        let mut child = saving.start(&folder);
        drop(child.stdout.take());
        let ran = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&ran.stderr);
        // One that had written all before is done; the notes are told in any case.
        assert!(matches!(ran.status.code(), Some(0 | 141)), "{}: {:?}: {stderr}", saving.arguments, ran.status);
        assert!(!stderr.contains("broken pipe") && !stderr.contains("could not"), "{}: {stderr}", saving.arguments);
    }
}

/// Enough, and less and less of it.
#[test]
fn without_memory_there_is_a_message_and_no_half_file() {
    let steps = if is_thorough() { (10..=120).rev().step_by(5).collect() } else { vec![1_000, 80, 40, 20] };
    for saving in saving().into_iter().chain(telling()) {
        let folder = Folder::new();
        let clean = saving.clean(&folder);
        let mut worked = 0;
        for mebibytes in &steps {
            // The main thread has little of a stack, too.
            let script = format!("ulimit -c 0; ulimit -s 512; ulimit -v {}; exec \"$@\"", mebibytes * 1024);
            let ran = saving.run_through(&staged(&script, "sh"), &folder);
            let found = folder.content();
            let scene = format!("with {mebibytes} MiB");
            assert_right(&saving, &scene, &saving.broken(&clean, &found));
            if ran.status.success() {
                assert_right(&saving, &scene, &saving.wrong(&clean, &ran, &found, &[]));
                worked += 1;
            } else if ran.stderr.is_empty() {
                // A program that does not fit is ended by the system before it begins.
                let smallest = Saving::of("--version").run_through(&staged(&script, "sh"), &folder);
                let fits = smallest.status.success() || !smallest.stderr.is_empty();
                assert!(!fits, "{}, {scene}: {:?}", saving.arguments, ran.status);
            }
        }
        assert!(worked > 0, "{} never had enough", saving.arguments);
    }
}

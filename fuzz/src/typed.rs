//! Entries at the prompt.

use neuronc::NoFiles;
use neuronc::session::{Ground, Session};

use super::{assert_inert, limits};

/// A line an entry: what is refused changes nothing, and what is undone is as it was.
pub fn entries(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let limits = limits();
    let ground = Ground { files: &NoFiles, limits: &limits };
    let mut session = Session::new("typed", &ground);
    for entry in text.lines().take(40) {
        let before = session.text();
        match session.enter(entry, &ground) {
            Err(failure) => {
                assert_eq!(session.text(), before, "refused, but changed");
                for report in &failure.diagnostics {
                    assert_inert(&report.message);
                }
            }
            Ok(_) => {
                let after = session.text();
                if after != before {
                    session.undo(&ground).expect("there is something to undo");
                    assert_eq!(session.text(), before, "undone");
                    session.redo(&ground).expect("there is something to redo");
                    assert_eq!(session.text(), after, "done again");
                }
            }
        }
    }
}

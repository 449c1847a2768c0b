//! By which instructions the program computes: the fastest that the machine has, for the same bits.

use std::sync::LazyLock;

use neuronc::Path;

/// The fastest path of this machine, or the one that `NEURONC_PATH` names: `portable`, `fused` (AVX2), `wide` (AVX-512).
/// Tests and measurements compare them; a path that the machine lacks is the best one before it.
pub fn chosen_path() -> Path {
    static CHOSEN: LazyLock<Path> = LazyLock::new(|| {
        let asked = std::env::var("NEURONC_PATH").unwrap_or_default();
        let known = [Path::Portable, Path::Fused, Path::Wide];
        known.into_iter().find(|path| name_of(*path) == asked).unwrap_or_else(Path::best)
    });
    *CHOSEN
}

/// What `NEURONC_PATH` calls a path.
pub fn name_of(path: Path) -> &'static str {
    match path {
        Path::Portable => "portable",
        Path::Fused => "fused",
        Path::Wide => "wide",
    }
}

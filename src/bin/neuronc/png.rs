//! A picture as pixels, by the crate resvg and the fonts of the machine.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, Query};
use resvg::usvg::{Options, Tree};

use crate::command::draw::Unmade;

/// Pixels of a picture at the most: 256 MiB while it is made.
const MOST_PIXELS: u64 = 1 << 26;

/// Fonts that a picture names, then others that look alike.
const FAMILIES: [&str; 10] = [
    "Inter",
    "Segoe UI",
    "Roboto",
    "Helvetica Neue",
    "Arial",
    "Liberation Sans",
    "Noto Sans",
    "Open Sans",
    "DejaVu Sans",
    "FreeSans",
];

/// Whether this program can make PNG.
pub fn check() -> Result<(), Unmade> {
    Ok(())
}

/// The PNG of an SVG, so many pixels a unit.
pub fn png(svg: &str, scale: u32) -> Result<Vec<u8>, Unmade> {
    let options = Options { fontdb: Arc::new(fonts().ok_or(Unmade::NoFont)?), ..Options::default() };
    let tree = Tree::from_str(svg, &options).expect("a picture is an SVG");
    let pixels = |side: f32| (f64::from(side) * f64::from(scale)).ceil() as u64;
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let made = if width.saturating_mul(height) > MOST_PIXELS { None } else { Pixmap::new(width as u32, height as u32) };
    let mut pixmap = made.ok_or(Unmade::TooLarge(width, height))?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixmap.as_mut());
    Ok(pixmap.encode_png().expect("what is in memory can be encoded"))
}

/// The fonts of the machine; `sans-serif` is one that there is.
fn fonts() -> Option<Database> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let is_there = |name: &&str| {
        let families = [Family::Name(name)];
        fonts.query(&Query { families: &families, ..Query::default() }).is_some()
    };
    let first = || fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
    let family = FAMILIES.into_iter().find(is_there).map(str::to_owned).or_else(first)?;
    fonts.set_sans_serif_family(family);
    Some(fonts)
}

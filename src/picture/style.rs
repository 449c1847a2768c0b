//! The colours of a picture, on light and on dark.

use std::fmt::Write;

use super::model::{Effect, NodeKind};

/// What a picture is made to be looked at on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// White.
    Light,
    /// Nearly black.
    Dark,
    /// What the reader prefers; light where nobody asks.
    #[default]
    Auto,
}

/// The colours of one theme.
struct Colours {
    canvas: &'static str,
    ink: &'static str,
    faint: &'static str,
    quiet: &'static str,
    neuron: &'static str,
    border: &'static str,
    firing: &'static str,
    fired: &'static str,
    frame: &'static str,
    excitatory: &'static str,
    inhibitory: &'static str,
    mixed: &'static str,
    silent: &'static str,
}

impl Colours {
    fn line(&self, effect: Effect) -> &'static str {
        match effect {
            Effect::Excitatory => self.excitatory,
            Effect::Inhibitory => self.inhibitory,
            Effect::Mixed => self.mixed,
            Effect::Silent => self.silent,
        }
    }
}

const LIGHT: Colours = Colours {
    canvas: "#ffffff",
    ink: "#1f2933",
    faint: "#5f6b7a",
    quiet: "#eef1f5",
    neuron: "#fbfcfe",
    border: "#8b98a9",
    firing: "#fff6d6",
    fired: "#a87400",
    frame: "#b3bdc9",
    excitatory: "#2468b4",
    inhibitory: "#c4560b",
    mixed: "#7d56b8",
    silent: "#9aa5b1",
};

const DARK: Colours = Colours {
    canvas: "#12161c",
    ink: "#e8edf3",
    faint: "#9aa7b6",
    quiet: "#222a34",
    neuron: "#1a2029",
    border: "#66748a",
    firing: "#3b3212",
    fired: "#e9b949",
    frame: "#46515f",
    excitatory: "#6cb0ff",
    inhibitory: "#ff9f57",
    mixed: "#c3a1f5",
    silent: "#6b7785",
};

/// The colour of a line where a picture has one theme.
pub(super) fn colour(effect: Effect) -> &'static str {
    LIGHT.line(effect)
}

/// What nodes are filled with, and the colour of their borders, where a picture has one theme.
pub(super) fn fill(kind: NodeKind, fires: bool) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Neuron if fires => (LIGHT.firing, LIGHT.fired),
        NodeKind::Neuron => (LIGHT.neuron, LIGHT.border),
        NodeKind::Input | NodeKind::Output => (LIGHT.quiet, LIGHT.frame),
    }
}

/// The colours of text, of what is less important, and of frames, where a picture has one theme.
pub(super) const INK: &str = LIGHT.ink;
pub(super) const FAINT: &str = LIGHT.faint;
pub(super) const BORDER: &str = LIGHT.border;

/// The style sheet of a theme. Each rule begins with the picture's own class, so that it changes nothing around it.
pub(super) fn sheet(theme: Theme) -> String {
    let mut sheet = String::from(
        ".neuronc text{font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif}\n",
    );
    for font in [super::text::NAME, super::text::DETAIL, super::text::VALUE, super::text::SMALL, super::text::HEADING] {
        let weight = if font.is_bold { "600" } else { "400" };
        let _ = writeln!(sheet, ".neuronc .{}{{font-size:{}px;font-weight:{weight}}}", font.class, font.size);
    }
    sheet.push_str(
        ".neuronc .weight{font-size:12px;font-weight:400}
.neuronc .result{font-size:12px;font-weight:600}
.neuronc .line{fill:none}
.neuronc .inhibitory .line{stroke-dasharray:7 4}
.neuronc .silent .line{stroke-dasharray:1.5 4;stroke-linecap:round}
.neuronc .tap .line{stroke-width:1.5}
.neuronc .frame rect{fill:none;stroke-width:1.25;stroke-dasharray:2 3}
.neuronc .box{stroke-width:1.5}
.neuronc .input .box,.neuronc .output .box{stroke-width:1}
.neuronc .fires .box{stroke-width:2.5}
.neuronc .curve{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
.neuronc .axis{fill:none;stroke-width:1}
.neuronc .mark{stroke-width:1.5}
.neuronc .dense .line{stroke-opacity:.6}
",
    );
    match theme {
        Theme::Light => sheet.push_str(&rules(&LIGHT)),
        Theme::Dark => sheet.push_str(&rules(&DARK)),
        Theme::Auto => {
            let _ = write!(sheet, "{}@media (prefers-color-scheme:dark){{\n{}}}\n", rules(&LIGHT), rules(&DARK));
        }
    }
    sheet
}

fn rules(colours: &Colours) -> String {
    let Colours { canvas, ink, faint, quiet, neuron, border, firing, fired, frame, .. } = colours;
    let mut rules = format!(
        ".neuronc .canvas{{fill:{canvas}}}
.neuronc .name,.neuronc .value,.neuronc .heading,.neuronc .result{{fill:{ink}}}
.neuronc .detail,.neuronc .small{{fill:{faint}}}
.neuronc .compact .detail{{fill:{ink}}}
.neuronc .box{{fill:{neuron};stroke:{border}}}
.neuronc .input .box,.neuronc .output .box{{fill:{quiet};stroke:{frame}}}
.neuronc .fires .box{{fill:{firing};stroke:{fired}}}
.neuronc .mark{{fill:none;stroke:{border}}}
.neuronc .fires .mark{{fill:{fired};stroke:{fired}}}
.neuronc .curve{{stroke:{ink}}}
.neuronc .axis{{stroke:{frame}}}
.neuronc .frame rect{{stroke:{border}}}
.neuronc .frame text{{fill:{faint}}}
.neuronc .tap .line{{stroke:{border}}}
.neuronc .tap .head{{fill:{border};stroke:none}}
.neuronc .label rect{{fill:{canvas}}}
"
    );
    for effect in Effect::ALL {
        let (colour, effect) = (colours.line(effect), effect.word());
        let _ = writeln!(
            rules,
            ".neuronc .{effect} .line{{stroke:{colour}}}\n.neuronc .{effect} .head{{fill:{colour}}}\n.neuronc .{effect} .weight{{fill:{colour}}}"
        );
    }
    rules
}

//! What is known of an activation's curve beforehand, for searches that go along it.

use super::Activation;

/// The curve of an activation of single neurons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// Its straight pieces, from the left, if it consists of such.
    pub(crate) pieces: Option<Vec<Piece>>,
    /// 1 if it never falls, -1 if it never rises, but for roundings; 0 otherwise.
    pub(crate) direction: i8,
    /// No line through two of its points is steeper; infinite where that is not known.
    pub(crate) steepest: f64,
}

/// A straight piece: from `start` to where the next one starts the output is `slope · z + offset`.
///
/// A value at one net input alone is a piece that ends at the next double.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub(crate) start: f64,
    pub(crate) slope: f64,
    pub(crate) offset: f64,
}

impl Activation {
    /// The curve; of an activation of whole arrays, whose output has several net inputs, nothing is known.
    pub(crate) fn curve(&self) -> Curve {
        let nothing = Curve { pieces: None, direction: 0, steepest: f64::INFINITY };
        let line = |slope: f64| straight(&[(f64::NEG_INFINITY, slope, 0.0)]);
        let from = f64::NEG_INFINITY;
        // A little more than the steepest slope, for the roundings.
        let bent = |direction: f64, steepest: f64| Curve {
            pieces: None,
            direction: if direction > 0.0 { 1 } else { -i8::from(direction < 0.0) },
            steepest: steepest.abs() * 1.001,
        };
        match *self {
            Activation::Identity {} => line(1.0),
            Activation::Step { threshold, at } => {
                straight(&[(from, 0.0, 0.0), (threshold, 0.0, at), (threshold.next_up(), 0.0, 1.0)])
            }
            Activation::Sign {} => straight(&[(from, 0.0, -1.0), (0.0, 0.0, 0.0), (0f64.next_up(), 0.0, 1.0)]),
            Activation::Relu {} => straight(&[(from, 0.0, 0.0), (0.0, 1.0, 0.0)]),
            Activation::LeakyRelu { slope } => straight(&[(from, slope, 0.0), (0.0, 1.0, 0.0)]),
            Activation::ThresholdedRelu { theta } => straight(&[(from, 0.0, 0.0), (theta.next_up(), 1.0, 0.0)]),
            Activation::Relu6 {} => straight(&[(from, 0.0, 0.0), (0.0, 1.0, 0.0), (6.0, 0.0, 6.0)]),
            Activation::HardSigmoid { alpha: 0.0, .. } | Activation::Softplus { beta: 0.0 } => nothing,
            Activation::HardSigmoid { alpha, beta } => {
                let (low, high) = (-beta / alpha, (1.0 - beta) / alpha);
                let ((first, left), (last, right)) =
                    if alpha > 0.0 { ((low, 0.0), (high, 1.0)) } else { ((high, 1.0), (low, 0.0)) };
                straight(&[(from, 0.0, left), (first, alpha, beta), (last, 0.0, right)])
            }
            Activation::HardTanh { lo, hi } if lo > hi => straight(&[(from, 0.0, hi)]),
            Activation::HardTanh { lo, hi } => straight(&[(from, 0.0, lo), (lo, 1.0, 0.0), (hi, 0.0, hi)]),
            Activation::HardShrink { lambda } if lambda < 0.0 => line(1.0),
            Activation::HardShrink { lambda } => {
                straight(&[(from, 1.0, 0.0), (-lambda, 0.0, 0.0), (lambda.next_up(), 1.0, 0.0)])
            }
            Activation::SoftShrink { lambda } if lambda < 0.0 => {
                straight(&[(from, 1.0, lambda), (0f64.next_up(), 1.0, -lambda)])
            }
            Activation::SoftShrink { lambda } => {
                straight(&[(from, 1.0, lambda), (-lambda, 0.0, 0.0), (lambda, 1.0, -lambda)])
            }
            Activation::Abs {} => straight(&[(from, -1.0, 0.0), (0.0, 1.0, 0.0)]),
            Activation::Sigmoid { slope } => bent(slope, slope / 4.0),
            Activation::Tanh { slope } => bent(slope, slope),
            Activation::ScaledTanh { a, b } => bent(a * b, a * b),
            Activation::Softplus { .. }
            | Activation::Softsign {}
            | Activation::LogSigmoid {}
            | Activation::TanhShrink {} => bent(1.0, 1.0),
            Activation::Elu { alpha } if alpha >= 0.0 => bent(1.0, alpha.max(1.0)),
            Activation::Celu { alpha } if alpha > 0.0 => bent(1.0, 1.0),
            Activation::Selu {} => bent(1.0, 1.76),
            Activation::Exp {} | Activation::Cube {} => bent(1.0, f64::INFINITY),
            Activation::Gelu {} | Activation::GeluTanh {} | Activation::Silu { .. } | Activation::Mish {} => {
                bent(0.0, 1.2)
            }
            Activation::HardSwish {} => bent(0.0, 1.5),
            Activation::Sin {} | Activation::Cos {} => bent(0.0, 1.0),
            Activation::Elu { .. }
            | Activation::Celu { .. }
            | Activation::Square {}
            | Activation::Reciprocal {}
            | Activation::Gaussian { .. }
            | Activation::Softmax
            | Activation::LogSoftmax
            | Activation::Hardmax
            | Activation::Declared(_) => nothing,
        }
    }
}

/// A curve of straight pieces: start, slope and offset of each.
fn straight(pieces: &[(f64, f64, f64)]) -> Curve {
    let pieces: Vec<Piece> =
        pieces.iter().map(|(start, slope, offset)| Piece { start: *start, slope: *slope, offset: *offset }).collect();
    // How much it goes up where a piece ends.
    let jumps = pieces.windows(2).map(|pair| {
        let [before, after] = [pair[0], pair[1]].map(|piece| piece.slope * pair[1].start + piece.offset);
        let is_join = (after - before).abs() <= 1e-12 * (1.0 + after.abs());
        if is_join { 0.0 } else { after - before }
    });
    let jumps: Vec<f64> = jumps.collect();
    let changes = || pieces.iter().map(|piece| piece.slope).chain(jumps.iter().copied());
    let direction =
        if changes().all(|change| change >= 0.0) { 1 } else { -i8::from(changes().all(|change| change <= 0.0)) };
    let steepest = if jumps.iter().all(|jump| *jump == 0.0) {
        pieces.iter().fold(0.0, |steepest: f64, piece| steepest.max(piece.slope.abs()))
    } else {
        f64::INFINITY
    };
    Curve { pieces: Some(pieces), direction, steepest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::fma::Software;

    /// What is told of each curve is true of its values.
    #[test]
    fn curves_are_those_of_the_formulas() {
        let mut net_inputs: Vec<f64> = (-4000..=4000).map(|step| f64::from(step) / 512.0).collect();
        net_inputs.extend([-1e300, -50.0, 0f64.next_up(), 50.0, 1e300]);
        net_inputs.sort_by(f64::total_cmp);
        let parameters = [0.5, 2.0, -0.75, 0.0];
        for row in Activation::TABLE.iter().filter(|row| !row.whole_array) {
            for first in parameters {
                for second in parameters {
                    let values = [first, second];
                    let activation = row.with(&values[..row.parameters.len()]);
                    let curve = activation.curve();
                    let mut room = Vec::new();
                    let outputs: Vec<f64> =
                        net_inputs.iter().map(|z| activation.apply::<Software, f64>(*z, &mut room)).collect();
                    for (pair, points) in std::iter::zip(net_inputs.windows(2), outputs.windows(2)) {
                        let (rise, run) = (points[1] - points[0], pair[1] - pair[0]);
                        // Searches stay where everything is finite.
                        if !rise.is_finite() {
                            continue;
                        }
                        let rounding = 1e-12 * (points[0].abs() + points[1].abs() + 1.0);
                        assert!(rise * f64::from(curve.direction) >= -rounding, "{activation:?} at {pair:?}");
                        assert!(rise.abs() <= curve.steepest * run + rounding, "{activation:?} at {pair:?}");
                    }
                    let Some(pieces) = curve.pieces else { continue };
                    for (z, output) in std::iter::zip(&net_inputs, &outputs) {
                        let piece = pieces[pieces.partition_point(|piece| piece.start <= *z) - 1];
                        let told = piece.slope * z + piece.offset;
                        assert!((told - output).abs() <= 1e-12 * (1.0 + output.abs()), "{activation:?} at {z}: {told}");
                    }
                }
            }
        }
    }

    /// What a search can use is known: the direction, and the steepest slope where there is one.
    #[test]
    fn of_most_curves_something_is_known() {
        let infinite = f64::INFINITY;
        let bent = 1.001;
        let known: &[(&str, &[f64], i8, f64)] = &[
            ("identity", &[], 1, 1.0),
            ("step", &[0.0, 0.0], 1, infinite),
            ("sign", &[], 1, infinite),
            ("relu", &[], 1, 1.0),
            ("leaky_relu", &[0.25], 1, 1.0),
            ("leaky_relu", &[2.0], 1, 2.0),
            ("leaky_relu", &[-0.5], 0, 1.0),
            ("thresholded_relu", &[0.0], 1, 1.0),
            ("thresholded_relu", &[1.0], 1, infinite),
            ("relu6", &[], 1, 1.0),
            ("hard_sigmoid", &[0.25, 0.5], 1, 0.25),
            ("hard_sigmoid", &[-0.25, 0.5], -1, 0.25),
            ("hard_sigmoid", &[0.0, 0.5], 0, infinite),
            ("hard_tanh", &[-1.0, 2.0], 1, 1.0),
            ("hard_tanh", &[1.0, -1.0], 1, 0.0),
            ("hard_shrink", &[0.5], 1, infinite),
            ("hard_shrink", &[-0.5], 1, 1.0),
            ("soft_shrink", &[0.5], 1, 1.0),
            ("soft_shrink", &[-0.5], 1, infinite),
            ("abs", &[], 0, 1.0),
            ("sigmoid", &[2.0], 1, 0.5 * bent),
            ("sigmoid", &[-2.0], -1, 0.5 * bent),
            ("sigmoid", &[0.0], 0, 0.0),
            ("tanh", &[3.0], 1, 3.0 * bent),
            ("scaled_tanh", &[1.5, 0.5], 1, 0.75 * bent),
            ("scaled_tanh", &[1.5, -0.5], -1, 0.75 * bent),
            ("softplus", &[1.0], 1, bent),
            ("softplus", &[0.0], 0, infinite),
            ("softsign", &[], 1, bent),
            ("elu", &[0.5], 1, bent),
            ("elu", &[2.0], 1, 2.0 * bent),
            ("elu", &[0.0], 1, bent),
            ("elu", &[-1.0], 0, infinite),
            ("celu", &[0.5], 1, bent),
            ("celu", &[-0.5], 0, infinite),
            ("selu", &[], 1, 1.76 * bent),
            ("exp", &[], 1, infinite),
            ("gelu", &[], 0, 1.2 * bent),
            ("hard_swish", &[], 0, 1.5 * bent),
            ("sin", &[], 0, bent),
            ("square", &[], 0, infinite),
        ];
        for (name, values, direction, steepest) in known {
            let row = Activation::TABLE.iter().find(|row| row.name == *name).expect("there is such an activation");
            let curve = row.with(values).curve();
            assert_eq!((curve.direction, curve.steepest), (*direction, *steepest), "{name} {values:?}");
        }
        let starts = |name: &str, values: &[f64]| -> Vec<f64> {
            let row = Activation::TABLE.iter().find(|row| row.name == name).expect("there is such an activation");
            row.with(values).curve().pieces.expect("it is straight").iter().map(|piece| piece.start).collect()
        };
        assert_eq!(starts("hard_sigmoid", &[0.25, 0.5])[1..], [-2.0, 2.0]);
        assert_eq!(starts("hard_sigmoid", &[-0.25, 0.5])[1..], [-2.0, 2.0]);
        assert_eq!(starts("hard_tanh", &[-1.0, 2.0])[1..], [-1.0, 2.0]);
    }
}

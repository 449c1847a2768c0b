//! Activations of whole arrays, which take all net inputs at once.

use crate::numeric::Real;
use crate::numeric::fma::Fused;

/// Shares of 1: the largest is subtracted first, so that nothing overflows; the sum runs in order and keeps what its
/// roundings lose, so that its error does not grow with the array.
#[inline(always)]
pub(super) fn softmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    let largest = values[place];
    let (mut sum, mut lost) = (R::rounded(0.0), R::rounded(0.0));
    for value in values.iter_mut() {
        *value = (*value - largest).exp::<F>();
        let rounded = sum + *value;
        // What the addition lost, exactly: Knuth, "The Art of Computer Programming", volume 2, 4.2.2, theorem B.
        let addend = rounded - sum;
        lost = lost + ((sum - (rounded - addend)) + (*value - addend));
        sum = rounded;
    }
    let sum = sum + lost;
    for value in values.iter_mut() {
        *value = *value / sum;
    }
}

/// The largest is subtracted first and left out of the sum, so that its own logarithm is right near 0.
#[inline(always)]
pub(super) fn log_softmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    let largest = values[place];
    let mut others = R::rounded(0.0);
    for (index, value) in values.iter_mut().enumerate() {
        *value = *value - largest;
        let share = value.exp::<F>();
        others = others + if index == place { R::rounded(0.0) } else { share };
    }
    let logarithm = others.log1p::<F>();
    for value in values.iter_mut() {
        *value = *value - logarithm;
    }
}

#[inline(always)]
#[expect(clippy::extra_unused_type_parameters, reason = "called as the others are")]
pub(super) fn hardmax<F: Fused, R: Real>(values: &mut [R]) {
    let Some(place) = first_largest(values) else { return values.fill(R::rounded(f64::NAN)) };
    values.fill(R::rounded(0.0));
    values[place] = R::rounded(1.0);
}

/// The place of the first of the largest; none if there is a NaN or nothing.
#[inline(always)]
fn first_largest<R: Real>(values: &[R]) -> Option<usize> {
    let mut largest = 0;
    for (place, value) in values.iter().enumerate() {
        if value.widened().is_nan() {
            return None;
        }
        largest = if *value > values[largest] { place } else { largest };
    }
    (!values.is_empty()).then_some(largest)
}

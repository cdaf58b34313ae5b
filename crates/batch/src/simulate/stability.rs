//! The population stability index: how far a distribution has moved. The one place of this crate with floats; what comes out
//! is a whole number of thousandths.

/// From here on a distribution has moved a little, in thousandths.
pub const MOVED_LITTLE: u32 = 100;
/// From here on it has moved much.
pub const MOVED_MUCH: u32 = 250;

/// The index over the same bands before and after, in thousandths: the sum over all bands of the difference of the shares times
/// the logarithm of their quotient (Siddiqi, Credit Risk Scorecards, 2006). Half a subject is added to each band, so that an
/// empty one has a logarithm.
pub(super) fn stability(before: &[u64], after: &[u64]) -> u32 {
    let share = |counts: &[u64]| -> Vec<f64> {
        let counts: Vec<f64> = counts
            .iter()
            .map(|count| f64::from(u32::try_from(*count).unwrap_or(u32::MAX)) + 0.5)
            .collect();
        let all: f64 = counts.iter().sum();
        counts.iter().map(|count| count / all).collect()
    };
    let shares = share(before).into_iter().zip(share(after));
    let index: f64 = shares.map(|(was, is)| (is - was) * (is / was).ln()).sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never below 0, and bounded before it is cut"
    )]
    let thousandths = (index * 1000.0).round().clamp(0.0, 1_000_000.0) as u32;
    thousandths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_nothing_where_nothing_moves_and_grows_with_what_does() {
        assert_eq!(stability(&[100, 200, 300], &[100, 200, 300]), 0);
        assert_eq!(stability(&[], &[]), 0);
        // 0.1 × ln(0.6 / 0.5) + -0.1 × ln(0.4 / 0.5) = 0.0405
        assert_eq!(stability(&[50_000, 50_000], &[60_000, 40_000]), 41);
        assert!(stability(&[900, 100], &[500, 500]) > MOVED_MUCH);
        assert!(stability(&[100, 0], &[0, 100]) > 1_000);
    }
}

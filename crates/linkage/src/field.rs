//! One field of a model: how its values are compared, and what each level is worth.

use serde::{Deserialize, Serialize};

use crate::compare::Compare;
use crate::level::Level;
use crate::model::ModelFault;

/// What a field demands before a proposal may be called almost certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Demand {
    /// Nothing: its bits count, and that is all.
    #[default]
    Nothing,
    /// At least this level where both have a value.
    IfPresent(Level),
    /// At least this level, and both have a value.
    Always(Level),
}

/// A field with its probabilities: `m[i]` is how often two rows about one and the same come out at level `i`,
/// `u[i]` how often two about different ones do (Fellegi and Sunter, 1969). Levels are those of
/// [`Compare::levels`], in their order; each of the two sums to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub(crate) name: String,
    pub(crate) compare: Compare,
    pub(crate) m: Vec<f64>,
    pub(crate) u: Vec<f64>,
    #[serde(default)]
    pub(crate) rarity: bool,
    #[serde(default)]
    pub(crate) demand: Demand,
}

impl Field {
    /// A field that has not been trained: each level is half as frequent among matches as the one before, and
    /// twice as frequent among the others.
    pub fn new(name: &str, compare: Compare) -> Self {
        let count = compare.levels().len();
        let falling = halves(count);
        let mut rising = falling.clone();
        rising.reverse();
        Self {
            name: name.to_owned(),
            compare,
            m: falling,
            u: rising,
            rarity: false,
            demand: Demand::Nothing,
        }
    }

    /// Lets a rare value say more than a frequent one.
    #[must_use]
    pub fn by_rarity(mut self) -> Self {
        self.rarity = true;
        self
    }

    /// Sets what it demands before something is almost certain.
    #[must_use]
    pub fn demanding(mut self, demand: Demand) -> Self {
        self.demand = demand;
        self
    }

    /// Sets the probabilities, in the order of [`Compare::levels`]. [`Model::new`](crate::Model::new) checks them.
    #[must_use]
    pub fn with(mut self, m: &[f64], u: &[f64]) -> Self {
        self.m = m.to_vec();
        self.u = u.to_vec();
        self
    }

    /// Its name, by which blocks refer to it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its values are compared.
    pub fn compare(&self) -> Compare {
        self.compare
    }

    /// Its levels with their weights in bits, log2(m / u), strongest first.
    pub fn weights(&self) -> impl Iterator<Item = (Level, f64)> {
        let weights = self.m.iter().zip(&self.u).map(|(m, u)| (m / u).log2());
        self.compare.levels().iter().copied().zip(weights)
    }

    /// How often two different ones have the same value, however they write it.
    pub(crate) fn u_of_same_value(&self) -> f64 {
        let same = self.compare.levels().iter().zip(&self.u);
        same.filter(|(level, _)| is_same_value(**level))
            .map(|(_, u)| u)
            .sum()
    }

    pub(crate) fn levels_of_same_value(&self) -> usize {
        let levels = self.compare.levels().iter();
        levels.take_while(|level| is_same_value(**level)).count()
    }

    pub(crate) fn fault(&self) -> Option<ModelFault> {
        let count = self.compare.levels().len();
        let of = |fault: fn(String) -> ModelFault| Some(fault(self.name.clone()));
        if self.m.len() != count || self.u.len() != count {
            return of(ModelFault::WrongCount);
        }
        let sums_to_one = |all: &[f64]| (all.iter().sum::<f64>() - 1.0).abs() < 1e-6;
        let within = |all: &[f64]| all.iter().all(|share| *share > 0.0 && *share <= 1.0);
        if ![&self.m, &self.u]
            .into_iter()
            .all(|all| within(all) && sums_to_one(all))
        {
            return of(ModelFault::NotProbabilities);
        }
        let weights: Vec<f64> = self.weights().map(|(_, bits)| bits).collect();
        let falls = weights.windows(2).all(|pair| match pair {
            [stronger, weaker] => *stronger >= weaker - 1e-9,
            _ => true,
        });
        if falls { None } else { of(ModelFault::NotFalling) }
    }

    /// Makes the weights fall from level to level: neighbours that stand the wrong way round are taken for one
    /// level, together as often as both (pooling of adjacent violators).
    pub(crate) fn pool(&mut self) {
        let mut groups: Vec<(f64, f64, usize)> = Vec::new();
        for (m, u) in self.m.iter().zip(&self.u) {
            groups.push((*m, *u, 1));
            while let [.., (m1, u1, n1), (m2, u2, n2)] = groups.as_slice() {
                if m1 / u1 >= m2 / u2 {
                    break;
                }
                let joined = (m1 + m2, u1 + u2, n1 + n2);
                groups.truncate(groups.len() - 2);
                groups.push(joined);
            }
        }
        // u stays as it is; m is shared out so that all levels of a group have the group's weight.
        let ratios = groups
            .iter()
            .flat_map(|(m, u, count)| std::iter::repeat_n(m / u, *count));
        self.m = self.u.iter().zip(ratios).map(|(u, ratio)| u * ratio).collect();
    }
}

/// Whether values at this level have one and the same term.
pub(crate) fn is_same_value(level: Level) -> bool {
    matches!(level, Level::Same | Level::OtherwiseWritten)
}

/// Whether a level says that the two values agree, and not only that they are not far apart.
pub(crate) fn agrees(level: Level) -> bool {
    let agreeing = [Level::TradeName, Level::AsFarAsShown, Level::SameHouse];
    is_same_value(level) || agreeing.contains(&level)
}

/// Shares that each are half of the one before, and sum to 1.
fn halves(count: usize) -> Vec<f64> {
    let shares: Vec<f64> = std::iter::successors(Some(1.0), |share| Some(share / 2.0))
        .take(count)
        .collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untrained_field_is_in_order() {
        for compare in [
            Compare::Exact,
            Compare::Text,
            Compare::Person,
            Compare::Organisation,
            Compare::Date,
        ] {
            assert_eq!(Field::new("x", compare).fault(), None, "{compare:?}");
        }
    }

    #[test]
    fn faults_are_named() {
        let field = Field::new("id", Compare::Exact);
        for (m, u, fault) in [
            (&[0.9, 0.1][..], &[0.1, 0.9][..], None),
            (
                &[0.9, 0.05, 0.05],
                &[0.1, 0.9],
                Some(ModelFault::WrongCount("id".into())),
            ),
            (
                &[0.9, 0.2],
                &[0.1, 0.9],
                Some(ModelFault::NotProbabilities("id".into())),
            ),
            (
                &[1.0, 0.0],
                &[0.1, 0.9],
                Some(ModelFault::NotProbabilities("id".into())),
            ),
            (
                &[0.1, 0.9],
                &[0.9, 0.1],
                Some(ModelFault::NotFalling("id".into())),
            ),
        ] {
            assert_eq!(field.clone().with(m, u).fault(), fault, "{m:?} {u:?}");
        }
    }

    #[test]
    fn what_stands_the_wrong_way_round_is_pooled() {
        let mut field =
            Field::new("code", Compare::Code).with(&[0.5, 0.01, 0.29, 0.2], &[0.01, 0.04, 0.05, 0.9]);
        assert!(field.fault().is_some());
        field.pool();
        assert_eq!(field.fault(), None);
        let bits: Vec<f64> = field.weights().map(|(_, bits)| bits).collect();
        assert!((bits[1] - bits[2]).abs() < 1e-12, "{bits:?}");
        assert!((bits[1] - (0.30_f64 / 0.09).log2()).abs() < 1e-12);
        assert!((bits[0] - 50.0_f64.log2()).abs() < 1e-12, "the others stay");
    }
}

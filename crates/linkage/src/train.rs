//! Estimating a model from rows of which nobody has said which belong together.
//!
//! u comes from pairs taken at random, of which nearly all are about different subjects; how often two rows
//! share a value is counted exactly. m comes from expectation maximisation (Dempster, Laird, Rubin, 1977;
//! Winkler, 1988) over the pairs of each training block, for the fields that the block does not hold fixed; of
//! several blocks the mean is taken. The prior comes last, from all candidates with m and u held.

use std::collections::BTreeMap;

use crate::field::{Field, is_same_value};
use crate::linkage::Linkage;
use crate::mix::Stream;
use crate::model::{Block, MISSING, Model, ModelFault, Seen, probability};
use crate::table::{fresh_place, seen};

/// How a model is trained.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Training {
    /// Where the stream of random pairs begins. The same seed and rows give the same model, on every machine.
    pub seed: u64,
    /// How many random pairs u is taken from.
    pub random_pairs: u32,
    /// The most rounds of expectation and maximisation for each block.
    pub rounds: u32,
    /// For each of these the pairs that share its keys are looked at. A field gets its m from blocks without it,
    /// so take two without a field in common.
    pub blocks: Vec<Block>,
}

impl Training {
    /// Training on these blocks, with 200,000 random pairs and at most 50 rounds.
    pub fn on(blocks: Vec<Block>, seed: u64) -> Self {
        Self {
            seed,
            random_pairs: 200_000,
            rounds: 50,
            blocks,
        }
    }
}

/// Rounds end when no probability moves by more.
const SETTLED: f64 = 1e-5;
/// The share of matches among a block's pairs that the first round starts from.
const FIRST_SHARE: f64 = 0.3;
/// No level is less frequent than this, so that no single one decides.
const LEAST: f64 = 1e-7;

/// How often each pattern of places occurs: four bits a field.
type Patterns = BTreeMap<u64, f64>;

impl<Id: Copy + Ord> Linkage<Id> {
    /// Trains the model's m, u and prior on these rows; its fields, blocks and threshold stay.
    ///
    /// A field that no training block leaves free, or of which nothing was seen, keeps its m.
    pub fn train(&mut self, model: &Model, training: &Training) -> Result<Model, ModelFault> {
        let mut fields = model.fields().to_vec();
        self.estimate_u(&mut fields, training);
        let blocks = model.blocks().to_vec();
        let start = Model::new(model.prior(), pooled(&fields), blocks.clone(), model.certain())?;
        let mut estimates: Vec<Vec<Vec<f64>>> = fields.iter().map(|_| Vec::new()).collect();
        for block in &training.blocks {
            let fixed: Vec<usize> = model.keys(block)?.into_iter().map(|(field, _)| field).collect();
            let pairs = self.candidates(model, std::slice::from_ref(block))?;
            let patterns = self.patterns(&fields, &pairs, &fixed);
            let of_block = maximise(&start, &patterns, training.rounds);
            for (all, m) in estimates.iter_mut().zip(of_block) {
                all.extend(m);
            }
        }
        for (field, all) in fields.iter_mut().zip(&estimates) {
            if !all.is_empty() {
                field.m = mean(all, field.m.len());
            }
        }
        let pairs = self.candidates(model, model.blocks())?;
        let patterns = self.patterns(&fields, &pairs, &[]);
        let possible = f64::from(self.left.rows()) * f64::from(self.right.rows());
        let trained = Model::new(model.prior(), pooled(&fields), blocks, model.certain())?;
        settle_prior(trained, &patterns, possible.max(2.0))
    }

    fn estimate_u(&self, fields: &mut [Field], training: &Training) {
        let mut stream = Stream::new(training.seed);
        let (lefts, rights) = (self.left.rows(), self.right.rows());
        let pairs: Vec<(u32, u32)> = (0..training.random_pairs)
            .map(|_| (stream.below(lefts), stream.below(rights)))
            .collect();
        for (at, field) in fields.iter_mut().enumerate() {
            let mut counts = vec![0.5; field.u.len()];
            for (left, right) in &pairs {
                let values = (self.left.value(at, *left), self.right.value(at, *right));
                let pool = self.pools.get(at);
                let place = pool.map_or(MISSING, |pool| fresh_place(field, pool, values.0, values.1));
                if let Some(count) = counts.get_mut(usize::from(place)) {
                    *count += 1.0;
                }
            }
            field.u = self.with_exact_share(field, at, &shares(&counts));
        }
    }

    /// The levels of the same value are too rare for a sample; how often they occur is counted, and the sample
    /// only says how that is divided among them.
    fn with_exact_share(&self, field: &Field, at: usize, u: &[f64]) -> Vec<f64> {
        let (Some(left), Some(right), Some(pool)) = (
            self.left.counts.get(at),
            self.right.counts.get(at),
            self.pools.get(at),
        ) else {
            return u.to_vec();
        };
        let all = left.total() * right.total();
        let same: f64 = (0..crate::table::number(pool.terms()))
            .map(|term| left.count(term) * right.count(term))
            .sum();
        let exact = (same / all.max(1.0)).clamp(LEAST, 1.0 - LEAST);
        let levels = field.compare().levels();
        let sampled: f64 = levels
            .iter()
            .zip(u)
            .filter(|(level, _)| is_same_value(**level))
            .map(|(_, u)| u)
            .sum();
        let scaled = levels.iter().zip(u).map(|(level, u)| {
            if is_same_value(*level) {
                u / sampled * exact
            } else {
                u / (1.0 - sampled) * (1.0 - exact)
            }
        });
        shares(&scaled.collect::<Vec<f64>>())
    }

    fn patterns(&mut self, fields: &[Field], pairs: &[(u32, u32)], without: &[usize]) -> Patterns {
        let mut counts: crate::mix::MixMap<u64, u32> = crate::mix::MixMap::default();
        for (left, right) in pairs {
            let mut pattern = 0;
            for (at, field) in fields.iter().enumerate() {
                let place = if without.contains(&at) {
                    MISSING
                } else {
                    self.place(field, at, *left, *right)
                };
                pattern |= u64::from(place) << (4 * at);
            }
            *counts.entry(pattern).or_insert(0) += 1;
        }
        counts
            .into_iter()
            .map(|(pattern, count)| (pattern, f64::from(count)))
            .collect()
    }
}

fn places(pattern: u64, fields: usize) -> impl Iterator<Item = u8> {
    (0..fields).map(move |at| u8::try_from(pattern >> (4 * at) & 15).unwrap_or(MISSING))
}

/// The m of each field as the pairs have it; nothing for a field that was seen in none of them.
fn maximise(start: &Model, patterns: &Patterns, rounds: u32) -> Vec<Option<Vec<f64>>> {
    let mut share = FIRST_SHARE;
    let mut m: Vec<Vec<f64>> = start.fields().iter().map(|field| field.m.clone()).collect();
    let mut seen = vec![false; m.len()];
    for _ in 0..rounds {
        let mut sums: Vec<Vec<f64>> = m.iter().map(|m| vec![LEAST; m.len()]).collect();
        let (mut matches, mut all) = (LEAST, 2.0 * LEAST);
        for (pattern, count) in patterns {
            let mut odds = share / (1.0 - share);
            let fields = start.fields().iter().zip(&m);
            for (place, (field, m)) in places(*pattern, m.len()).zip(fields) {
                let at = usize::from(place);
                if let (Some(m), Some(u)) = (m.get(at), field.u.get(at)) {
                    odds *= m / u;
                }
            }
            let expected = count * odds / (1.0 + odds);
            matches += expected;
            all += count;
            for ((place, sums), seen) in places(*pattern, sums.len()).zip(&mut sums).zip(&mut seen) {
                if let Some(sum) = sums.get_mut(usize::from(place)) {
                    *sum += expected;
                    *seen = true;
                }
            }
        }
        let next: Vec<Vec<f64>> = sums.iter().map(|sums| shares(sums)).collect();
        let moved = |one: &[f64], other: &[f64]| {
            let pairs = one.iter().zip(other);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let most = m
            .iter()
            .zip(&next)
            .map(|(one, other)| moved(one, other))
            .fold(0.0, f64::max);
        m = next;
        share = (matches / all).clamp(LEAST, 1.0 - LEAST);
        if most < SETTLED {
            break;
        }
    }
    m.into_iter()
        .zip(seen)
        .map(|(m, seen)| seen.then_some(m))
        .collect()
}

/// The prior at which the candidates hold as many matches as it says there are among all possible pairs.
fn settle_prior(model: Model, patterns: &Patterns, possible: f64) -> Result<Model, ModelFault> {
    let nothing = model.prior_bits();
    let weights: Vec<(f64, f64)> = patterns
        .iter()
        .map(|(pattern, count)| {
            let all = places(*pattern, model.fields().len()).map(|place| seen(place, None));
            (
                model.weigh(all.collect::<Vec<Seen>>().into_iter()).bits - nothing,
                *count,
            )
        })
        .collect();
    let mut prior = (1.0 / possible.sqrt()).clamp(LEAST * LEAST, 0.5);
    for _ in 0..100 {
        let bits = (prior / (1.0 - prior)).log2();
        let matches: f64 = weights
            .iter()
            .map(|(weight, count)| count * probability(bits + weight))
            .sum();
        let next = (matches / possible).clamp(0.5 / possible, 0.5);
        let settled = (next - prior).abs() <= SETTLED * prior;
        prior = next;
        if settled {
            break;
        }
    }
    model.with_prior(prior)
}

fn pooled(fields: &[Field]) -> Vec<Field> {
    let pooled = fields.iter().cloned().map(|mut field| {
        field.pool();
        field
    });
    pooled.collect()
}

/// Counts as shares of their sum, none of them below [`LEAST`].
fn shares(counts: &[f64]) -> Vec<f64> {
    let sum: f64 = counts.iter().sum();
    let shares: Vec<f64> = counts.iter().map(|count| (count / sum).max(LEAST)).collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

fn mean(all: &[Vec<f64>], levels: usize) -> Vec<f64> {
    let sums = (0..levels).map(|at| all.iter().filter_map(|one| one.get(at)).sum());
    shares(&sums.collect::<Vec<f64>>())
}

//! Small charts, drawn on the server: whole numbers in, geometry in whole numbers out, and always the data beside it.

use std::fmt::Write as _;

use super::Tone;

/// The width of a chart's drawing, in its own units.
const WIDTH: u64 = 1000;
/// The height of a line's drawing.
const HEIGHT: u64 = 100;

/// What a chart shows: each value with its name, as a table would.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What it is about.
    pub(crate) title: String,
    /// What the names name, e.g. “month”.
    pub(crate) of: String,
    /// What the values count, e.g. “rows”.
    pub(crate) unit: String,
    /// What a full bar stands for; nothing for the largest value.
    pub(crate) full: Option<u64>,
    /// The values.
    pub(crate) points: Vec<Point>,
}

/// One value.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    /// Its name.
    pub(crate) label: String,
    /// The value.
    pub(crate) value: u64,
    /// The value as it is written: `95%`, `1,204`.
    pub(crate) shown: String,
    /// How it is coloured.
    pub(crate) tone: Tone,
}

/// One value as a length and a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Its name.
    pub(crate) label: String,
    /// The value as it is written.
    pub(crate) shown: String,
    /// The class that colours it.
    pub(crate) class: &'static str,
    /// How long: of a thousand for a bar, of a hundred for a slice.
    pub(crate) length: u64,
    /// Where a slice begins, of a hundred.
    pub(crate) from: u64,
}

impl Chart {
    /// A bar for each value.
    pub(crate) fn bars(&self) -> Vec<Mark> {
        let full = self.full.unwrap_or_else(|| self.most()).max(1);
        let bar = |point: &Point| mark(point, (point.value * WIDTH / full).min(WIDTH), 0);
        self.points.iter().map(bar).collect()
    }

    /// A slice of the ring for each value; together they are the whole ring.
    pub(crate) fn slices(&self) -> Vec<Mark> {
        let total = self.points.iter().map(|point| point.value).sum::<u64>().max(1);
        let mut before = 0;
        let slice = |point: &Point| {
            let from = before * 100 / total;
            before += point.value;
            mark(point, before * 100 / total - from, from)
        };
        self.points.iter().map(slice).collect()
    }

    /// The line through the values from left to right, as `points` of a `polyline`.
    pub(crate) fn line(&self) -> String {
        let full = self.full.unwrap_or_else(|| self.most()).max(1);
        let last = u64::try_from(self.points.len())
            .unwrap_or(1)
            .saturating_sub(1)
            .max(1);
        let mut line = String::new();
        for (place, point) in (0u64..).zip(&self.points) {
            let (x, y) = (
                place * WIDTH / last,
                HEIGHT - (point.value * HEIGHT / full).min(HEIGHT),
            );
            let _infallible = write!(line, "{x},{y} ");
        }
        line.trim_end().to_owned()
    }

    /// The first name, to stand below the left end.
    pub(crate) fn first(&self) -> &str {
        self.points.first().map_or("", |point| point.label.as_str())
    }

    /// The last name, to stand below the right end.
    pub(crate) fn last(&self) -> &str {
        self.points.last().map_or("", |point| point.label.as_str())
    }

    /// The last value, as it is written.
    pub(crate) fn now(&self) -> &str {
        self.points.last().map_or("", |point| point.shown.as_str())
    }

    /// All of it in one sentence, for whoever does not see the drawing.
    pub(crate) fn says(&self) -> String {
        let point = |point: &Point| format!("{} {}", point.label, point.shown);
        let points: Vec<String> = self.points.iter().map(point).collect();
        format!("{}: {}", self.title, points.join(", "))
    }

    fn most(&self) -> u64 {
        self.points.iter().map(|point| point.value).max().unwrap_or(0)
    }
}

fn mark(point: &Point, length: u64, from: u64) -> Mark {
    Mark {
        label: point.label.clone(),
        shown: point.shown.clone(),
        class: point.tone.class(),
        length,
        from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[u64], full: Option<u64>) -> Chart {
        let point = |value: &u64| Point {
            label: format!("of {value}"),
            value: *value,
            shown: value.to_string(),
            tone: Tone::Good,
        };
        Chart {
            title: "rows".into(),
            of: "month".into(),
            unit: "rows".into(),
            full,
            points: values.iter().map(point).collect(),
        }
    }

    fn lengths(marks: &[Mark]) -> Vec<u64> {
        marks.iter().map(|mark| mark.length).collect()
    }

    #[test]
    fn the_longest_bar_is_full_unless_something_else_is() {
        assert_eq!(lengths(&chart(&[5, 10, 0], None).bars()), [500, 1000, 0]);
        assert_eq!(lengths(&chart(&[95, 200], Some(100)).bars()), [950, 1000]);
        assert_eq!(lengths(&chart(&[0, 0], None).bars()), [0, 0]);
        assert_eq!(lengths(&chart(&[], None).bars()), [0; 0]);
    }

    #[test]
    fn slices_are_the_whole_ring_whatever_is_rounded() {
        for values in [&[1, 1, 1][..], &[2, 3, 7, 11], &[999, 1]] {
            let slices = chart(values, None).slices();
            assert_eq!(lengths(&slices).iter().sum::<u64>(), 100, "{values:?}");
            for pair in slices.windows(2) {
                assert_eq!(pair[0].from + pair[0].length, pair[1].from, "{values:?}");
            }
        }
    }

    #[test]
    fn a_line_goes_from_edge_to_edge() {
        assert_eq!(chart(&[0, 5, 10], None).line(), "0,100 500,50 1000,0");
        assert_eq!(chart(&[4], Some(4)).line(), "0,0");
        assert_eq!(chart(&[], None).line(), "");
        assert_eq!(chart(&[1, 2], None).says(), "rows: of 1 1, of 2 2");
        assert_eq!(chart(&[1, 2], None).now(), "2");
    }
}

//! Sixteen bytes for a span of a record's life, and where that is too little, thirty-two beside.
//!
//! ```text
//! 0  line        2  place in the plan
//! 2  occurred    2  day, counted from January 1940 as `DayStamp` counts; read up to 2110
//! 4  from        2  day; 0: from the beginning
//! 6  until       2  day; 65535: never ends
//! 8  quantity    4
//! 12 months      1  how many months it covers; 0: none
//! 13 lag         1  by how many months the last of them lies before the day's own, signed
//! 14 flags       2  1: the span is the one at place `quantity` among the wide ones; all else 0
//! ```
//!
//! All numbers are little-endian.

use assess::{DayStamp, Fact, LifeSpan};

/// How many bytes a packed span has.
pub(crate) const ROW: usize = 16;
/// How many bytes a wide one has.
pub(crate) const WIDE: usize = 32;

/// January 1940, day 0: before the first day that is packed.
const BASE: i32 = 1940 * 12 * 32;
const IS_WIDE: u16 = 1;
const NEVER: u16 = u16::MAX;

/// The packed form; none if it does not fit.
pub(crate) fn pack(span: &LifeSpan) -> Option<[u8; ROW]> {
    let day = |stamp: DayStamp| {
        u16::try_from(stamp.0.checked_sub(BASE)?)
            .ok()
            .filter(|day| (1..NEVER).contains(day))
    };
    let from = match span.from {
        DayStamp::FIRST => 0,
        other => day(other)?,
    };
    let until = match span.until {
        DayStamp::NEVER => NEVER,
        other => day(other)?,
    };
    let (months, lag) = match span.fact.covers {
        None => (0, 0),
        Some((first, last)) => (
            u8::try_from(last.checked_sub(first)?.checked_add(1)?)
                .ok()
                .filter(|months| *months > 0)?,
            i8::try_from(span.fact.occurred.month().checked_sub(last)?).ok()?,
        ),
    };
    let quantity = u32::try_from(span.fact.quantity).ok()?;
    Some(row(
        span.line,
        [day(span.fact.occurred)?, from, until],
        quantity,
        (months, lag),
        0,
    ))
}

/// What stands in the place of a span that does not fit.
pub(crate) fn pack_place(line: u16, place: u32) -> [u8; ROW] {
    row(line, [0; 3], place, (0, 0), IS_WIDE)
}

fn row(line: u16, days: [u16; 3], quantity: u32, (months, lag): (u8, i8), flags: u16) -> [u8; ROW] {
    let [l0, l1] = line.to_le_bytes();
    let [[o0, o1], [f0, f1], [u0, u1]] = days.map(u16::to_le_bytes);
    let [q0, q1, q2, q3] = quantity.to_le_bytes();
    let [lag] = lag.to_le_bytes();
    let [g0, g1] = flags.to_le_bytes();
    [
        l0, l1, o0, o1, f0, f1, u0, u1, q0, q1, q2, q3, months, lag, g0, g1,
    ]
}

/// A packed span, or the place of a wide one.
#[inline]
pub(crate) fn unpack(row: [u8; ROW]) -> Result<LifeSpan, u32> {
    let [
        l0,
        l1,
        o0,
        o1,
        f0,
        f1,
        u0,
        u1,
        q0,
        q1,
        q2,
        q3,
        months,
        lag,
        g0,
        g1,
    ] = row;
    let day = |low, high| BASE + i32::from(u16::from_le_bytes([low, high]));
    let quantity = u32::from_le_bytes([q0, q1, q2, q3]);
    if u16::from_le_bytes([g0, g1]) & IS_WIDE != 0 {
        return Err(quantity);
    }
    let occurred = DayStamp(day(o0, o1));
    let last = occurred.month() - i32::from(i8::from_le_bytes([lag]));
    Ok(LifeSpan {
        line: u16::from_le_bytes([l0, l1]),
        from: match [f0, f1] {
            [0, 0] => DayStamp::FIRST,
            [low, high] => DayStamp(day(low, high)),
        },
        until: match [u0, u1] {
            [0xff, 0xff] => DayStamp::NEVER,
            [low, high] => DayStamp(day(low, high)),
        },
        fact: Fact {
            occurred,
            quantity: i64::from(quantity),
            covers: (months > 0).then(|| (last + 1 - i32::from(months), last)),
        },
    })
}

/// A span in full: line, a flag for its months, occurred, from, until, first and last month, quantity.
pub(crate) fn pack_wide(span: &LifeSpan) -> [u8; WIDE] {
    let (first, last) = span.fact.covers.unwrap_or((0, 0));
    let mut bytes = [0; WIDE];
    let line = span.line.to_le_bytes();
    let covers = u16::from(span.fact.covers.is_some()).to_le_bytes();
    let whole = [span.fact.occurred.0, span.from.0, span.until.0, first, last].map(i32::to_le_bytes);
    let quantity = span.fact.quantity.to_le_bytes();
    let all = line
        .iter()
        .chain(&covers)
        .chain(whole.as_flattened())
        .chain(&quantity);
    for (place, byte) in bytes.iter_mut().zip(all) {
        *place = *byte;
    }
    bytes
}

/// What [`pack_wide`] packed.
pub(crate) fn unpack_wide(bytes: &[u8; WIDE]) -> LifeSpan {
    let mut rest = bytes.as_slice();
    let line = u16::from_le_bytes(take(&mut rest));
    let covers = u16::from_le_bytes(take(&mut rest)) != 0;
    let mut whole = || i32::from_le_bytes(take(&mut rest));
    let (occurred, from, until) = (DayStamp(whole()), DayStamp(whole()), DayStamp(whole()));
    let (first, last) = (whole(), whole());
    LifeSpan {
        line,
        from,
        until,
        fact: Fact {
            occurred,
            quantity: i64::from_le_bytes(take(&mut rest)),
            covers: covers.then_some((first, last)),
        },
    }
}

/// The next bytes; zeros where there are none left.
pub(crate) fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let Some((head, tail)) = rest.split_first_chunk::<N>() else {
        return [0; N];
    };
    *rest = tail;
    *head
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stamp() -> impl Strategy<Value = DayStamp> {
        prop_oneof![
            8 => (BASE - 40..BASE + 66_000).prop_map(DayStamp),
            1 => any::<i32>().prop_map(DayStamp),
            1 => Just(DayStamp::FIRST),
            1 => Just(DayStamp::NEVER),
            1 => Just(DayStamp(BASE)),
            1 => Just(DayStamp(BASE + 65_535)),
        ]
    }

    fn span() -> impl Strategy<Value = LifeSpan> {
        let quantity = prop_oneof![0..5_000_000_000_i64, any::<i64>()];
        let covers = prop::option::of(prop_oneof![
            (24_000..24_400_i32, -2..300_i32).prop_map(|(first, more)| (first, first + more)),
            any::<(i32, i32)>(),
        ]);
        (any::<u16>(), stamp(), stamp(), stamp(), quantity, covers).prop_map(
            |(line, occurred, from, until, quantity, covers)| LifeSpan {
                line,
                from,
                until,
                fact: Fact {
                    occurred,
                    quantity,
                    covers,
                },
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(span in span(), place in any::<u32>()) {
            if let Some(row) = pack(&span) {
                prop_assert_eq!(unpack(row), Ok(span));
            }
            prop_assert_eq!(unpack_wide(&pack_wide(&span)), span);
            prop_assert_eq!(unpack(pack_place(span.line, place)), Err(place));
        }

        /// No bytes whatever bring it down.
        #[test]
        fn any_bytes_are_read(row in any::<[u8; ROW]>(), wide in any::<[u8; WIDE]>()) {
            let _ = unpack(row);
            let _ = unpack_wide(&wide);
        }
    }

    #[test]
    fn what_is_usual_fits() {
        let day = |y, m, d| DayStamp::of(jiff::civil::date(y, m, d));
        let usual = LifeSpan {
            line: 200,
            from: day(1990, 4, 2),
            until: DayStamp::NEVER,
            fact: Fact {
                occurred: day(1990, 3, 31),
                quantity: 4_000_000_000,
                covers: Some((1990 * 12 - 120, 1990 * 12 + 1)),
            },
        };
        assert!(pack(&usual).is_some());
        let other = |change: fn(&mut Fact)| {
            let mut fact = usual.fact;
            change(&mut fact);
            pack(&LifeSpan { fact, ..usual })
        };
        assert!(other(|fact| fact.quantity = -1).is_none());
        assert!(other(|fact| fact.occurred = DayStamp(BASE)).is_none());
    }
}

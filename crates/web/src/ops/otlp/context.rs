//! Of which trace a request is a part: W3C Trace Context, `traceparent` of version 00.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use axum::http::HeaderMap;

/// The trace, the span of this request, and the span that asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    /// 32 hexadecimal digits.
    pub(crate) trace: String,
    /// 16 hexadecimal digits.
    pub(crate) span: String,
    /// 16 hexadecimal digits, if somebody traces who asked.
    pub(crate) parent: Option<String>,
    sampled: bool,
}

impl Context {
    /// What a request is a part of, by what its caller says.
    pub(crate) fn of_request(headers: &HeaderMap) -> Self {
        let traceparent = headers.get("traceparent");
        Self::of(traceparent.and_then(|value| value.to_str().ok()))
    }

    /// A span below the one that the header names; a trace of its own where there is none, or what is no such header.
    pub(super) fn of(traceparent: Option<&str>) -> Self {
        let span = format!("{:016x}", random());
        match traceparent.and_then(parsed) {
            Some((trace, parent, sampled)) => Self {
                trace: trace.to_owned(),
                span,
                parent: Some(parent.to_owned()),
                sampled,
            },
            None => Self {
                trace: format!("{:016x}{:016x}", random(), random()),
                span,
                parent: None,
                sampled: true,
            },
        }
    }

    /// Whether whoever asked traces this. A trace that begins here is.
    pub(crate) fn is_sampled(&self) -> bool {
        self.sampled
    }
}

fn parsed(header: &str) -> Option<(&str, &str, bool)> {
    let mut parts = header.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let named = |text: &str| text.bytes().any(|b| b != b'0');
    let is = parts.next().is_none()
        && version == "00"
        && hex(trace, 32)
        && named(trace)
        && hex(parent, 16)
        && named(parent)
        && hex(flags, 2);
    let flags = u8::from_str_radix(flags, 16).ok()?;
    is.then_some((trace, parent, flags & 1 == 1))
}

/// Numbers that do not meet; nobody needs to be unable to guess them.
fn random() -> u64 {
    RandomState::new().build_hasher().finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_on_where_the_header_is_one() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = "00f067aa0ba902b7";
        for (flags, sampled) in [("01", true), ("00", false), ("03", true)] {
            let found = Context::of(Some(&format!("00-{trace}-{parent}-{flags}")));
            assert_eq!(found.trace, trace);
            assert_eq!(found.parent.as_deref(), Some(parent));
            assert_eq!(found.is_sampled(), sampled);
            assert_ne!(found.span, parent);
        }
    }

    #[test]
    fn what_is_no_such_header_begins_a_trace() {
        let zeros = format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32));
        for header in [
            None,
            Some(""),
            Some("440604198001011214"),
            Some("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            Some("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"),
            Some("00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01"),
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
            Some(zeros.as_str()),
        ] {
            let (one, other) = (Context::of(header), Context::of(header));
            assert_eq!(one.parent, None, "{header:?}");
            assert!(one.is_sampled());
            assert_eq!((one.trace.len(), one.span.len()), (32, 16));
            assert_ne!(one.trace, other.trace);
            assert_ne!(one.span, other.span);
        }
    }
}

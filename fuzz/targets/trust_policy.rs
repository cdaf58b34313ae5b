//! Bytes that might be a trust policy: what is read can be weighed, and a fault has its line.
#![no_main]

use ledger::{Quorum, TrustPolicy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match TrustPolicy::parse(bytes) {
    Ok(policy) => {
        let count = policy.witnesses().len();
        let silent = policy.may_be_silent();
        assert!(policy.in_common() <= count && silent.is_none_or(|silent| silent < count));
        assert_eq!(silent.is_none(), policy.quorum() == Quorum::Nobody);
        for group in policy.groups() {
            assert!((1..=group.members.len()).contains(&group.threshold));
        }
        assert_eq!(
            TrustPolicy::parse(&policy.to_bytes()).as_ref(),
            Ok(&policy),
            "written and read again"
        );
        assert!(policy.bears(count).is_err(), "no policy bears that everyone lies");
    }
    Err(fault) => assert!(fault.line > 0 && !fault.why.is_empty()),
});

//! Bytes that might be a checkpoint, a request to cosign one, or a witness's answer; a witness decides on what is a request.
#![no_main]

use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Checkpoint, Decision, KeyName, LogSigner, Sha256Ed25519, SignedCheckpoint, Suite,
    decide,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(signed) = SignedCheckpoint::parse(bytes) {
        assert_eq!(signed.to_string().as_bytes(), bytes, "one checkpoint, one text");
        let text = signed.note().text();
        assert_eq!(Checkpoint::parse(text).as_ref(), Ok(signed.checkpoint()));
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes, "one request, one body");
        let secret = Sha256Ed25519::signer(&[1; 32]).expect("a secret");
        let log = LogSigner::new(
            KeyName::new("city.example/log").expect("a name"),
            Box::new(secret),
        )
        .expect("a log");
        for held in [None, Some(&request.checkpoint)] {
            match decide::<Sha256Ed25519>(&request, from_ref(log.key()), held) {
                Decision::Accept(accepted) => assert_eq!(accepted.checkpoint(), &request.checkpoint),
                Decision::Refuse { refusal, fork } => {
                    assert!(fork.is_none(), "a checkpoint is no fork of itself");
                    assert!(!refusal.to_string().is_empty() && refusal.answer().status() >= 400);
                }
            }
        }
    }
    for (status, kind) in [(200, None), (409, Some("text/x.tlog.size"))] {
        if let Ok(answer) = Answer::parse(status, kind, bytes) {
            assert_eq!(answer.body().as_bytes(), bytes, "one answer, one body");
        }
    }
});

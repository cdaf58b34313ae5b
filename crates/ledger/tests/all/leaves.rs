//! Leaves: known bytes, one encoding, and nothing of a person in them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ledger::{
    ErasureGround, Hash, Leaf, LeafFault, LogSize, LookRoot, MAX_ENTRY_BYTES, RecordKind, RecordLeaf,
    SequenceNumber, Sha256Ed25519, SignatureAlgorithm, Signer, Sm3Sm2, Statement, Status, SubmissionLeaf,
    SubmissionSignature, Suite,
};
use proptest::prelude::*;
use record::{Commitment, LayoutCode, RecordKey, RecordNumber, SourceCode, SubmissionId};

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

pub(crate) fn statement() -> Statement {
    Statement {
        source: SourceCode::new("chancheng.market").unwrap(),
        first: SequenceNumber(1),
        last: SequenceNumber(300),
        previous: Some(Hash([2; 32])),
        schema: LayoutCode::new("sgs-penalty-2018").unwrap(),
        root: Hash([3; 32]),
    }
}

pub(crate) fn samples() -> Vec<Leaf> {
    let signature = SubmissionSignature {
        algorithm: SignatureAlgorithm::Ed25519,
        bytes: [4; 64],
    };
    let unsigned = Statement {
        previous: None,
        ..statement()
    };
    vec![
        Leaf::Record(RecordLeaf {
            record: RecordNumber(23),
            submission: SubmissionId(256),
            kind: RecordKind::Act,
            commitment: Commitment([1; 32]),
        }),
        Leaf::Submission(SubmissionLeaf {
            submission: SubmissionId(7),
            statement: statement(),
            signature: Some(signature),
        }),
        Leaf::Submission(SubmissionLeaf {
            submission: SubmissionId(0),
            statement: unsigned,
            signature: None,
        }),
        Leaf::Erasure {
            record: RecordNumber(65_536),
            ground: ErasureGround::Request,
        },
        Leaf::Status {
            record: RecordNumber(1 << 32),
            status: Status::Repaired,
        },
        Leaf::Looks(LookRoot {
            looks: LogSize(24),
            root: Hash([5; 32]),
        }),
    ]
}

#[test]
fn leaves_have_known_bytes() {
    // Written down by hand from the grammar.
    let (source, schema) = (hex(b"chancheng.market"), hex(b"sgs-penalty-2018"));
    let hash = |byte: &str| format!("5820{}", byte.repeat(32));
    let signed = format!(
        "8670{source}0119012c{}70{schema}{}82015840{}",
        hash("02"),
        hash("03"),
        "04".repeat(64)
    );
    let known = [
        format!("8601001719010001{}", hash("01")),
        format!("85010107{signed}"),
        format!("850101008670{source}0119012cf670{schema}{}f6", hash("03")),
        "8401021a0001000001".to_owned(),
        "8401031b000000010000000002".to_owned(),
        format!("8401041818{}", hash("05")),
    ];
    for (leaf, known) in samples().iter().zip(known) {
        assert_eq!(hex(&leaf.to_bytes()), known);
        assert_eq!(Leaf::parse(&leaf.to_bytes()).as_ref(), Ok(leaf));
        assert!(leaf.to_bytes().len() < MAX_ENTRY_BYTES);
        assert_eq!(leaf.hash::<Sm3Sm2>(), Sm3Sm2::leaf(&leaf.to_bytes()));
    }
}

#[test]
fn another_encoding_is_refused() {
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    for (text, canonical) in [
        ("84010217", false),
        ("8401021700", true),
        ("840102180000", false),
        ("84010218170000", false),
        ("9f01021700ff", false),
        ("840102170000", false),
        ("8401021703", false),
        ("8402021700", false),
        ("8401051700", false),
        ("8501021700", false),
        ("8401031704", false),
        ("840118021700", false),
        ("a0", false),
        ("", false),
        ("f6", false),
        ("9bffffffffffffffff", false),
    ] {
        assert_eq!(Leaf::parse(&bytes(text)).is_ok(), canonical, "{text}");
    }
    assert_eq!(Leaf::parse(&bytes("840102181700")), Err(LeafFault::NotCanonical));
    let backwards = Leaf::Submission(SubmissionLeaf {
        submission: SubmissionId(0),
        statement: Statement {
            first: SequenceNumber(2),
            last: SequenceNumber(1),
            ..statement()
        },
        signature: None,
    });
    assert!(matches!(
        Leaf::parse(&backwards.to_bytes()),
        Err(LeafFault::Shape(_))
    ));
}

proptest! {
    #[test]
    fn what_is_written_is_read(record in any::<u64>(), submission in any::<u64>(), kind in 0_u8..3, commitment in any::<[u8; 32]>()) {
        let leaf = Leaf::Record(RecordLeaf {
            record: RecordNumber(record),
            submission: SubmissionId(submission),
            kind: RecordKind::from_number(kind).unwrap(),
            commitment: Commitment(commitment),
        });
        prop_assert_eq!(Leaf::parse(&leaf.to_bytes()), Ok(leaf));
    }

    #[test]
    fn a_flipped_bit_is_another_leaf_or_none(at in any::<prop::sample::Index>(), which in 0_usize..6, bit in 0_u8..8) {
        let leaf = &samples()[which];
        let mut bytes = leaf.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = Leaf::parse(&bytes) {
            prop_assert_ne!(&other, leaf);
            prop_assert_eq!(other.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_source_signs_what_it_can_write_itself() {
    fn check<S: Suite>() {
        let signer = S::signer(&[6; 32]).unwrap();
        let bytes = signer
            .sign(statement().signing_input(signer.algorithm()).as_bytes())
            .unwrap();
        let signature = Some(SubmissionSignature {
            algorithm: signer.algorithm(),
            bytes,
        });
        let leaf = SubmissionLeaf {
            submission: SubmissionId(7),
            statement: statement(),
            signature,
        };
        assert!(leaf.is_signed_by(&signer.public_key()));
        // The house's number of the submission is not the source's to sign; everything else is.
        let renumbered = SubmissionLeaf {
            submission: SubmissionId(8),
            ..leaf.clone()
        };
        assert!(renumbered.is_signed_by(&signer.public_key()));
        for other in [
            Statement {
                source: SourceCode::new("court").unwrap(),
                ..statement()
            },
            Statement {
                first: SequenceNumber(2),
                ..statement()
            },
            Statement {
                last: SequenceNumber(301),
                ..statement()
            },
            Statement {
                previous: None,
                ..statement()
            },
            Statement {
                schema: LayoutCode::new("other").unwrap(),
                ..statement()
            },
            Statement {
                root: Hash([9; 32]),
                ..statement()
            },
        ] {
            let other = SubmissionLeaf {
                statement: other,
                ..leaf.clone()
            };
            assert!(!other.is_signed_by(&signer.public_key()));
        }
        assert!(
            !SubmissionLeaf {
                signature: None,
                ..leaf
            }
            .is_signed_by(&signer.public_key())
        );
    }
    check::<Sha256Ed25519>();
    check::<Sm3Sm2>();
}

#[test]
fn a_signature_is_a_detached_jws() {
    let Leaf::Submission(leaf) = &samples()[1] else {
        panic!("a submission")
    };
    // {"alg":"EdDSA"}, and 64 bytes.
    let jws = leaf.detached_jws().unwrap();
    assert!(jws.starts_with("eyJhbGciOiJFZERTQSJ9..BAQEBAQE"), "{jws}");
    assert_eq!(jws.len(), "eyJhbGciOiJFZERTQSJ9..".len() + 86);
    let input = leaf.statement.signing_input(SignatureAlgorithm::Sm2);
    let (header, payload) = input.split_once('.').unwrap();
    let decoded = |text| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    assert_eq!(decoded(header), br#"{"alg":"SM2"}"#);
    assert_eq!(decoded(payload), leaf.statement.to_bytes());
    assert!(leaf.statement.to_bytes().starts_with(b"xinlian/submission/v1"));
}

#[test]
fn submissions_of_a_source_follow_each_other() {
    type S = Sha256Ed25519;
    let before = statement();
    let next = Statement {
        first: SequenceNumber(301),
        last: SequenceNumber(301),
        previous: Some(before.hash::<S>()),
        ..statement()
    };
    assert!(next.follows::<S>(&before));
    assert_eq!(next.records(), Some(1));
    for other in [
        Statement {
            first: SequenceNumber(302),
            last: SequenceNumber(302),
            ..next.clone()
        },
        Statement {
            previous: None,
            ..next.clone()
        },
        Statement {
            previous: Some(Hash([0; 32])),
            ..next.clone()
        },
        Statement {
            source: SourceCode::new("court").unwrap(),
            ..next.clone()
        },
    ] {
        assert!(!other.follows::<S>(&before));
    }
    let commitments = [Commitment([1; 32]), Commitment([2; 32])];
    let root = S::node(&S::leaf(&[1; 32]), &S::leaf(&[2; 32]));
    assert_eq!(Statement::root_of::<S>(&commitments), root);
}

#[test]
fn commitments_of_the_suites() {
    let key = RecordKey::from_random([8; 32]);
    assert!(Sha256Ed25519::commit(b"bytes", &key).opens(b"bytes", &key));
    let sm3 = Sm3Sm2::commit(b"bytes", &key);
    assert!(sm3 != Sha256Ed25519::commit(b"bytes", &key) && sm3 == Sm3Sm2::commit(b"bytes", &key));
    assert!(sm3 != Sm3Sm2::commit(b"other", &key));
}

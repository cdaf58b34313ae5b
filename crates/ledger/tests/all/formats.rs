//! Formats to the letter: the specifications' own examples are read, written again as they were, and nothing near them is read.

use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Checkpoint, EntryBundle, Hash, KeyName, LeafIndex, LogProof, LogSize, Note,
    NoteFault, NoteSignature, PosixSeconds, Sha256Ed25519, SignatureType, SignedCheckpoint, Sm3Sm2, Suite,
    VerifierKey, cosigned_at,
};

use crate::support::{Log, city, entry, log_signer, witness_signer};

/// The example of c2sp.org/signed-note.
const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

/// The example of golang.org/x/mod/sumdb/note.
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

/// The example of c2sp.org/tlog-cosignature.
const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

/// The example of c2sp.org/tlog-witness, with the proof of its body.
const ADD: &str = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

/// Its answer.
const ANSWER: &str = "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n";

fn verified(note: &str, key: &str) -> Result<(), NoteFault> {
    let (note, key) = (
        Note::parse(note.as_bytes()).unwrap(),
        VerifierKey::parse(key).unwrap(),
    );
    note.verified([&key]).map(drop)
}

#[test]
fn notes_of_others_are_verified_and_written_again() {
    for (note, key) in [(NOTE, KEY), (GO_NOTE, GO_KEY)] {
        assert_eq!(verified(note, key), Ok(()));
        assert_eq!(Note::parse(note.as_bytes()).unwrap().to_string(), note);
        assert_eq!(VerifierKey::parse(key).unwrap().to_string(), key);
    }
    let name = |text: &str| KeyName::new(text).unwrap();
    assert_eq!(
        verified(NOTE, GO_KEY),
        Err(NoteFault::Unsigned(vec![name("PeterNeumann")]))
    );
    let altered = NOTE.replace("example message", "example massage");
    assert_eq!(
        verified(&altered, KEY),
        Err(NoteFault::Forged(name("example.com/foo")))
    );
    // A signature of somebody unknown is passed over, and one that only shares the name as well.
    let more = NOTE.replace(
        "\n\n",
        "\n\n— example.com/foo AAAAAAAA\n— unknown.example AAAAAAAA\n",
    );
    assert_eq!(verified(&more, KEY), Ok(()));
    // A second signature of a known key must be right as well.
    let doubled = format!("{NOTE}— example.com/foo Uw2QOkn8srV1\n");
    assert_eq!(
        verified(&doubled, KEY),
        Err(NoteFault::Forged(name("example.com/foo")))
    );
}

#[test]
fn what_is_no_note_is_refused() {
    let line = NOTE.split_once("\n\n").unwrap().1;
    let many = format!("a\n\n{}", line.repeat(65));
    for text in [
        "",
        "\n",
        "a\n",
        "a\n\n",
        "a\n\n\n",
        "a\n\nb\n",
        "a\n\n— example.com/foo \n",
        "a\n\n— example.com/foo AAAAAA==\n",
        "a\n\n— example.com/foo AAAAAAA\n",
        "a\n\n— example.com/foo AAAAAAAB=\n",
        "a\n\n— example+com AAAAAAAA\n",
        "a\n\n—  AAAAAAAA\n",
        "a\n\n- example.com/foo AAAAAAAA\n",
        "a\n\n—example.com/foo AAAAAAAA\n",
        "a\n\n— example.com/foo AAAAAAAA",
        "a\n\n— example.com/foo AAAAAAAA\r\n",
        "a\n\n— example.com/foo AAAAAAAA \n",
        "a\n\n— example.com/foo AAAAAAAA\n\n",
        "a\tb\n\n— example.com/foo AAAAAAAA\n",
        "a\0\n\n— example.com/foo AAAAAAAA\n",
        "— example.com/foo AAAAAAAA\n",
        &many,
    ] {
        assert!(Note::parse(text.as_bytes()).is_err(), "{text:?}");
    }
    assert!(Note::parse(b"a\xff\n\n\xe2\x80\x94 example.com/foo AAAAAAAA\n").is_err());
    let (sixteen, blank) = (format!("a\n\n{}", line.repeat(16)), format!("\n\n{line}"));
    for text in [sixteen.as_str(), &blank, "a\n\n\n\nb\n\n\n— x AAAAAAAA\n"] {
        assert_eq!(Note::parse(text.as_bytes()).unwrap().to_string(), text);
    }
}

#[test]
fn keys_have_one_form() {
    for text in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fob+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert!(VerifierKey::parse(text).is_err(), "{text}");
    }
    for signer in [
        log_signer::<Sha256Ed25519>("a.example/log", 7),
        log_signer::<Sm3Sm2>("a.example/sm", 7),
    ] {
        let key = signer.key();
        assert_eq!(VerifierKey::parse(&key.to_string()).as_ref(), Ok(key));
    }
    for signer in [
        witness_signer::<Sha256Ed25519>("w", 7),
        witness_signer::<Sm3Sm2>("w", 7),
    ] {
        assert_eq!(
            VerifierKey::parse(&signer.key().to_string()).as_ref(),
            Ok(signer.key())
        );
    }
}

#[test]
fn checkpoints_are_read_and_written_as_they_are() {
    let signed = SignedCheckpoint::parse(COSIGNED.as_bytes()).unwrap();
    assert_eq!(signed.to_string(), COSIGNED);
    let told = signed.checkpoint();
    assert_eq!(
        (told.origin.as_str(), told.size),
        ("example.com/behind-the-sofa", LogSize(20_852_163))
    );
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for text in [
        format!("o\n0\n{root}\n"),
        format!("o +o\n1\n{root}\nfurther\nlines\n"),
    ] {
        assert_eq!(Checkpoint::parse(&text).unwrap().to_string(), text);
    }
    for text in [
        format!("o\n1\n{root}"),
        format!("\n1\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n\n{root}\n"),
        format!("o\n9223372036854775808\n{root}\n"),
        format!("o\n1\n{root}\n\n"),
        format!("o\n1\n{root}\nx\n\ny\n"),
        format!("o\n1\n {root}\n"),
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n".to_owned(),
        "o\n1\n".to_owned(),
    ] {
        assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
    }
}

#[test]
fn a_log_signs_and_a_witness_cosigns() {
    fn check<S: Suite>(origin: &str)
    where
        S::Signer: Send + Sync + 'static,
    {
        let (log, witness) = (log_signer::<S>(origin, 1), witness_signer::<S>("w.example", 2));
        let signed = Log::<S>::of(5).signed(&log);
        assert_eq!(signed.verify(from_ref(log.key())), Ok(()));
        assert_eq!(signed.checkpoint().origin.as_str(), origin);
        let other = log_signer::<S>("other.example", 1);
        assert!(matches!(
            signed.verify(from_ref(other.key())),
            Err(NoteFault::OtherLog { .. })
        ));
        let request = AddCheckpoint {
            old: LogSize(0),
            proof: Vec::new(),
            checkpoint: signed.clone(),
        };
        let ledger::Decision::Accept(accepted) = ledger::decide::<S>(&request, from_ref(log.key()), None)
        else {
            panic!("the first checkpoint of a log is accepted")
        };
        let now = PosixSeconds(1_679_315_147);
        let Ok(Answer::Cosigned(cosignatures)) = accepted.cosign(&witness, now) else {
            panic!("cosigned")
        };
        let cosigned = signed.with(cosignatures[0].clone()).unwrap();
        let verified = cosigned.note().verified([witness.key()]).unwrap();
        assert_eq!(cosigned_at(verified[0].0, verified[0].1), Some(now));
        // Another time, and the signature is of it no longer.
        let mut later = cosignatures[0].clone();
        later.bytes[7] ^= 1;
        let forged = cosigned.clone().with(later).unwrap();
        assert!(matches!(
            forged.note().verified([witness.key()]),
            Err(NoteFault::Forged(_))
        ));
        for time in [0, i64::MAX as u64 + 1] {
            assert!(accepted.cosign(&witness, PosixSeconds(time)).is_err(), "{time}");
        }
        assert_eq!(
            SignedCheckpoint::parse(cosigned.to_string().as_bytes()),
            Ok(cosigned)
        );
    }
    check::<Sha256Ed25519>("city.example/log");
    check::<Sm3Sm2>("city.example/log/sm");
}

#[test]
fn a_cosignature_is_over_the_message_of_the_specification() {
    // Signed here by hand, over the lines that the specification shows.
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let signer = Sha256Ed25519::signer(&[9; 32]).unwrap();
    let message = format!("cosignature/v1\ntime 1679315147\n{text}");
    let signature = ledger::Signer::sign(&signer, message.as_bytes()).unwrap();
    let public = ledger::Signer::public_key(&signer);
    let name = KeyName::new("w.example").unwrap();
    let key = VerifierKey::new(name.clone(), SignatureType::CosignatureEd25519, public.clone()).unwrap();
    let bytes = [1_679_315_147_u64.to_be_bytes().as_slice(), &signature].concat();
    assert!(key.verify(text, &bytes));
    // The same key as a log's has another id and verifies another message.
    let of_log = VerifierKey::new(name, SignatureType::Ed25519, public).unwrap();
    assert!(of_log.id() != key.id() && !of_log.verify(text, &signature));
}

#[test]
fn requests_and_answers_of_the_specification_are_read() {
    let request = AddCheckpoint::parse(ADD.as_bytes()).unwrap();
    assert_eq!((request.old, request.proof.len()), (LogSize(20_852_014), 4));
    assert_eq!(request.to_string(), ADD);
    let answer = Answer::parse(200, None, ANSWER.as_bytes()).unwrap();
    assert_eq!((answer.status(), answer.body().as_str()), (200, ANSWER));
    let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
    let note = ADD.split_once("\n\n").unwrap().1;
    assert!(AddCheckpoint::parse(format!("old 1\n{}\n{note}", hash.repeat(63)).as_bytes()).is_ok());
    for body in [
        format!("old 1\n{}\n{note}", hash.repeat(64)),
        format!("old 01\n{hash}\n{note}"),
        format!("Old 1\n{hash}\n{note}"),
        format!("old  1\n{hash}\n{note}"),
        format!("old 1 \n{hash}\n{note}"),
        format!("{hash}\n{note}"),
        format!("old 1\n{}\n{note}", "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw"),
        "old 1\n\n".to_owned(),
        "old 1\n".to_owned(),
        String::new(),
    ] {
        assert!(AddCheckpoint::parse(body.as_bytes()).is_err(), "{body:?}");
    }
    for (status, kind, body, read) in [
        (
            409,
            Some("text/x.tlog.size"),
            "20852014\n",
            Some(Answer::Conflict(LogSize(20_852_014))),
        ),
        (409, Some("text/x.tlog.size"), "20852014", None),
        (409, Some("text/plain"), "20852014\n", None),
        (400, None, "", Some(Answer::BadRequest)),
        (403, None, "no\n", Some(Answer::Forbidden)),
        (404, None, "", Some(Answer::UnknownLog)),
        (422, None, "", Some(Answer::Unprocessable)),
        (200, None, "", None),
        (200, None, "\n", None),
        (500, None, "", None),
    ] {
        assert_eq!(
            Answer::parse(status, kind, body.as_bytes()).ok(),
            read,
            "{status} {body:?}"
        );
    }
}

#[test]
fn proofs_of_logging_are_read_and_written_as_they_are() {
    let log = Log::<Sha256Ed25519>::of(300);
    let signed = log.signed(&city());
    for (index, extra) in [(0, None), (255, Some(b"xinlian".to_vec())), (299, None)] {
        let path = log.proofs().inclusion(LeafIndex(index)).unwrap();
        let proof = LogProof {
            extra,
            index: LeafIndex(index),
            path,
            checkpoint: signed.clone(),
        };
        let text = proof.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\n"));
        assert_eq!(LogProof::parse(text.as_bytes()).as_ref(), Ok(&proof));
        assert_eq!(
            log.leaves[usize::try_from(index).unwrap()],
            Sha256Ed25519::leaf(&entry(index))
        );
    }
    let hash = Hash([7; 32]);
    for head in [
        "c2sp.org/tlog-proof@v2\nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 00\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra\nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n".to_owned(),
        format!(
            "c2sp.org/tlog-proof@v1\nindex 0\n{}",
            format!("{hash}\n").repeat(64)
        ),
    ] {
        assert!(
            LogProof::parse(format!("{head}\n{signed}").as_bytes()).is_err(),
            "{head}"
        );
    }
    // The example of the specification, which leaves out the middle of its signatures: ours stand in their place.
    let example = "c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\nindex 73894\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\nB95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\nEKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\nRoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\nAHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n";
    let text = format!("{example}\n{signed}");
    let proof = LogProof::parse(text.as_bytes()).unwrap();
    assert_eq!(
        (proof.index, proof.path.len(), proof.to_string()),
        (LeafIndex(73_894), 5, text)
    );
}

#[test]
fn bundles_hold_what_their_path_says() {
    let mut bundle = EntryBundle::default();
    for entry in [b"".as_slice(), b"a", &vec![7; 65_535]] {
        bundle.push(entry).unwrap();
    }
    assert!(bundle.push(&vec![0; 65_536]).is_err());
    let read = EntryBundle::parse(bundle.as_bytes(), 3).unwrap();
    assert_eq!(read, bundle);
    assert_eq!(
        read.entries().map(<[u8]>::len).collect::<Vec<_>>(),
        [0, 1, 65_535]
    );
    for (bytes, width) in [
        (bundle.as_bytes(), 2),
        (bundle.as_bytes(), 4),
        (&bundle.as_bytes()[..bundle.as_bytes().len() - 1], 3),
        (b"".as_slice(), 0),
        (b"\0", 1),
        (b"\0\x02a", 1),
        (&[0; 2 * 257], 257),
    ] {
        assert!(EntryBundle::parse(bytes, width).is_err(), "{width}");
    }
    let log = Log::<Sha256Ed25519>::of(257);
    let full = EntryBundle::parse(&log.folder.files["tile/entries/000"], 256).unwrap();
    assert_eq!(
        full.leaves::<Sha256Ed25519>().collect::<Vec<_>>(),
        log.leaves[..256]
    );
}

#[test]
fn a_line_of_signature_holds_its_id() {
    let line = NOTE.split_once("\n\n").unwrap().1.trim_end();
    let signature = NoteSignature::parse(line).unwrap();
    assert_eq!((signature.id, signature.bytes.len()), (0x530d_903a, 64));
    assert!(signature.is_of(&VerifierKey::parse(KEY).unwrap()));
}

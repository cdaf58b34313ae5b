//! A witness's decisions, by the order of the specification, and proofs of fork that anybody can check.

use std::collections::BTreeMap;
use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Comparison, Decision, Fork, Hash, KeyName, LogSize, NoFork, NoteSignature,
    PosixSeconds, Refusal, Sha256Ed25519, SignatureType, SignedCheckpoint, Sm3Sm2, Suite, TrustPolicy,
    VerifierKey, WitnessSigner, compare, decide,
};
use proptest::prelude::*;

use crate::support::{Log, cases, city, entry, log_signer, witness_signer};

type S = Sha256Ed25519;

fn request(old: u64, proof: Vec<Hash>, checkpoint: &SignedCheckpoint) -> AddCheckpoint {
    AddCheckpoint {
        old: LogSize(old),
        proof,
        checkpoint: checkpoint.clone(),
    }
}

fn status(decision: &Decision) -> (u16, bool) {
    match decision {
        Decision::Accept(_) => (200, false),
        Decision::Refuse { refusal, fork } => (refusal.answer().status(), fork.is_some()),
    }
}

/// A log that is as another up to a size and then goes its own way.
fn forked(shared: u64, size: u64) -> Log<S> {
    let mut log = Log::of(shared);
    log.grow(size, |index| format!("other {index}").into_bytes());
    log
}

#[test]
fn growth_is_cosigned_step_by_step() {
    let (signer, witness) = (city(), witness_signer::<S>("w.example", 2));
    let mut log = Log::<S>::of(0);
    let mut held: Option<SignedCheckpoint> = None;
    for size in [0, 0, 1, 2, 255, 256, 257, 257, 1_000] {
        log.grow(size, entry);
        let old = held.as_ref().map_or(0, |held| held.checkpoint().size.0);
        let proof = log.proofs().consistency(LogSize(old)).unwrap();
        let new = log.signed(&signer);
        // By way of the wire.
        let body = request(old, proof, &new).to_string();
        let read = AddCheckpoint::parse(body.as_bytes()).unwrap();
        let Decision::Accept(accepted) = decide::<S>(&read, from_ref(signer.key()), held.as_ref()) else {
            panic!("from {old} to {size}")
        };
        let answer = accepted.cosign(&witness, PosixSeconds(1_800_000_000)).unwrap();
        let read = Answer::parse(answer.status(), answer.content_type(), answer.body().as_bytes());
        let Ok(Answer::Cosigned(lines)) = read else {
            panic!("{answer:?}")
        };
        let cosigned = new.with(lines[0].clone()).unwrap();
        assert!(cosigned.note().verified([witness.key()]).is_ok());
        held = Some(accepted.checkpoint().clone());
    }
}

/// A request with its name, what the witness holds, and the status of the answer.
type Case<'c> = (&'c str, AddCheckpoint, Option<&'c SignedCheckpoint>, u16);

fn check(cases: Vec<Case<'_>>) {
    for (what, request, held, answer) in cases {
        let decision = decide::<S>(&request, from_ref(city().key()), held);
        assert_eq!(status(&decision), (answer, false), "{what}");
    }
}

#[test]
fn who_signed_and_what_is_held_is_asked_first() {
    let signer = city();
    let log = Log::<S>::of(300);
    let now = log.signed(&signer);
    let held = Log::<S>::of(100).signed(&signer);
    let smaller = Log::<S>::of(50).signed(&signer);
    let proof = log.proofs().consistency(LogSize(100)).unwrap();
    let stranger = log.signed(&log_signer::<S>("stranger.example", 1));
    let other = log.signed(&log_signer::<S>("city.example/log", 9));
    let altered = now.to_string().replacen("\n300\n", "\n301\n", 1);
    let altered = SignedCheckpoint::parse(altered.as_bytes()).unwrap();
    check(vec![
        ("unknown log", request(0, vec![], &stranger), None, 404),
        (
            "signed by another key",
            request(100, proof.clone(), &other),
            Some(&held),
            403,
        ),
        ("altered", request(100, proof.clone(), &altered), Some(&held), 403),
        (
            "the former is beyond",
            request(301, proof.clone(), &now),
            Some(&held),
            400,
        ),
        (
            "back to a smaller one",
            request(100, vec![], &smaller),
            Some(&held),
            400,
        ),
        (
            "the former is not held",
            request(99, proof.clone(), &now),
            Some(&held),
            409,
        ),
        ("nothing is held", request(100, proof.clone(), &now), None, 409),
        (
            "the log asks what is held",
            request(0, vec![], &now),
            Some(&held),
            409,
        ),
        ("growth", request(100, proof, &now), Some(&held), 200),
    ]);
    assert_eq!(
        status(&decide::<S>(&request(0, vec![], &now), &[], None)),
        (404, false)
    );
    let conflict = Refusal::Conflict {
        old: LogSize(0),
        held: LogSize(100),
    }
    .answer();
    assert_eq!(
        (conflict.content_type(), conflict.body().as_str()),
        (Some("text/x.tlog.size"), "100\n")
    );
}

#[test]
fn a_log_may_change_its_key() {
    let (old, new) = (city(), log_signer::<S>("city.example/log", 9));
    let log = Log::<S>::of(300);
    let held = Log::<S>::of(100).signed(&old);
    let proof = log.proofs().consistency(LogSize(100)).unwrap();
    let request = request(100, proof, &log.signed(&new));
    let both = [old.key().clone(), new.key().clone()];
    assert_eq!(status(&decide::<S>(&request, &both, Some(&held))), (200, false));
    assert_eq!(
        status(&decide::<S>(&request, &both[..1], Some(&held))),
        (403, false)
    );
    // A key of the other suite is none of this log, even under its name.
    let national = log_signer::<Sm3Sm2>("city.example/log", 1);
    assert_eq!(
        status(&decide::<S>(&request, from_ref(national.key()), Some(&held))),
        (404, false)
    );
    // And a fork is one whichever of its keys the log signed it with.
    let (one, two) = (Log::<S>::of(7).signed(&old), forked(5, 7).signed(&new));
    let fork = Fork::found::<S>(&one, &two, &[]).unwrap();
    assert_eq!(fork.verify::<S>(&both), Ok(()));
    assert!(fork.verify::<S>(&both[..1]).is_err());
}

#[test]
fn what_is_no_growth_is_refused() {
    let signer = city();
    let log = Log::<S>::of(300);
    let now = log.signed(&signer);
    let held = Log::<S>::of(100).signed(&signer);
    let proof = log.proofs().consistency(LogSize(100)).unwrap();
    let doubled = [proof.clone(), proof.clone()].concat();
    let other = vec![Hash([1; 32])];
    let empty = signer.sign(LogSize(0), Hash([0; 32])).unwrap();
    check(vec![
        ("an empty tree with a root", request(0, vec![], &empty), None, 422),
        ("a proof from nothing", request(0, other.clone(), &now), None, 422),
        ("no proof", request(100, vec![], &now), Some(&held), 422),
        ("another proof", request(100, other, &now), Some(&held), 422),
        ("a proof too long", request(100, doubled, &now), Some(&held), 422),
        ("the same once more", request(300, vec![], &now), Some(&now), 200),
        (
            "the same, with a proof",
            request(300, proof, &now),
            Some(&now),
            422,
        ),
    ]);
}

#[test]
fn a_fork_is_seen_and_convinces_a_third_party() {
    let signer = city();
    for (shared, held, other) in [
        (0, 1, 1),
        (5, 7, 7),
        (5, 7, 12),
        (5, 12, 7),
        (100, 300, 301),
        (0, 257, 600),
        (255, 256, 512),
        (256, 257, 257),
        (6, 8, 20),
        (20, 64, 65),
    ] {
        let (one, two) = (Log::<S>::of(held), forked(shared, other));
        let (held, new) = (one.signed(&signer), two.signed(&signer));
        let larger = if one.edge.size() > two.edge.size() {
            &one
        } else {
            &two
        };
        let fork = Fork::from_tiles::<S, _>(&held, &new, &larger.folder)
            .unwrap()
            .unwrap();
        assert_eq!(
            fork.verify::<S>(from_ref(signer.key())),
            Ok(()),
            "{shared} {} {other}",
            held.checkpoint().size
        );
        let text = fork.to_string();
        assert_eq!(Fork::parse(text.as_bytes()).as_ref(), Ok(&fork), "{text}");
        // Nothing of it is left without either signature, and it says nothing of another log.
        let key = log_signer::<S>("city.example/log", 9);
        assert!(matches!(
            fork.verify::<S>(from_ref(key.key())),
            Err(NoFork::Note(_))
        ));
        for bit in (0..text.len() * 8).step_by(11) {
            let mut altered = text.clone().into_bytes();
            altered[bit / 8] ^= 1 << (bit % 8);
            let convinces =
                Fork::parse(&altered).is_ok_and(|fork| fork.verify::<S>(from_ref(signer.key())).is_ok());
            assert!(!convinces, "bit {bit}");
        }
    }
}

#[test]
fn a_witness_shows_the_fork_that_a_request_shows() {
    let signer = city();
    for (shared, held, other, shown) in [
        // Two trees of one size need no proof.
        (5, 7, 7, true),
        // The proof that the other history gives.
        (5, 7, 12, true),
        (100, 300, 400, true),
        // From a power of two the proof does not say which root it begins with: the tiles must be asked.
        (6, 8, 20, false),
    ] {
        let (one, two) = (Log::<S>::of(held), forked(shared, other));
        let proof = two.proofs().consistency(LogSize(held)).unwrap();
        let request = request(held, proof, &two.signed(&signer));
        let decision = decide::<S>(&request, from_ref(signer.key()), Some(&one.signed(&signer)));
        assert_eq!(status(&decision), (422, shown), "{held} {other}");
        if let Decision::Refuse { fork: Some(fork), .. } = decision {
            assert_eq!(fork.verify::<S>(from_ref(signer.key())), Ok(()));
        }
    }
    // Even where the answer is that the former size is another.
    let (one, two) = (Log::<S>::of(7).signed(&signer), forked(5, 7).signed(&signer));
    assert_eq!(
        status(&decide::<S>(
            &request(0, vec![], &two),
            from_ref(signer.key()),
            Some(&one)
        )),
        (409, true)
    );
}

#[test]
fn one_history_is_no_fork() {
    let signer = city();
    let log = Log::<S>::of(300);
    for size in [0, 1, 8, 100, 299, 300] {
        let former = Log::<S>::of(size).signed(&signer);
        let found = Fork::from_tiles::<S, _>(&former, &log.signed(&signer), &log.folder);
        assert_eq!(found, Ok(None), "{size}");
        let proof = log.proofs().consistency(LogSize(size)).unwrap();
        assert_eq!(Fork::found::<S>(&former, &log.signed(&signer), &proof), None);
    }
    // An empty tree with some root is wrong in itself, and begins no other history.
    let empty = signer.sign(LogSize(0), Hash([1; 32])).unwrap();
    let none = signer.sign(LogSize(0), S::empty()).unwrap();
    for other in [&none, &log.signed(&signer)] {
        assert_eq!(Fork::found::<S>(&empty, other, &[]), None);
    }
    // Made by hand, with a root that the later tree never had, or with the one that both have.
    let (former, now) = (Log::<S>::of(100).signed(&signer), log.signed(&signer));
    let path = log.proofs().consistency(LogSize(100)).unwrap();
    let lines = path
        .iter()
        .fold(String::new(), |lines, hash| lines + &format!("{hash}\n"));
    for root in [former.checkpoint().root, Hash([1; 32])] {
        let text = format!("xinlian/fork@v1\nroot {root}\n{lines}\n{former}\n{now}");
        assert!(
            Fork::parse(text.as_bytes())
                .unwrap()
                .verify::<S>(from_ref(signer.key()))
                .is_err(),
            "{root}"
        );
    }
    let swapped = format!(
        "xinlian/fork@v1\nroot {}\n{lines}\n{now}\n{former}",
        Hash([1; 32])
    );
    assert!(Fork::parse(swapped.as_bytes()).is_err());
}

#[test]
fn witnesses_find_a_fork_by_what_they_show_each_other() {
    let signer = city();
    let keys = [signer.key().clone()];
    let log = Log::<S>::of(300);
    let compared = |held: &Log<S>, other: &Log<S>, proof: &[Hash]| {
        let (one, two) = (held.signed(&signer), other.signed(&signer));
        let (there, back) = (
            compare::<S>(&one, &two, &keys, proof),
            compare::<S>(&two, &one, &keys, proof),
        );
        assert_eq!(there, back, "whoever asks");
        there.unwrap()
    };
    let proof = log.proofs().consistency(LogSize(100)).unwrap();
    let unjoined = Comparison::Unjoined {
        former: LogSize(100),
        later: LogSize(300),
    };
    assert_eq!(compared(&Log::of(300), &log, &[]), Comparison::OneHistory);
    assert_eq!(compared(&Log::of(0), &log, &[]), Comparison::OneHistory);
    assert_eq!(compared(&Log::of(100), &log, &[]), unjoined);
    assert_eq!(compared(&Log::of(100), &log, &proof), Comparison::OneHistory);
    for (other, proof) in [(forked(90, 100), proof.as_slice()), (forked(299, 300), &[])] {
        let Comparison::Forked(fork) = compared(&other, &log, proof) else {
            panic!("a fork")
        };
        assert_eq!(fork.verify::<S>(&keys), Ok(()));
    }
    let stranger = log.signed(&log_signer::<S>("stranger.example", 1));
    assert!(compare::<S>(&log.signed(&signer), &stranger, &keys, &[]).is_err());
}

/// A witness of a play: it cosigns what it may, or, if it lies, everything.
struct Player {
    signer: WitnessSigner,
    held: Option<SignedCheckpoint>,
    lies: bool,
}

impl Player {
    fn asked(&mut self, log: &Log<S>, checkpoint: &SignedCheckpoint) -> Option<NoteSignature> {
        let old = self
            .held
            .as_ref()
            .filter(|_| !self.lies)
            .map_or(0, |held| held.checkpoint().size.0);
        // The log gives whatever proof its tiles have for that.
        let proof = log.proofs().consistency(LogSize(old)).unwrap_or_default();
        let held = self.held.as_ref().filter(|_| !self.lies);
        let keys = [city().key().clone()];
        let Decision::Accept(accepted) = decide::<S>(&request(old, proof, checkpoint), &keys, held) else {
            return None;
        };
        self.held = Some(accepted.checkpoint().clone());
        match accepted.cosign(&self.signer, PosixSeconds(1_800_000_000)) {
            Ok(Answer::Cosigned(lines)) => lines.into_iter().next(),
            other => panic!("{other:?}"),
        }
    }
}

/// A log shows two histories, which are one up to a size, to four witnesses of whom one lies. Says whether both came to be witnessed.
fn both_witnessed(threshold: usize, shared: u64, plays: &[(bool, u64, usize)]) -> bool {
    let signer = city();
    let seeds = [10, 11, 12, 13_u8];
    let mut players = seeds.map(|seed| {
        let signer = witness_signer::<S>(&format!("w{seed}.example"), seed);
        Player {
            signer,
            held: None,
            lies: seed == 13,
        }
    });
    let lines = players.iter().zip(["a", "b", "c", "d"]);
    let lines = lines.fold(String::new(), |text, (player, name)| {
        text + &format!("witness {name} {}\n", player.signer.key())
    });
    let text = format!(
        "log {}\n{lines}group q {threshold} a b c d\nquorum q\n",
        signer.key()
    );
    let policy = TrustPolicy::parse(text.as_bytes()).unwrap();
    let mut seen: BTreeMap<(bool, u64), SignedCheckpoint> = BTreeMap::new();
    for (other, more, who) in plays {
        let size = shared + 1 + more;
        let log = if *other {
            forked(shared, size)
        } else {
            Log::of(size)
        };
        let checkpoint = seen.entry((*other, size)).or_insert_with(|| log.signed(&signer));
        if let Some(line) = players[*who].asked(&log, checkpoint) {
            *checkpoint = checkpoint.clone().with(line).unwrap();
        }
    }
    let witnessed = |which: bool| {
        let mut of = seen.iter().filter(|((other, _), _)| *other == which);
        of.any(|(_, signed)| policy.weigh(signed).unwrap().is_witnessed())
    };
    witnessed(false) && witnessed(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(200, 20_000), ..ProptestConfig::default() })]

    #[test]
    fn two_histories_are_never_both_witnessed(
        shared in 0_u64..9, plays in prop::collection::vec((any::<bool>(), 0_u64..3, 0_usize..4), 4..30),
    ) {
        prop_assert!(!both_witnessed(3, shared, &plays));
    }
}

#[test]
fn a_quorum_that_leaves_no_room_for_a_liar_lets_two_histories_pass() {
    let honest_and_liar = [(false, 0, 0), (false, 0, 1), (true, 0, 2), (true, 0, 3)];
    assert!(
        both_witnessed(2, 5, &honest_and_liar),
        "which is why such a policy is told as unsafe"
    );
    assert!(!both_witnessed(3, 5, &honest_and_liar));
}

/// Requests of another implementation (torchwood's tests of its witness, ISC licence), whose answers are known.
#[test]
fn requests_of_another_implementation_are_answered_as_there() {
    let origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
    let public: [u8; 32] = [
        0xff, 0xdc, 0x2d, 0x4d, 0x98, 0xe4, 0x12, 0x4d, 0x3f, 0xea, 0xf7, 0x88, 0xc0, 0xc2, 0xf9, 0xab, 0xfd,
        0x79, 0x60, 0x83, 0xd1, 0xf0, 0x49, 0x54, 0x37, 0xf3, 0x02, 0xec, 0x79, 0xcf, 0x10, 0x0f,
    ];
    let key = VerifierKey::new(
        KeyName::new(origin).unwrap(),
        SignatureType::Ed25519,
        public.to_vec(),
    )
    .unwrap();
    let one = "old 0\n\nORIGIN\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— ORIGIN UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=\n";
    let three = "old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nKgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nORIGIN\n3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n\n— ORIGIN UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=\n";
    let five = "old 1\nKgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=\nKgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nORIGIN\n5\nQrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=\n\n— ORIGIN UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=\n";
    let read = |body: &str| AddCheckpoint::parse(body.replace("ORIGIN", origin).as_bytes()).unwrap();
    let first = read(one);
    let held = Some(&first.checkpoint);
    for (body, held, answer) in [
        (one.to_owned(), None, 200),
        (three.to_owned(), held, 200),
        (five.to_owned(), held, 200),
        (three.replace("x6go=", "x6gx="), held, 403),
        (three.replace("KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nKgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", ""), held, 422),
        (three.replace("KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABA="), held, 422),
        (three.replace("old 1", "old 2"), held, 409),
    ] {
        // A signature whose last bits say nothing is no signature at all here.
        let Ok(request) = AddCheckpoint::parse(body.replace("ORIGIN", origin).as_bytes()) else {
            assert_eq!(answer, 403, "{body}");
            continue;
        };
        assert_eq!(status(&decide::<S>(&request, from_ref(&key), held)).0, answer, "{body}");
    }
}

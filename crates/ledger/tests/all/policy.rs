//! Trust policies: what is read, when a quorum is met, and how much it bears.

use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Decision, LogSize, Member, NoteFault, PosixSeconds, Quorum, Sha256Ed25519,
    SignedCheckpoint, TrustPolicy, Unsafe, decide,
};

use crate::support::{Log, city, witness_signer};

type S = Sha256Ed25519;

/// The demo's policy, by its kind: four witnesses, three of whom must have cosigned.
pub(crate) const FOUR: &str = "\
# who watches the log
log city.example/log+KEY https://city.example/log/
\twitness city KEY https://city.example/witness/

witness district KEY
witness  town\tKEY
witness university KEY
group enough 3 city district town university
quorum enough
";

/// The text with a key in the place of each `KEY`.
fn filled(text: &str) -> String {
    let log = city().key().to_string();
    let mut text = text.replacen("city.example/log+KEY", &log, 1);
    for seed in 10.. {
        if !text.contains("KEY") {
            break;
        }
        let key = witness_signer::<S>(&format!("w{seed}.example"), seed)
            .key()
            .to_string();
        text = text.replacen("KEY", &key, 1);
    }
    text
}

fn policy(text: &str) -> TrustPolicy {
    TrustPolicy::parse(filled(text).as_bytes()).unwrap()
}

/// A checkpoint that the witnesses of these places have cosigned.
fn cosigned(places: &[u8]) -> SignedCheckpoint {
    let log = city();
    let mut signed = Log::<S>::of(5).signed(&log);
    for place in places {
        let witness = witness_signer::<S>(&format!("w{}.example", 10 + place), 10 + place);
        let request = AddCheckpoint {
            old: LogSize(0),
            proof: Vec::new(),
            checkpoint: signed.clone(),
        };
        let Decision::Accept(accepted) = decide::<S>(&request, from_ref(log.key()), None) else {
            panic!("accepted")
        };
        let Ok(Answer::Cosigned(lines)) = accepted.cosign(&witness, PosixSeconds(1_800_000_000)) else {
            panic!("cosigned")
        };
        signed = signed.with(lines[0].clone()).unwrap();
    }
    signed
}

#[test]
fn a_policy_is_read() {
    let policy = policy(FOUR);
    let names: Vec<String> = policy
        .witnesses()
        .iter()
        .map(|witness| witness.name.to_string())
        .collect();
    assert_eq!(names, ["city", "district", "town", "university"]);
    assert_eq!(
        policy.logs()[0].url.as_ref().unwrap().to_string(),
        "https://city.example/log/"
    );
    assert_eq!(policy.groups()[0].threshold, 3);
    assert_eq!(policy.quorum(), Quorum::Of(Member::Group(0)));
    let written = policy.to_bytes();
    assert_eq!(TrustPolicy::parse(&written), Ok(policy));
    assert!(
        String::from_utf8(written)
            .unwrap()
            .ends_with("group enough 3 city district town university\nquorum enough\n")
    );
}

#[test]
fn three_of_four_are_enough() {
    let policy = policy(FOUR);
    for (places, met) in [
        (vec![], false),
        (vec![0], false),
        (vec![0, 1], false),
        (vec![0, 1, 3], true),
        (vec![1, 2, 3], true),
        (vec![0, 1, 2, 3], true),
        // Cosignatures of others do not count.
        (vec![0, 1, 7, 8], false),
    ] {
        assert_eq!(
            policy.weigh(&cosigned(&places)).unwrap().is_witnessed(),
            met,
            "{places:?}"
        );
    }
    let weighed = policy.weigh(&cosigned(&[0, 3])).unwrap();
    let text = "cosigned by `city`, `university`, not by `district`, `town`: the quorum is not met; ask those who lack";
    assert_eq!(weighed.to_string(), text);
    assert_eq!(weighed.cosigned()[0].1, PosixSeconds(1_800_000_000));
    assert_eq!(weighed.log(), city().key());
}

#[test]
fn a_forged_cosignature_spoils_the_checkpoint() {
    let policy = policy(FOUR);
    let text = cosigned(&[0, 1, 2]).to_string();
    let forged = SignedCheckpoint::parse(text.replacen("\n5\n", "\n6\n", 1).as_bytes()).unwrap();
    assert!(matches!(policy.weigh(&forged), Err(NoteFault::Forged(_))));
    let of = |name, seed| Log::<S>::of(5).signed(&crate::support::log_signer::<S>(name, seed));
    assert!(matches!(
        policy.weigh(&of("other.example", 4)),
        Err(NoteFault::OtherLog { .. })
    ));
    assert!(matches!(
        policy.weigh(&of("city.example/log", 4)),
        Err(NoteFault::Unsigned(_))
    ));
    let last = text.lines().last().unwrap();
    let line = format!("{}{}", &last[..last.len() - 12], "AAAAAAAAAA==");
    let forged = SignedCheckpoint::parse(text.replace(last, &line).as_bytes()).unwrap();
    assert!(matches!(policy.weigh(&forged), Err(NoteFault::Forged(_))));
}

#[test]
fn groups_within_groups() {
    // The example of the specification.
    let text = "log city.example/log+KEY\nwitness X1 KEY\nwitness X2 KEY\nwitness X3 KEY\ngroup X-witnesses 2 X1 X2 X3\n\
                witness Y1 KEY\nwitness Y2 KEY\nwitness Y3 KEY\ngroup Y-witnesses any Y1 Y2 Y3\n\
                group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
    let policy = policy(text);
    for (places, met) in [
        (vec![0, 1, 3], true),
        (vec![1, 2, 5], true),
        (vec![0, 1], false),
        (vec![0, 3, 4, 5], false),
        (vec![0, 1, 2, 3, 4, 5], true),
    ] {
        assert_eq!(
            policy.weigh(&cosigned(&places)).unwrap().is_witnessed(),
            met,
            "{places:?}"
        );
    }
    // Two quorums share a witness of X; all of Y may differ.
    assert_eq!((policy.in_common(), policy.may_be_silent()), (1, Some(1)));
}

/// The smallest overlap and what may be silent, by trying every set of witnesses.
fn tried(policy: &TrustPolicy, count: u8) -> (usize, usize) {
    let sets: Vec<u8> = (0..1_u8 << count)
        .filter(|set| {
            let places: Vec<u8> = (0..count).filter(|place| set >> place & 1 == 1).collect();
            policy.weigh(&cosigned(&places)).unwrap().is_witnessed()
        })
        .collect();
    let pairs = sets
        .iter()
        .flat_map(|left| sets.iter().map(move |right| (left & right).count_ones()));
    let silent = (0..1_u8 << count).filter(|silent| sets.iter().all(|set| set & silent != 0));
    (
        pairs.min().unwrap() as usize,
        silent.map(u8::count_ones).min().unwrap() as usize - 1,
    )
}

#[test]
fn what_a_quorum_bears_is_what_trying_every_set_gives() {
    for (groups, witnesses) in [
        ("group q 3 a b c d\n", 4),
        ("group q 2 a b c d\n", 4),
        ("group q all a b c d\n", 4),
        ("group q any a b c d\n", 4),
        ("group x 2 a b c\ngroup q all x d\n", 4),
        ("group x 2 a b c\ngroup q any x d\n", 4),
        ("group x all a b\ngroup y all c d\ngroup q any x y\n", 4),
        ("group x any a b\ngroup y all c d\ngroup q all x y\n", 4),
    ] {
        let text = format!(
            "log city.example/log+KEY\nwitness a KEY\nwitness b KEY\nwitness c KEY\nwitness d KEY\n{groups}quorum q\n"
        );
        let policy = policy(&text);
        let told = (policy.in_common(), policy.may_be_silent().unwrap());
        assert_eq!(told, tried(&policy, witnesses), "{groups}");
    }
}

#[test]
fn an_unsafe_policy_is_told_in_words() {
    let of = |threshold: &str, count: usize| {
        let names: Vec<String> = (0..count).map(|place| format!("w{place}")).collect();
        let lines = names.iter().fold(String::new(), |lines, name| {
            lines + &format!("witness {name} KEY\n")
        });
        policy(&format!(
            "log city.example/log+KEY\n{lines}group q {threshold} {}\nquorum q\n",
            names.join(" ")
        ))
    };
    for (threshold, count, liars, fault) in [
        ("3", 4, 1, None),
        ("5", 7, 2, None),
        (
            "3",
            4,
            2,
            Some(Unsafe::Split {
                in_common: 2,
                liars: 2,
            }),
        ),
        (
            "2",
            4,
            0,
            Some(Unsafe::Split {
                in_common: 0,
                liars: 0,
            }),
        ),
        (
            "2",
            3,
            1,
            Some(Unsafe::Split {
                in_common: 1,
                liars: 1,
            }),
        ),
        (
            "all",
            4,
            1,
            Some(Unsafe::Stuck {
                may_be_silent: 0,
                liars: 1,
            }),
        ),
        ("all", 1, 0, None),
    ] {
        assert_eq!(
            of(threshold, count).bears(liars).err(),
            fault,
            "{threshold} of {count} with {liars}"
        );
    }
    let nobody = policy("log city.example/log+KEY\nquorum none\n");
    assert_eq!(
        nobody.bears(0),
        Err(Unsafe::Split {
            in_common: 0,
            liars: 0
        })
    );
    assert!(nobody.weigh(&cosigned(&[])).unwrap().is_witnessed());
    let told = of("2", 3).bears(1).unwrap_err().to_string();
    assert!(told.starts_with(
        "two quorums of this policy may have 1 witness in common, so that with 1 witness lying"
    ));
}

/// Each text is refused at that line, for that reason. `KEY` stands for a witness's key and `LOG` for a log's.
fn check_refused(cases: &[(&str, usize, &str)]) {
    let key = witness_signer::<S>("w.example", 50).key().to_string();
    let log = city().key().to_string();
    for (text, line, why) in cases {
        let text = text.replace("KEY", &key).replace("LOG", &log);
        let fault = TrustPolicy::parse(text.as_bytes()).unwrap_err();
        assert!(fault.line == *line && fault.why.contains(why), "{text}: {fault}");
    }
}

#[test]
fn keys_that_do_not_fit_are_refused_with_their_line() {
    check_refused(&[
        (
            "witness a KEY\nwitness b KEY\nquorum a\n",
            2,
            "stands for a witness already",
        ),
        ("log LOG\nlog LOG\nquorum none\n", 2, "stands for a log already"),
        ("log KEY\nquorum none\n", 1, "signs no checkpoints"),
        ("witness a LOG\nquorum a\n", 1, "cosigns nothing"),
        ("log x\nquorum none\n", 1, "not a verifier key"),
    ]);
}

#[test]
fn groups_that_do_not_fit_are_refused_with_their_line() {
    check_refused(&[
        ("witness none KEY\nquorum none\n", 1, "`none` is taken"),
        ("witness a KEY\ngroup a any a\nquorum a\n", 2, "`a` is taken"),
        (
            "witness a KEY\ngroup b any a\ngroup c any a\nquorum c\n",
            3,
            "`a` is a member already",
        ),
        ("witness a KEY\ngroup b 2 a\nquorum b\n", 2, "2 of 1 members"),
        ("witness a KEY\ngroup b 0 a\nquorum b\n", 2, "0 of 1 members"),
        (
            "witness a KEY\ngroup b +1 a\nquorum b\n",
            2,
            "not `any`, `all` or a number",
        ),
        ("witness a KEY\ngroup b any\nquorum b\n", 2, "1 of 0 members"),
        (
            "witness a KEY\ngroup b any none\nquorum b\n",
            2,
            "`none` is not defined",
        ),
        (
            "group b any a\nwitness a KEY\nquorum b\n",
            1,
            "`a` is not defined before",
        ),
    ]);
}

#[test]
fn lines_that_are_none_are_refused() {
    check_refused(&[
        ("quorum a\n", 1, "`a` is not defined before"),
        ("quorum none\nquorum none\n", 2, "`quorum` already"),
        ("# nothing\n", 1, "no line `quorum`"),
        ("quorum none", 1, "does not end in a newline"),
        ("quorum none\r\n", 1, "control character 0x0d"),
        ("quorum none\u{7f}\n", 1, "control character 0x7f"),
        ("quorum none none\n", 1, "too many or too few words"),
        ("quota none\n", 1, "`quota` begins no line"),
    ]);
}

#[test]
fn order_is_free_and_names_are_octets() {
    let key = witness_signer::<S>("w.example", 50).key().to_string();
    let text = format!(
        "quorum none\nwitness \u{212a} {key} http://\u{4fe1}\n  # \u{4fe1}\u{94fe}\nlog {}\n",
        city().key()
    );
    assert_eq!(TrustPolicy::parse(text.as_bytes()).unwrap().witnesses().len(), 1);
    // A letter that only looks the same is another.
    let other = format!("witness \u{212a} {key}\nquorum K\n");
    assert!(TrustPolicy::parse(other.as_bytes()).is_err());
}

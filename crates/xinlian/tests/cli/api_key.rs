//! `xinlian api-key`: made for another system, listed without the key, taken back.

use crate::support::{Home, UNREADABLE, on_both};

on_both! {
    a_key_is_made_listed_and_taken_back
}

fn a_key_is_made_listed_and_taken_back(home: &Home) {
    home.init_demo();
    let made = home
        .run(
            "api-key add",
            &["api-market", "--source", "chancheng.market", "--days", "30"],
        )
        .ok();
    let key = made.out.lines().last().unwrap().to_owned();
    assert!(key.starts_with("xinlian_") && key.len() == 72, "{key}");
    let listed = home.run("api-key list", &[]).ok();
    assert!(!listed.out.contains(&key), "it is shown once");
    assert!(
        listed
            .out
            .starts_with("api-market of chancheng.market: good, until 20")
            && listed.out.contains("never used"),
        "{}",
        listed.out
    );
    for (args, says) in [
        (
            ["api-market", "--source", "chancheng.court"],
            "there is a key or a member of staff called `api-market` already",
        ),
        (
            ["api-other", "--source", "nowhere"],
            "no source has the code `nowhere`",
        ),
    ] {
        home.run("api-key add", &args).ends(UNREADABLE).complains(&[says]);
    }
    home.run("api-key revoke", &["api-nobody"])
        .ends(UNREADABLE)
        .complains(&["there is no key called `api-nobody`"]);
    home.run("api-key revoke", &["api-market"]).ok();
    home.run("api-key list", &[]).ok().says(&["taken back"]);
    home.verify_clean();
}

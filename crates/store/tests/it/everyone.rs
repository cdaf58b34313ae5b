//! Counts over everyone: the same as file by file, and without a look at anybody.

use std::collections::{BTreeMap, BTreeSet};

use assess::assess;
use record::{Realm, SubjectKind};

use crate::rebuild::busy;
use crate::support::*;

on_both! {
    counts_are_those_of_the_files
    another_bundle_moves_those_it_touches
    nobody_is_looked_at
}

async fn counts_are_those_of_the_files(home: &Home) {
    let store = home.create().await;
    let subjects = busy(home, &store).await;
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    // Two of them were merged and have one file.
    let mut letters: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for subject in subjects {
        let file = file(&store, subject).await;
        if seen.insert(file.subject) {
            let found = assess(&bundle, &file.all(), as_of);
            let letter = found
                .rating
                .grade()
                .map_or_else(|| "-".to_owned(), |grade| grade.letter.to_string());
            *letters
                .entry(file.kind.code())
                .or_default()
                .entry(letter)
                .or_default() += 1;
        }
    }
    let moves = store.moves(&bundle, &bundle, as_of).await.unwrap();
    for (kind, moves) in &moves {
        assert_eq!(
            (moves.touched, moves.better, moves.worse),
            (0, 0, 0),
            "{kind}: nothing changed"
        );
        let counted: BTreeMap<String, u64> = moves
            .letters
            .values()
            .flatten()
            .map(|(to, n)| (to.clone(), *n))
            .collect();
        assert_eq!(Some(&counted), letters.get(kind), "{kind}");
    }
    assert_eq!(moves.len(), letters.len());
    let rated: u64 = letters
        .values()
        .flatten()
        .filter(|(letter, _)| *letter != "-")
        .map(|(_, n)| n)
        .sum();
    let tables = store.disparities(as_of).await.unwrap();
    assert_eq!(tables.iter().map(|table| table.rated).sum::<u64>(), rated);
    for table in &tables {
        for (name, groups) in &table.traits {
            let all: u64 = groups.groups.iter().map(|group| group.count).sum();
            assert_eq!(all, table.rated, "{} by {name}", table.scorecard);
        }
    }
}

async fn another_bundle_moves_those_it_touches(home: &Home) {
    let store = home.create().await;
    busy(home, &store).await;
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    let mut files = policy_files();
    let card = files.get_mut("rating/person.toml").unwrap();
    assert!(card.contains("[base]\npoints = 70"));
    *card = card.replace("[base]\npoints = 70", "[base]\npoints = 86");
    let kinder = parse(files, Realm::Demo);
    let moves = store.moves(&bundle, &kinder, as_of).await.unwrap();
    let persons = &moves[SubjectKind::Person.code()];
    let rated: u64 = persons
        .letters
        .iter()
        .filter(|(from, _)| *from != "-")
        .flat_map(|(_, row)| row.values())
        .sum();
    assert!(rated > 0);
    assert_eq!(
        (persons.touched, persons.worse),
        (rated, 0),
        "all of them have other points"
    );
    assert!(persons.better > 0);
    assert_eq!(moves[SubjectKind::Organisation.code()].touched, 0);
}

async fn nobody_is_looked_at(home: &Home) {
    let store = home.create().await;
    busy(home, &store).await;
    let before = home.dump("look").await;
    let as_of = store.now_as_of().await.unwrap();
    let bundle = store.bundle(as_of).await.unwrap();
    let moves = store.moves(&bundle, &bundle, as_of).await.unwrap();
    let tables = store.disparities(as_of).await.unwrap();
    assert_eq!(home.dump("look").await, before);
    // Nothing of anybody in what comes out.
    let said = format!("{moves:?}{tables:?}");
    for of_somebody in [person(1).name.as_str(), resident(1).value(), "佛山市"] {
        assert!(!said.contains(of_somebody), "{of_somebody} in {said}");
    }
}

//! What a department's own headers mean is kept for it and for nobody else.

use record::LayoutCode;
use store::OwnHeader;

use crate::support::*;

on_both! {
    what_was_said_last_of_a_layout_holds
}

async fn what_was_said_last_of_a_layout_holds(home: &Home) {
    let store = home.create().await;
    let (market, police) = (source("chancheng.market"), source("chancheng.police"));
    let own = |layout: &str, header: &str, column: &str| OwnHeader {
        layout: LayoutCode::new(layout).unwrap(),
        header: header.into(),
        column: column.into(),
    };
    let fines = [
        own("sgs-penalty-2018", "当事人", "CF_XDR_MC"),
        own("sgs-penalty-2018", "文号", "CF_WSH"),
    ];
    let licences = [own("sgs-licence-2018", "文号", "XK_WSH")];
    let chen = officer("chen");
    for said in [&fines[..], &licences[..]] {
        store
            .keep_own_headers(&market, &said[0].layout, &chen, said)
            .await
            .unwrap();
    }
    let all = store.own_headers(&market).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(
        fines.iter().chain(&licences).all(|own| all.contains(own)),
        "{all:?}"
    );
    assert!(store.own_headers(&police).await.unwrap().is_empty());
    // Said anew, of that layout only.
    let anew = [own("sgs-penalty-2018", "文号", "")];
    store
        .keep_own_headers(&market, &anew[0].layout, &chen, &anew)
        .await
        .unwrap();
    let all = store.own_headers(&market).await.unwrap();
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.contains(&anew[0]) && all.contains(&licences[0]));
    store
        .keep_own_headers(&market, &anew[0].layout, &chen, &[])
        .await
        .unwrap();
    assert_eq!(store.own_headers(&market).await.unwrap(), licences);
}

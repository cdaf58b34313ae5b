//! Sealed reports: what is in one, what the house keeps of it, and what anybody learns who verifies it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, header};
use jiff::SignedDuration;
use record::SubjectId;

use crate::people::{company, licence, officer, penalty, person};
use crate::support::{Answer, HOST, House, Jar, encoded, main_of};

const GROUND: &str = "这张罚单不是我的，请核对原件";

/// A person with a grade, a licence and a contested penalty, and their browser.
async fn somebody(house: &House) -> (SubjectId, Jar) {
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    house.post(&own, "/my/notice", &[]).await.goes_to();
    house
        .append("chen", licence(person(1), "佛禅食〔2026〕1号"))
        .await;
    let (submission, number) = house
        .append("chen", penalty(person(1), "佛禅市监处〔2026〕1号"))
        .await;
    house
        .store
        .confirm(submission, &officer("lin"), None)
        .await
        .unwrap();
    let object = format!("/my/records/{number}/object");
    house.post(&own, &object, &[("ground", GROUND)]).await.goes_to();
    (subject, own)
}

/// Has a report made: its code and its bytes.
async fn made(house: &House, own: &Jar) -> (String, Vec<u8>) {
    let answer = house.post(own, "/my/report", &[("all", "0")]).await;
    assert_eq!(answer.goes_to(), "/my/reports?done=report");
    let list = house.get(own, "/my/reports").await.page(200);
    let (_, rest) = list.split_once("/my/reports/").expect(&list);
    let code = rest.split('/').next().unwrap().to_owned();
    let file = house.get(own, &format!("/my/reports/{code}/report.pdf")).await;
    assert_eq!(
        (file.status.as_u16(), file.header("content-type")),
        (200, "application/pdf")
    );
    (code, file.bytes)
}

async fn send_file(house: &House, bytes: &[u8]) -> Answer {
    let mut body =
        b"--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend(b"\r\n--b0--\r\n");
    let request = Jar::none()
        .request(Method::POST, "/verify")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0")
        .header(header::ORIGIN, format!("http://{HOST}"));
    house.send(request.body(Body::from(body)).unwrap()).await
}

async fn ask(house: &House, code: &str) -> Answer {
    house.get(&Jar::none(), &format!("/verify?code={code}")).await
}

/// Whether the machine has a font; the house says so where there is none, and the page can still be printed.
async fn can_make(house: &House, own: &Jar) -> bool {
    if web::ReportFont::find(None).is_ok() {
        return true;
    }
    let page = house.post(own, "/my/report", &[("all", "0")]).await.page(503);
    assert!(page.contains("中文字体") && page.contains("data-print"), "{page}");
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_says_what_the_page_says() {
    let house = House::new().await;
    let (subject, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let page = house.get(&own, "/my/report").await.page(200);
    let began = Instant::now();
    let (code, bytes) = made(&house, &own).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(bytes.len() < 300_000, "{} bytes", bytes.len());
    let text = text_of(&bytes);
    let (_, article) = page.split_once("<article").unwrap();
    let (_, article) = article.split_once('>').unwrap();
    let article = article.split_once("</article>").unwrap().0;
    let mut compared = 0;
    for said in plain_pieces(article) {
        assert!(
            text.contains(&bare(&said)),
            "`{said}` stands on the page and not in the file:\n{text}"
        );
        compared += 1;
    }
    assert!(compared > 15, "{compared} pieces");
    for needed in ["第1页共", &code, "有异议，暂停计入", "佛禅市监处〔2026〕1号"] {
        assert!(text.contains(&bare(needed)), "{needed}: {text}");
    }
    let looks = house.looks(subject).await;
    assert!(
        looks.iter().any(|look| look.what == format!("report {code}")),
        "making one is a look: {looks:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_effect_stands_in_it_only_if_the_person_wishes() {
    let house = House::new().await;
    let subject = house.found(person(1)).await;
    let own = house.person(subject).await;
    house.append("chen", penalty(person(1), "处〔2026〕77号")).await;
    let plain = house.get(&own, "/my/report").await.page(200);
    assert!(
        !plain.contains("处〔2026〕77号"),
        "it waits for its confirmation: {plain}"
    );
    let all = house.get(&own, "/my/report?all=1").await.page(200);
    assert!(
        all.contains("处〔2026〕77号") && all.contains("尚未生效"),
        "{all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_can_verify_it_and_sees_nothing_of_what_is_in_it() {
    let house = House::new().await;
    let (_, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let (code, bytes) = made(&house, &own).await;
    let name = person(1).name;
    let masked = record::mask_name(&name);
    let by_code = ask(&house, &code.to_lowercase()).await.page(200);
    let by_file = send_file(&house, &bytes).await.page(200);
    for page in [&by_code, &by_file] {
        let said = main_of(page);
        assert!(
            said.contains("2026年11月23日") && said.contains("2027年2月21日"),
            "{said}"
        );
        assert!(said.contains(&masked) && !said.contains(&name), "{said}");
        for inside in ["佛禅", "罚", "等级", "身份证号"] {
            assert!(!said.contains(inside), "{inside}: {said}");
        }
    }
    assert!(by_code.contains("编号属实") && by_file.contains("逐字节相同"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_noticed_wherever_it_is() {
    let house = House::new().await;
    let (_, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let (_, bytes) = made(&house, &own).await;
    for at in (0..bytes.len()).step_by(bytes.len() / 24) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let page = send_file(&house, &changed).await;
        let page = page.text();
        let noticed = page.contains("文件不是出具的那一份") || page.contains("这个文件不是本系统出具的");
        assert!(
            noticed && !page.contains("逐字节相同，"),
            "byte {at}: {}",
            main_of(&page)
        );
    }
    let mut longer = bytes.clone();
    longer.push(b'\n');
    let page = send_file(&house, &longer).await.page(200);
    assert!(page.contains("文件不是出具的那一份"), "{}", main_of(&page));
    let stranger = send_file(&house, b"%PDF-1.7 something else").await.page(404);
    assert!(stranger.contains("不是本系统出具的"), "{stranger}");
    send_file(&house, b"").await.page(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_the_code_of_another_is_not_taken_for_it() {
    let house = House::new().await;
    let (_, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let other = house.found(person(2)).await;
    let other = house.person(other).await;
    let (of_one, bytes) = made(&house, &own).await;
    let (of_other, _) = made(&house, &other).await;
    assert_ne!(of_one, of_other);
    let forged = replaced(&bytes, &of_one, &of_other);
    assert_ne!(forged, bytes, "its code stands in clear");
    let page = send_file(&house, &forged).await.page(200);
    assert!(page.contains("文件不是出具的那一份"), "{}", main_of(&page));
    // Nobody has another's report, its seal or the way to take it back; and one session's file is no other's.
    for address in ["report.pdf", "seal.json"] {
        house
            .get(&other, &format!("/my/reports/{of_one}/{address}"))
            .await
            .page(404);
    }
    let again = house.person(house.subject_of(1).await).await;
    house
        .get(&again, &format!("/my/reports/{of_one}/report.pdf"))
        .await
        .page(404);
    house
        .get(&again, &format!("/my/reports/{of_one}/seal.json"))
        .await
        .page(200);
    house
        .post(&other, &format!("/my/reports/{of_one}/withdraw"), &[])
        .await
        .page(404);
    assert!(ask(&house, &of_one).await.page(200).contains("编号属实"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_on_its_day_and_when_it_is_taken_back() {
    let house = House::new().await;
    let (_, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let (first, bytes) = made(&house, &own).await;
    let withdrawn = house
        .post(&own, &format!("/my/reports/{first}/withdraw"), &[])
        .await;
    assert_eq!(withdrawn.goes_to(), "/my/reports?done=report-withdraw");
    for page in [ask(&house, &first).await, send_file(&house, &bytes).await] {
        assert!(page.page(200).contains("<strong>已作废</strong>"));
    }
    house.pass(SignedDuration::from_mins(1));
    let (second, bytes) = made(&house, &own).await;
    house.pass(SignedDuration::from_hours(24 * 90));
    assert!(
        ask(&house, &second).await.page(200).contains("编号属实"),
        "its last day"
    );
    house.pass(SignedDuration::from_hours(24));
    for page in [ask(&house, &second).await, send_file(&house, &bytes).await] {
        assert!(page.page(200).contains("<strong>已过核验期</strong>"));
    }
    let own = house.person(house.subject_of(1).await).await;
    house
        .get(&own, &format!("/my/reports/{second}/report.pdf"))
        .await
        .page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_counted_and_slips_are_not() {
    let house = House::new().await;
    for slip in ["7K3M", "0000-0000-0000-0001", "罗志明"] {
        let address = format!("/verify?{}", encoded(&[("code", slip)]));
        house.get(&Jar::none(), &address).await.page(422);
    }
    // Unknown codes of one beginning; the first character of each is drawn alike.
    let code = |n: u8| {
        let mut bytes = [0; 32];
        bytes[14] = n;
        record::ReportCode::of_random(&bytes).unwrap().to_string()
    };
    for n in 1..=5 {
        let page = ask(&house, &code(n)).await.page(404);
        assert!(page.contains("没有出具过这个编号的报告"), "{page}");
    }
    ask(&house, &code(6)).await.page(429);
    let elsewhere = record::ReportCode::of_random(&[9; 32]).unwrap().to_string();
    ask(&house, &elsewhere).await.page(404);
    house.pass(SignedDuration::from_mins(16));
    ask(&house, &code(6)).await.page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_in_the_database_is_not_vouched_for() {
    let house = House::new().await;
    let (_, own) = somebody(&house).await;
    if !can_make(&house, &own).await {
        return;
    }
    let (code, bytes) = made(&house, &own).await;
    let mut forged = bytes.clone();
    forged.push(b' ');
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&forged).to_vec();
    let file = house.folder.path().join("data/xinlian.db");
    let url = format!("sqlite://{}", file.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("UPDATE report SET digest = ?")
        .bind(digest)
        .execute(&pool)
        .await
        .unwrap();
    let page = send_file(&house, &forged).await.text();
    assert!(
        !page.contains("逐字节相同，") && !page.contains("是真的"),
        "{}",
        main_of(&page)
    );
    ask(&house, &code).await.page(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_has_one_too_and_a_day_has_a_limit() {
    let house = House::new().await;
    let subject = house.found(company(1)).await;
    let own = house.person(subject).await;
    if !can_make(&house, &own).await {
        return;
    }
    let (_, bytes) = made(&house, &own).await;
    assert!(text_of(&bytes).contains(company(1).identifier.unwrap().value()));
    for _ in 1..20 {
        house.post(&own, "/my/report", &[("all", "0")]).await.goes_to();
    }
    house.post(&own, "/my/report", &[("all", "0")]).await.page(429);
    house.pass(SignedDuration::from_hours(25));
    let own = house.person(subject).await;
    house.post(&own, "/my/report", &[("all", "0")]).await.goes_to();
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let (from, to) = (from.as_bytes(), to.as_bytes());
    for at in 0..=changed.len() - from.len() {
        if &changed[at..at + from.len()] == from {
            changed[at..at + to.len()].copy_from_slice(to);
        }
    }
    changed
}

/// Text without blanks, as two settings of it are compared.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What stands between the tags of a page.
fn plain_pieces(html: &str) -> Vec<String> {
    let pieces = html.split('<').filter_map(|part| part.split_once('>'));
    let text = |piece: &str| {
        piece
            .replace("&#38;", "&")
            .replace("&#39;", "'")
            .replace("&#34;", "\"")
    };
    let pieces = pieces.map(|(_, piece)| text(piece.trim()));
    // The heading of a column is for those who do not see the table.
    pieces
        .filter(|piece| !piece.is_empty() && !["理由", "分"].contains(&piece.as_str()))
        .collect()
}

/// The text of a PDF as its writer put it down: the shown glyphs by their map to characters, without blanks.
fn text_of(pdf: &[u8]) -> String {
    let streams = streams_of(pdf);
    let mut map: BTreeMap<u16, String> = BTreeMap::new();
    for cmap in streams.iter().filter(|text| text.contains("beginbfchar")) {
        let (_, chars) = cmap.split_once("beginbfchar").unwrap();
        for line in chars.lines() {
            let parts: Vec<&str> = line.split(['<', '>']).collect();
            if let [_, glyph, _, text, ..] = parts.as_slice()
                && let Ok(glyph) = u16::from_str_radix(glyph, 16)
            {
                let units: Vec<u16> = (0..text.len() / 4)
                    .map(|at| u16::from_str_radix(&text[at * 4..at * 4 + 4], 16).unwrap())
                    .collect();
                map.insert(glyph, String::from_utf16_lossy(&units));
            }
        }
    }
    let mut said = String::new();
    for content in streams
        .iter()
        .filter(|text| text.contains("\nBT ") && text.contains("\nET"))
    {
        for pair in shown(content).chunks_exact(2) {
            let glyph = u16::from_be_bytes([pair[0], pair[1]]);
            said.push_str(map.get(&glyph).map_or("", String::as_str));
        }
    }
    bare(&said)
}

/// Every stream, inflated if it was deflated, a byte a character.
fn streams_of(pdf: &[u8]) -> Vec<String> {
    let find = |from: usize, what: &[u8]| {
        let mut windows = pdf[from..].windows(what.len());
        windows.position(|window| window == what).map(|at| from + at)
    };
    let mut streams = Vec::new();
    let mut from = 0;
    while let Some(at) = find(from, b"\nstream\n") {
        let begin = at + 8;
        let end = find(begin, b"endstream").unwrap();
        let mut inflated = Vec::new();
        let mut reader = flate2::read::ZlibDecoder::new(&pdf[begin..end]);
        let bytes = match reader.read_to_end(&mut inflated) {
            Ok(_) => inflated.as_slice(),
            Err(_) => &pdf[begin..end],
        };
        streams.push(bytes.iter().map(|b| char::from(*b)).collect());
        from = end;
    }
    streams
}

/// The bytes of the strings of a content stream, in brackets or in hexadecimal digits.
fn shown(content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => {
                let hex: String = chars.by_ref().take_while(|c| *c != '>').collect();
                let pairs = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16));
                bytes.extend(pairs.map_while(Result::ok));
            }
            '(' => {
                let mut depth = 1;
                while let Some(c) = chars.next() {
                    let byte = |c: char| u8::try_from(u32::from(c)).unwrap();
                    match c {
                        ')' if depth == 1 => break,
                        ')' => depth -= 1,
                        '(' => depth += 1,
                        '\\' => {
                            let escaped = chars.next().unwrap();
                            bytes.push(match escaped {
                                'n' => b'\n',
                                'r' => b'\r',
                                't' => b'\t',
                                'b' => 8,
                                'f' => 12,
                                '0'..='7' => {
                                    let mut value = u32::from(escaped) - 48;
                                    for _ in 0..2 {
                                        if let Some(digit @ '0'..='7') = chars.peek().copied() {
                                            value = value * 8 + u32::from(digit) - 48;
                                            chars.next();
                                        }
                                    }
                                    u8::try_from(value).unwrap()
                                }
                                other => byte(other),
                            });
                            continue;
                        }
                        _ => {}
                    }
                    bytes.push(byte(c));
                }
            }
            _ => {}
        }
    }
    bytes
}

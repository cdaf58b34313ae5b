//! TLS of our own: certificates made by one program (`openssl`), shown by another (`curl`), and a key that opens nothing without its
//! own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::serve::Served;
use crate::support::{FOUND_FAULTS, Home, Kind, UNREADABLE, run};

/// An authority, what it certified for the server, and for two clients of which one has the key's certificate.
fn certificates(home: &Home) {
    let config = "[req]\ndistinguished_name = name\n[name]\n[ca]\nbasicConstraints = critical, CA:TRUE\n\
        keyUsage = critical, keyCertSign\n[server]\nbasicConstraints = critical, CA:FALSE\n\
        subjectAltName = IP:127.0.0.1\n[client]\nbasicConstraints = critical, CA:FALSE\n\
        extendedKeyUsage = clientAuth\n";
    home.write("openssl.cnf", config);
    for (name, kind, by) in [
        ("ca", "ca", None),
        ("server", "server", Some("ca")),
        ("own", "client", Some("ca")),
        ("another", "client", Some("ca")),
        ("stranger", "client", None),
    ] {
        let mut openssl = Command::new("openssl");
        openssl.args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ]);
        openssl.args([
            "-nodes",
            "-days",
            "2",
            "-subj",
            &format!("/CN={name}"),
            "-extensions",
            kind,
        ]);
        openssl.arg("-config").arg(home.path("openssl.cnf"));
        openssl.arg("-out").arg(home.path(&format!("{name}.pem")));
        openssl.arg("-keyout").arg(home.path(&format!("{name}.key")));
        if let Some(by) = by {
            openssl.arg("-CA").arg(home.path(&format!("{by}.pem")));
            openssl.arg("-CAkey").arg(home.path(&format!("{by}.key")));
        }
        let made = openssl.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
}

/// The status that `curl` is answered with, or its own exit code if it is not.
fn curl(home: &Home, url: &str, key: Option<&str>, certificate: Option<&str>) -> Result<u16, i32> {
    let mut curl = Command::new("curl");
    curl.args([
        "--silent",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code}",
        "--noproxy",
        "*",
    ]);
    curl.arg("--cacert").arg(home.path("ca.pem")).arg(url);
    if let Some(key) = key {
        curl.args(["-H", &format!("Authorization: Bearer {key}")]);
    }
    if let Some(name) = certificate {
        curl.arg("--cert").arg(home.path(&format!("{name}.pem")));
        curl.arg("--key").arg(home.path(&format!("{name}.key")));
    }
    let done = curl.output().unwrap();
    match done.status.code() {
        Some(0) => Ok(String::from_utf8(done.stdout).unwrap().parse().unwrap()),
        code => Err(code.unwrap()),
    }
}

#[test]
fn a_key_is_bound_to_a_certificate() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        certificates(home);
        let source = ["--source", "chancheng.market"];
        let add = |name: &str, more: &[&str]| {
            let args = [&[name][..], &source, more].concat();
            let made = home.run("api-key add", &args).ok();
            made.out.lines().last().unwrap().to_owned()
        };
        let own = home.at("own.pem");
        let (bound, free) = (add("api-bound", &["--certificate", &own]), add("api-free", &[]));
        let none = home.at("own.key");
        home.run(
            "api-key add",
            &["api-x", source[0], source[1], "--certificate", &none],
        )
        .ends(UNREADABLE)
        .complains(&["is not read as a certificate"]);
        let listed = home.run("api-key list", &[]).ok().out;
        let mut openssl = Command::new("openssl");
        openssl.args(["x509", "-noout", "-fingerprint", "-sha256", "-in", &own]);
        let print = String::from_utf8(openssl.output().unwrap().stdout).unwrap();
        let print = print
            .trim()
            .rsplit_once('=')
            .unwrap()
            .1
            .replace(':', "")
            .to_lowercase();
        assert!(listed.contains(&format!("with certificate {print}")), "{listed}");

        let files = ["server.pem", "server.key", "ca.pem"].map(|name| home.at(name));
        let [certificate, key, client_ca] = &files;
        let args = [
            "--tls-certificate",
            certificate,
            "--tls-key",
            key,
            "--tls-client-ca",
            client_ca,
        ];
        let served = Served::new(home, &args);
        let url = format!("https://{}", served.address);
        let shares = format!("{url}/api/v1/shares");
        for (key, shown, expect) in [
            (&bound, Some("own"), Ok(200)),
            (&bound, None, Ok(401)),
            (&bound, Some("another"), Ok(401)),
            (&free, None, Ok(200)),
            (&free, Some("own"), Ok(200)),
        ] {
            assert_eq!(curl(home, &shares, Some(key), shown), expect, "{shown:?}");
        }
        // One whom the authority did not certify does not get as far as a question; a browser shows none and reads.
        assert!(curl(home, &shares, Some(&bound), Some("stranger")).is_err());
        assert_eq!(curl(home, &url, None, None), Ok(200));
        let plain = format!("http://{}/", served.address);
        assert!(
            curl(home, &plain, None, None).is_err(),
            "nothing is said in clear"
        );
        assert_eq!(served.end().0, Some(0));

        // Without TLS of its own no certificate is shown, and the bound key opens nothing.
        let served = Served::new(home, &[]);
        let shares = format!("http://{}/api/v1/shares", served.address);
        assert_eq!(curl(home, &shares, Some(&bound), None), Ok(401));
        assert_eq!(curl(home, &shares, Some(&free), None), Ok(200));
    });
}

#[test]
fn what_does_not_fit_together_does_not_start() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        certificates(home);
        let files = ["server.pem", "another.key", "ca.key", "server.key"].map(|name| home.at(name));
        let [certificate, other_key, no_ca, key] = &files;
        for (args, says) in [
            (
                vec!["--tls-certificate", certificate],
                "both `--tls-certificate` and `--tls-key`",
            ),
            (
                vec!["--tls-certificate", certificate, "--tls-key", other_key],
                "do not do",
            ),
            (
                vec!["--tls-certificate", certificate, "--tls-key", certificate],
                "is not read as a private key",
            ),
            (
                vec![
                    "--tls-certificate",
                    certificate,
                    "--tls-key",
                    key,
                    "--tls-client-ca",
                    no_ca,
                ],
                "is not read as certificates",
            ),
        ] {
            let args = [vec!["--port", "0"], args].concat();
            home.run("serve", &args).ends(UNREADABLE).complains(&[says]);
        }
    });
}

/// What the server shows now: the SHA-256 of its certificate, as `openssl` gives it.
fn shown(address: &str) -> String {
    let script =
        "openssl s_client -connect $0 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256";
    let done = Command::new("sh").args(["-c", script, address]).output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// The same of a file.
fn print_of(home: &Home, name: &str) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-fingerprint", "-sha256", "-in", &home.at(name)]);
    String::from_utf8(openssl.output().unwrap().stdout).unwrap()
}

#[test]
fn certificates_are_read_again_and_connections_stay() {
    run(Kind::Sqlite, |home| {
        home.init_demo();
        certificates(home);
        let files = ["server.pem", "server.key"].map(|name| home.at(name));
        let args = ["--tls-certificate", &files[0], "--tls-key", &files[1]];
        // They were made for two days.
        home.run("doctor", &args)
            .says(&["warn  tls", "server.pem` runs out at", "get new ones"]);
        let served = Served::new(home, &args);
        let first = print_of(home, "server.pem");
        assert_eq!(shown(&served.address), first);

        let mut open = Command::new("openssl")
            .args(["s_client", "-quiet", "-connect", &served.address])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says who certified the server once the connection stands.
        let mut line = String::new();
        BufReader::new(open.stderr.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        certificates(home);
        let second = print_of(home, "server.pem");
        assert_ne!(first, second);
        served.hang_up();
        let begun = Instant::now();
        while shown(&served.address) != second {
            assert!(
                begun.elapsed() < Duration::from_secs(8),
                "the new one is not shown"
            );
        }
        let ask = "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        open.stdin.take().unwrap().write_all(ask.as_bytes()).unwrap();
        let mut answer = String::new();
        open.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
        open.wait().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

        home.write("server.key", "no key");
        served.hang_up();
        home.run("doctor", &args)
            .ends(FOUND_FAULTS)
            .says(&["is not read as a private key", "goes on with those it has read"]);
        assert_eq!(shown(&served.address), second);
        let (code, log) = served.end();
        assert_eq!(code, Some(0));
        assert!(log.contains("certificates were read again"), "{log}");
        assert!(log.contains("new certificates are not taken"), "{log}");
    });
}

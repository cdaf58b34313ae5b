//! TLS of our own: certificates made by one program (`openssl`), shown by another (`curl`), and a key that opens nothing without its
//! own.

use std::process::Command;

use crate::serve::Served;
use crate::support::{Home, Kind, UNREADABLE, run};

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

//! Programs that nobody here wrote verify what is written here: Go's packages of its checksum database, and OpenSSL.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Decision, LeafIndex, LogSize, PosixSeconds, Sha256Ed25519, Signer, Sm3Sm2, Suite,
    decide,
};
use tempfile::TempDir;

use crate::support::{Log, city, entry, witness_signer};

/// Where Debian's `golang-golang-x-mod-dev` puts what it brings.
const DEBIAN_GO_PATH: &str = "/usr/share/gocode";

/// The Go program, or why there is none: `make deps` installs it from Debian.
///
/// Whoever cannot have it says so with `XINLIAN_WITHOUT_GO=1`, and reads that this was left out; CI says nothing of the kind.
fn go() -> Option<Command> {
    let there = Command::new("go")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success());
    let packages = Path::new(DEBIAN_GO_PATH)
        .join("src/golang.org/x/mod/sumdb/tlog")
        .is_dir();
    if there && packages {
        let mut go = Command::new("go");
        go.env("GO111MODULE", "off")
            .env("GOPATH", DEBIAN_GO_PATH)
            .env("GOFLAGS", "");
        return Some(go);
    }
    if std::env::var_os("XINLIAN_WITHOUT_GO").is_some_and(|said| said == "1") {
        eprintln!("left out: Go is not here, and XINLIAN_WITHOUT_GO=1 says that it cannot be had");
        return None;
    }
    panic!(
        "Go or its packages of the checksum database are missing: run `make deps`, or on Debian \
         `apt-get install golang-go golang-golang-x-mod-dev`; where they cannot be had, set XINLIAN_WITHOUT_GO=1"
    )
}

/// Writes a log as it would be served, with proofs beside it.
fn write(size: u64) -> TempDir {
    let log = Log::<Sha256Ed25519>::of(size);
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    for (path, bytes) in &log.folder.files {
        put(path, bytes);
    }
    let signer = city();
    let checkpoint = log.signed(&signer);
    let request = AddCheckpoint {
        old: LogSize(0),
        proof: Vec::new(),
        checkpoint: checkpoint.clone(),
    };
    let Decision::Accept(accepted) = decide::<Sha256Ed25519>(&request, from_ref(signer.key()), None) else {
        panic!("accepted")
    };
    let witness = witness_signer::<Sha256Ed25519>("w.example", 2);
    let Ok(Answer::Cosigned(lines)) = accepted.cosign(&witness, PosixSeconds(1_800_000_000)) else {
        panic!("cosigned")
    };
    put(
        "checkpoint",
        checkpoint.with(lines[0].clone()).unwrap().to_string().as_bytes(),
    );
    put("key", signer.key().to_string().as_bytes());
    put("witness", witness.key().to_string().as_bytes());
    let lines = |hashes: Vec<ledger::Hash>| {
        hashes
            .iter()
            .fold(String::new(), |text, hash| text + &format!("{hash}\n"))
    };
    for at in [0, 1, 2, 127, 254, 255, 256, 300, size / 2, size - 1] {
        if at < size {
            let path = log.proofs().inclusion(LeafIndex(at)).unwrap();
            put(&format!("inclusion/{at}"), lines(path).as_bytes());
            let former = LogSize(at + 1);
            put(
                &format!("consistency/{former}"),
                lines(log.proofs().consistency(former).unwrap()).as_bytes(),
            );
            put(
                &format!("roots/{former}"),
                lines(vec![log.proofs().root_at(former).unwrap()]).as_bytes(),
            );
        }
    }
    folder
}

#[test]
fn go_verifies_checkpoints_tiles_and_proofs() {
    let Some(mut build) = go() else { return };
    let target = tempfile::tempdir().unwrap();
    let program = target.path().join("verify");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/verify.go");
    build
        .env("GOCACHE", target.path().join("cache"))
        .args(["build", "-o"])
        .arg(&program)
        .arg(source);
    let output = build.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for size in [1, 2, 255, 256, 257, 1_000, 65_535, 65_536, 65_537] {
        let folder = write(size);
        let verify = || Command::new(&program).arg(folder.path()).output().unwrap();
        let output = verify();
        assert!(
            output.status.success(),
            "{size}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(String::from_utf8_lossy(&output.stdout).starts_with(&format!("{size} leaves, ")));
        // That it would notice: a byte of the last tile of leaves, and of the checkpoint.
        let width = size % 256;
        let last = format!(
            "tile/0/{:03}{}",
            (size - 1) / 256,
            if width == 0 {
                String::new()
            } else {
                format!(".p/{width}")
            }
        );
        for (path, at) in [(last.as_str(), 3), ("checkpoint", 21)] {
            let path = folder.path().join(path);
            let whole = fs::read(&path).unwrap();
            let mut altered = whole.clone();
            altered[at] ^= 1;
            fs::write(&path, altered).unwrap();
            assert!(!verify().status.success(), "{size}: {}", path.display());
            fs::write(&path, whole).unwrap();
        }
    }
}

fn openssl(arguments: &[&str], folder: &Path) -> (bool, Vec<u8>) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output();
    let Ok(output) = output else {
        panic!("openssl is missing: run `make deps`")
    };
    (output.status.success(), output.stdout)
}

/// An INTEGER of DER, of 32 bytes without a sign.
fn der_integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap();
    let mut digits = bytes[start..].to_vec();
    if digits[0] >= 0x80 {
        digits.insert(0, 0);
    }
    [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
}

/// An SM2 key as SubjectPublicKeyInfo, and a signature as `SEQUENCE { r, s }`.
fn der(public: &[u8], signature: &[u8; 64]) -> (Vec<u8>, Vec<u8>) {
    let algorithm = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81,
        0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
    ];
    let both = [der_integer(&signature[..32]), der_integer(&signature[32..])].concat();
    let sequence = [vec![0x30, u8::try_from(both.len()).unwrap()], both].concat();
    ([algorithm.as_slice(), public].concat(), sequence)
}

#[test]
fn openssl_verifies_sm2_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let verify = [
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.der",
        "-keyform",
        "DER",
        "-rawin",
        "-digest",
        "sm3",
        "-in",
        "text",
        "-sigfile",
        "signature",
        "-pkeyopt",
        "distid:1234567812345678",
    ];
    for (seed, text) in [(1, "a"), (2, "city.example/log\n20852163\n"), (200, "")] {
        let signer = Sm3Sm2::signer(&[seed; 32]).unwrap();
        let signature = signer.sign(text.as_bytes()).unwrap();
        let (key, sequence) = der(&signer.public_key(), &signature);
        for (name, bytes) in [
            ("key.der", key.as_slice()),
            ("signature", &sequence),
            ("text", text.as_bytes()),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        assert!(openssl(&verify, folder.path()).0, "of {seed}");
        fs::write(folder.path().join("text"), format!("{text}b")).unwrap();
        assert!(!openssl(&verify, folder.path()).0, "another text");
    }
}

#[test]
fn openssl_verifies_what_a_source_signs() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let signer = Sha256Ed25519::signer(&[6; 32]).unwrap();
    let statement = crate::leaves::statement();
    let input = statement.signing_input(signer.algorithm());
    let signature = signer.sign(input.as_bytes()).unwrap();
    // An Ed25519 key as SubjectPublicKeyInfo (RFC 8410).
    let prefix = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    put("key.der", &[prefix.as_slice(), &signer.public_key()].concat());
    put("signature", &signature);
    put("input", input.as_bytes());
    let arguments = "pkeyutl -verify -pubin -inkey key.der -keyform DER -rawin -in input -sigfile signature";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    assert!(openssl(&arguments, folder.path()).0);
    put("input", input.replacen('.', "", 1).as_bytes());
    assert!(!openssl(&arguments, folder.path()).0, "another text");
}

#[test]
fn openssl_computes_sm3_roots() {
    let folder = tempfile::tempdir().unwrap();
    let hash = |bytes: &[u8]| -> Vec<u8> {
        fs::write(folder.path().join("bytes"), bytes).unwrap();
        let (ok, digest) = openssl(&["dgst", "-sm3", "-binary", "bytes"], folder.path());
        assert!(ok && digest.len() == 32);
        digest
    };
    let leaf = |index: u64| hash(&[vec![0], entry(index)].concat());
    let node = |left: &[u8], right: &[u8]| hash(&[[1].as_slice(), left, right].concat());
    assert_eq!(hash(b""), Sm3Sm2::empty().0);
    // Five leaves: four as a whole, and one.
    let pairs = [node(&leaf(0), &leaf(1)), node(&leaf(2), &leaf(3))];
    let root = node(&node(&pairs[0], &pairs[1]), &leaf(4));
    assert_eq!(root, Log::<Sm3Sm2>::of(5).edge.root().0);
}

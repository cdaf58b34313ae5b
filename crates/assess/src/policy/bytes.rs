//! A bundle's canonical bytes: compact JSON with keys in order.
//!
//! ```text
//! {"format":"xinlian/policy-bundle/v1","realm":"demo","files":{"access/roles.toml":"…", …}}
//! ```

use std::collections::BTreeMap;

use record::{BundleDigest, Realm};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fault::{Faults, PolicyFault};

const FORMAT: &str = "xinlian/policy-bundle/v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    format: std::borrow::Cow<'a, str>,
    realm: Realm,
    files: std::borrow::Cow<'a, BTreeMap<String, String>>,
}

pub(crate) fn encode(realm: Realm, files: &BTreeMap<String, String>) -> Vec<u8> {
    let written = Written {
        format: FORMAT.into(),
        realm,
        files: std::borrow::Cow::Borrowed(files),
    };
    // A map with text keys always has a JSON form.
    serde_json::to_vec(&written).unwrap_or_default()
}

pub(crate) fn decode(bytes: &[u8]) -> Result<(Realm, BTreeMap<String, String>), Vec<PolicyFault>> {
    let fail = |message: String| {
        let mut faults = Faults::default();
        faults.of_bundle(message, "publish the bundle again from its files");
        Err(faults.sorted())
    };
    let written: Written<'_> = match serde_json::from_slice(bytes) {
        Ok(written) => written,
        Err(error) => return fail(format!("the bytes are no policy bundle: {error}")),
    };
    if written.format != FORMAT {
        return fail(format!("format `{}` is not `{FORMAT}`", written.format));
    }
    let files = written.files.into_owned();
    if encode(written.realm, &files) != bytes {
        return fail("the bytes are a policy bundle, but not in canonical form".to_owned());
    }
    Ok((written.realm, files))
}

pub(crate) fn digest(realm: Realm, files: &BTreeMap<String, String>) -> BundleDigest {
    BundleDigest(Sha256::digest(encode(realm, files)).into())
}

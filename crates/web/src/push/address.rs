//! Which addresses an endpoint may have, so that nobody makes the program call what only it can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;
use record::Realm;
use store::Reach;

use super::PushFault;

/// An endpoint's address, taken apart by the one parser that the request is made from too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) uri: Uri,
}

/// The most that an address is long.
const URL_MOST: usize = 500;

impl Endpoint {
    /// Reads an address: `https`, or `http` where that may be, without a user and a fragment.
    pub(super) fn parse(url: &str) -> Result<Self, PushFault> {
        let no = || PushFault::NoUrl(url.to_owned());
        if url.len() > URL_MOST || url.contains('#') {
            return Err(no());
        }
        let uri: Uri = url.parse().map_err(|_| no())?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(no()),
        };
        let authority = uri.authority().ok_or_else(no)?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(no());
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let after_host = authority.as_str().strip_prefix(authority.host()).ok_or_else(no)?;
        let port = match (after_host.strip_prefix(':'), tls) {
            (Some(port), _) => port.parse().map_err(|_| no())?,
            (None, true) => 443,
            (None, false) => 80,
        };
        Ok(Self { tls, host, port, uri })
    }

    /// The addresses behind the host, all of which must be permitted. They are asked for once, and the connection is made to
    /// one of these: what a name points to a moment later changes nothing.
    pub(super) async fn resolve(&self, reach: Reach, realm: Realm) -> Result<Vec<SocketAddr>, PushFault> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let found: Vec<SocketAddr> = found
            .map_err(|error| PushFault::NotReached(error.to_string()))?
            .collect();
        if found.is_empty() {
            return Err(PushFault::NotReached("the name has no address".to_owned()));
        }
        for address in &found {
            let ip = address.ip().to_canonical();
            if !is_permitted(ip, reach, realm) {
                return Err(PushFault::AddressRefused(ip));
            }
            let of_demo = realm == Realm::Demo && ip.is_loopback();
            if !self.tls && reach != Reach::Plain && !of_demo {
                return Err(PushFault::NoTls);
            }
        }
        Ok(found)
    }
}

/// Whether an address may be called at all: public ones; those of the internal network if the operator said so; this machine
/// in a demo too. Link-local addresses, where clouds keep their secrets, never.
fn is_permitted(ip: IpAddr, reach: Reach, realm: Realm) -> bool {
    let inside = reach != Reach::Public;
    match kind_of(ip) {
        Kind::Public => true,
        Kind::Private => inside,
        Kind::Loopback => inside || realm == Realm::Demo,
        Kind::Never => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Private,
    Loopback,
    Never,
}

fn kind_of(ip: IpAddr) -> Kind {
    match ip {
        IpAddr::V4(ip) => kind_of_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => kind_of_v4(ip),
            None => kind_of_v6(ip),
        },
    }
}

/// By the IANA registry of special-purpose addresses.
fn kind_of_v4(ip: Ipv4Addr) -> Kind {
    match ip.octets() {
        [127, ..] => Kind::Loopback,
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => Kind::Private,
        [0 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Kind::Never,
        _ => Kind::Public,
    }
}

/// Only `2000::/3` is given out to the public, and of it not what tunnels, translates or is for books.
fn kind_of_v6(ip: Ipv6Addr) -> Kind {
    if ip.is_loopback() {
        return Kind::Loopback;
    }
    match ip.segments() {
        [0xfc00..=0xfdff, ..] => Kind::Private,
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Kind::Never,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_is() {
        let check = |addresses: &[&str], expect: Kind| {
            for address in addresses {
                assert_eq!(kind_of(address.parse().unwrap()), expect, "{address}");
            }
        };
        check(
            &[
                "8.8.8.8",
                "100.63.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "2606:4700::1111",
            ],
            Kind::Public,
        );
        check(
            &[
                "10.0.0.7",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "fd00::1",
            ],
            Kind::Private,
        );
        check(&["::ffff:10.0.0.7"], Kind::Private);
        check(
            &["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"],
            Kind::Loopback,
        );
        check(
            &[
                "0.0.0.0",
                "169.254.169.254",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.18.0.1",
                "240.0.0.1",
                "::",
                "fe80::1",
                "ff02::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "64:ff9b::7f00:1",
                "::127.0.0.1",
                "::ffff:169.254.169.254",
            ],
            Kind::Never,
        );
    }

    #[test]
    fn what_may_be_called() {
        let check = |ip: &str, reach, realm, expect| {
            assert_eq!(
                is_permitted(ip.parse().unwrap(), reach, realm),
                expect,
                "{ip} {reach:?} {realm:?}"
            );
        };
        for reach in [Reach::Public, Reach::Intranet, Reach::Plain] {
            for realm in [Realm::Live, Realm::Demo] {
                check("8.8.8.8", reach, realm, true);
                check("169.254.169.254", reach, realm, false);
                check("10.0.0.7", reach, realm, reach != Reach::Public);
                check(
                    "127.0.0.1",
                    reach,
                    realm,
                    reach != Reach::Public || realm == Realm::Demo,
                );
            }
        }
    }

    #[test]
    fn an_address_is_read_whole_or_not_at_all() {
        for url in [
            "",
            "health.example",
            "/x",
            "ftp://health.example/",
            "https://",
            "https://u@health.example/",
            "https://u:p@health.example/",
            "https://health.example/#x",
            "https://health.example:99999/",
            "https:///x",
            "https://health.example/ x",
            "HTTPS//health.example",
        ] {
            assert!(Endpoint::parse(url).is_err(), "{url}");
        }
        let check = |url: &str, tls, host: &str, port| {
            let found = Endpoint::parse(url).unwrap();
            assert_eq!(
                (found.tls, found.host.as_str(), found.port),
                (tls, host, port),
                "{url}"
            );
        };
        check("https://health.example", true, "health.example", 443);
        check("https://health.example:8443/in?x=1", true, "health.example", 8443);
        check("http://127.0.0.1/in", false, "127.0.0.1", 80);
        check("https://[fd00::1]:8443/", true, "fd00::1", 8443);
    }
}

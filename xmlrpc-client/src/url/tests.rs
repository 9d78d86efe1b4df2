//! The URLs are the same as those of reqwest.

use percent_encoding::percent_decode_str;

use super::{Url, UrlError};

#[test]
fn the_same_as_in_reqwest() {
    let urls = "http://localhost
http://localhost/
HTTP://LocalHost:80/RPC2
https://host:443
https://host:80/a?b=c#d
http://host:/x
http://host:08000/x
http://host:65535/x
http:///host/path
http://\\\\host\\path
http://ada:s3cret@host/x
http://ada@host
http://:pw@host
http://@host
http://a@b@host/x
http://127.1/
http://0x7f000001/
http://2130706433/
http://010.0.0.1/
http://127.0.0.1./
http://1.2.3/
http://[::1]:8000/RPC2
http://[2001:DB8:0:0:1::1]/
http://b\u{fc}cher.example/x
http://b%C3%BCcher.example/x
http://%6Cocalhost/
http://host/a b/\u{fc}\"<>`{}|\\x
http://host/%zz/%41
http://host/a/./b/../c
http://host/..
http://host/a/%2e%2E/b/.
http://host/...
http://host?x='y'&z=\"q\"
http://host/?a?b
http://host/x?a b<c>#f
http://host\t/x
scgi://localhost:5000
scgi://localhost:5000/
scgi://localhost:5000/a/../b?x='y'
scgi://localhost
scgi://[::1]:5000/x
http://a_b.example/
http://-a.example/
http://host.:8000/
http://xn--bcher-kva.example/";
    for text in urls.split('\n') {
        let theirs = reqwest::Url::parse(text).unwrap();
        let ours = Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // Theirs are encoded once more than ours, but mean the same.
        let decoded = |it: &str| percent_decode_str(it).collect::<Vec<u8>>();
        let (user, password) = ours.credentials();
        let expected = theirs.password().unwrap_or_default();
        assert_eq!(decoded(user), decoded(theirs.username()), "{text}");
        assert_eq!(decoded(password), decoded(expected), "{text}");
        assert_eq!(Some(ours.host()), theirs.host_str(), "{text}");
        assert_eq!(ours.port(), theirs.port(), "{text}");
        let port = theirs.port_or_known_default();
        assert_eq!(ours.port_or_default(), port, "{text}");
        let path = Some(theirs.path()).filter(|path| !path.is_empty());
        let query = theirs.query().map(|query| format!("?{query}"));
        let target = path.unwrap_or("/").to_owned() + &query.unwrap_or_default();
        assert_eq!(ours.target(), target, "{text}");
        if ours.scheme() != "scgi" {
            assert_eq!(ours.origin(), theirs.origin().ascii_serialization());
        }
        // A request contains it as it is.
        let uri: http::Uri = ours.public().parse().unwrap();
        assert_eq!(uri.to_string(), ours.public());
    }
}

#[test]
fn what_reqwest_does_not_accept() {
    let table = [
        ("http://", "empty host"),
        ("http://:80", "empty host"),
        ("http://:", "empty host"),
        ("http://user:pw@:80", "empty host"),
        ("http://user@/x", "empty host"),
        ("http://host:65536", "invalid port number"),
        ("http://host:8o", "invalid port number"),
        ("http://host:-1", "invalid port number"),
        ("http://[::1]x:1", "invalid IPv6 address"),
        ("http://[::1", "invalid IPv6 address"),
        ("http://[::1%eth0]/", "invalid IPv6 address"),
        ("http://[::g]/", "invalid IPv6 address"),
        ("http://local host/", "invalid domain character"),
        ("http://a%20b/", "invalid domain character"),
        ("http://a%00b/", "invalid domain character"),
        ("http://a<b/", "invalid domain character"),
        ("http://a|b/", "invalid domain character"),
        ("http://1.2.3.256/", "invalid IPv4 address"),
        ("http://1.2.3.4.5/", "invalid IPv4 address"),
        ("http://256.1.1.1/", "invalid IPv4 address"),
        ("http://1.2.256/", ""),
        ("http://1.2.65536/", "invalid IPv4 address"),
        ("http://09.0.0.1/", "invalid IPv4 address"),
        ("http://0xffffffff/", ""),
        ("http://0x100000000/", "invalid IPv4 address"),
        ("http://%FF/", "invalid international domain name"),
        ("scgi://:5000", "empty host"),
    ];
    for (text, expected) in table {
        let ours = Url::parse(text).err().map(|error| error.to_string());
        assert_eq!(ours.unwrap_or_default(), expected, "{text}");
        let theirs = reqwest::Url::parse(text);
        assert_eq!(theirs.is_err(), !expected.is_empty(), "{text}");
    }
}

#[test]
fn without_a_scheme() {
    for text in [
        "",
        "localhost",
        "localhost:8000",
        "a:b",
        "http:/host",
        "http:",
        "mailto:x",
        ":",
    ] {
        assert_eq!(Url::parse(text), Err(UrlError::NoScheme), "{text}");
    }
    for text in ["://host", "1http://host", "\u{fc}://host", "a b://host"] {
        let error = Url::parse(text).unwrap_err().to_string();
        assert_eq!(error, "its scheme is invalid", "{text}");
    }
}

#[test]
fn places_of_redirects() {
    let url = Url::parse("https://rpc.example:8443/RPC2").unwrap();
    let table = [
        ("/other", "https://rpc.example:8443"),
        ("other:x", ""),
        ("?a:b", "https://rpc.example:8443"),
        ("a/b:c", "https://rpc.example:8443"),
        ("//other.example/x", "https://other.example"),
        ("http://u:p@h/s?s#s", "http://h"),
        ("HTTP://H:80", "http://h"),
        ("", "https://rpc.example:8443"),
        ("http://", ""),
    ];
    for (location, origin) in table {
        let place = url.join(location).map(|url| url.origin());
        assert_eq!(place.unwrap_or_default(), origin, "{location}");
    }
}

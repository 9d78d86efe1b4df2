//! The host and the port of a URL.

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode_str;

use super::UrlError;

/// Splits the part of a URL before the path into the host and the port.
pub(super) fn split(place: &str) -> Result<(&str, Option<u16>), UrlError> {
    // The colons of an IPv6 address are in brackets.
    let start = if place.starts_with('[') {
        place.find(']').unwrap_or(place.len())
    } else {
        0
    };
    let Some(colon) = place[start..].find(':').map(|colon| start + colon) else {
        return Ok((place, None));
    };
    let (host, digits) = (&place[..colon], &place[colon + 1..]);
    let invalid = UrlError::Other("invalid port number");
    if digits.is_empty() {
        // `http://host:/` has the default port. It still needs a host.
        return if host.is_empty() {
            Err(UrlError::Other("empty host"))
        } else {
            Ok((host, None))
        };
    }
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(invalid);
    }
    let port = digits.parse().map_err(|_| invalid)?;
    Ok((host, Some(port)))
}

/// Checks a host, and writes it as it is compared and sent: in lower case and in ASCII.
pub(super) fn parse(host: &str) -> Result<String, UrlError> {
    if let Some(rest) = host.strip_prefix('[') {
        let inner = rest.strip_suffix(']');
        let address: Option<Ipv6Addr> = inner.and_then(|inner| inner.parse().ok());
        let address = address.ok_or(UrlError::Other("invalid IPv6 address"))?;
        return Ok(format!("[{address}]"));
    }
    let decoded = percent_decode_str(host)
        .decode_utf8()
        .map_err(|_| UrlError::Other("invalid international domain name"))?;
    if !decoded.is_ascii() {
        return international(host);
    }
    let name = decoded.to_ascii_lowercase();
    if name.contains(is_forbidden) {
        return Err(UrlError::Other("invalid domain character"));
    }
    if !ends_in_number(&name) {
        return Ok(name);
    }
    let address = ipv4(&name).ok_or(UrlError::Other("invalid IPv4 address"))?;
    Ok(address.to_string())
}

/// reqwest depends on the tables that this needs.
#[cfg(feature = "reqwest")]
fn international(host: &str) -> Result<String, UrlError> {
    let invalid = UrlError::Other("invalid international domain name");
    let url = reqwest::Url::parse(&format!("http://{host}")).map_err(|_| invalid)?;
    url.host_str().map(str::to_owned).ok_or(invalid)
}

#[cfg(not(feature = "reqwest"))]
fn international(_: &str) -> Result<String, UrlError> {
    Err(UrlError::Other(
        "write the host name in ASCII, such as `xn--bcher-kva.example`, or enable the feature `reqwest` \
         of xmlrpc-client",
    ))
}

fn is_forbidden(c: char) -> bool {
    c.is_ascii_control() || " #/:<>?@[\\]^|%".contains(c)
}

/// Whether the host must be an IPv4 address: its last label is a number.
fn ends_in_number(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|c| c.is_ascii_digit());
    let is_hex = |digits: &str| digits.bytes().all(|c| c.is_ascii_hexdigit());
    is_decimal || last.strip_prefix("0x").is_some_and(is_hex)
}

/// Reads an IPv4 address in the forms that resolvers know, such as `127.1` and `0x7f000001`.
fn ipv4(name: &str) -> Option<Ipv4Addr> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let parts = name.split('.').map(number);
    let parts: Vec<u32> = parts.collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 {
        return None;
    }
    let mut address = 0;
    for (part, shift) in first.iter().zip([24, 16, 8]) {
        address |= u32::from(u8::try_from(*part).ok()?) << shift;
    }
    // The last part fills the bytes that remain.
    let remaining = u32::MAX.checked_shr(8 * u32::try_from(first.len()).ok()?)?;
    (*last <= remaining).then(|| Ipv4Addr::from(address | last))
}

/// A number in decimal, in octal after `0`, or in hexadecimal after `0x`.
fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match (text.strip_prefix("0x"), text.strip_prefix('0')) {
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        _ => (text, 10),
    };
    if digits.is_empty() {
        return (radix == 16).then_some(0);
    }
    let is_digit = |c: char| c.is_digit(radix);
    digits
        .chars()
        .all(is_digit)
        .then(|| u32::from_str_radix(digits, radix).ok())?
}

/// The library that sends requests over HTTP. See [`ClientBuilder::wire`](crate::ClientBuilder::wire).
///
/// Both have the same settings and limits. Their errors have the same kinds, and only the words that come from
/// the library differ. The default is `Wire::Reqwest` if the
/// feature `reqwest` is on, and `Wire::Hyper` otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// [reqwest](https://docs.rs/reqwest). It takes a [custom HTTP
    /// client](crate::ClientBuilder#method.http_client), for example for cookies, and can speak HTTP/2. It
    /// needs the feature `reqwest`, which is on by default.
    #[cfg(feature = "reqwest")]
    #[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
    #[default]
    Reqwest,
    /// The client of [hyper-util](https://docs.rs/hyper-util), on which reqwest is built. It does less for
    /// each call, because it prepares the URL and the headers once. It speaks HTTP/1.1. It needs the feature
    /// `hyper`.
    #[cfg(feature = "hyper")]
    #[cfg_attr(docsrs, doc(cfg(feature = "hyper")))]
    #[cfg_attr(not(feature = "reqwest"), default)]
    Hyper,
}

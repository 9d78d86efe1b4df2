//! What the requests of a client have in common, whatever endpoint they go to.

use http::{
    HeaderMap,
    header::{ACCEPT_ENCODING, AUTHORIZATION},
};
use xmlrpc_core::{client::RetryPolicy, observe::ServerAddress};

use crate::{
    BuildError, address::Address, builder::GZIP_DEFLATE, connection_settings::ConnectionSettings,
    observation_settings::server_address, transport::Single, unix, wire::Channel,
};

#[cfg_attr(feature = "balance", derive(Clone))]
pub(crate) struct EndpointSettings {
    pub(crate) headers: HeaderMap,
    pub(crate) connections: ConnectionSettings,
    /// The maximum size of a response.
    pub(crate) limit: usize,
}

impl EndpointSettings {
    /// The transport to one endpoint.
    pub(crate) fn open(
        self,
        address: Address,
        retries: Option<RetryPolicy>,
    ) -> Result<Single, BuildError> {
        let Address {
            url,
            socket,
            authorization,
        } = address;
        let Self {
            mut headers,
            mut connections,
            limit,
        } = self;
        let socket = connections.unix_socket.take().or(socket);
        connections.unix_socket = socket.map(unix::checked).transpose()?;
        if url.scheme() == "scgi" {
            if authorization.is_some() || headers.contains_key(AUTHORIZATION) {
                return Err(BuildError::new(
                    "SCGI cannot send credentials; remove the user name and password, or the token",
                ));
            }
            // A response over SCGI is not inflated.
            if headers.get(ACCEPT_ENCODING) == Some(&GZIP_DEFLATE) {
                headers.remove(ACCEPT_ENCODING);
            }
        }
        if let Some(authorization) = authorization {
            headers.entry(AUTHORIZATION).or_insert(authorization);
        }
        let (host, port) = server_address(&url, connections.unix_socket.as_deref());
        let mut server = ServerAddress::new(host, port);
        if let Some(peer) = connections.address {
            server = server.with_peer(peer);
        }
        let wire = Channel::new(&url, &connections)?;
        Ok(Single::new(wire, headers, limit, retries, server))
    }
}

//! XML-RPC: a serde codec, a dispatcher for services and a typed client over any transport.

//! An XML-RPC client over HTTP.

//! Serves `xmlrpc_core` services over HTTP as an axum router.

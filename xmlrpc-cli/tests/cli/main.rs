//! Runs the command `xmlrpc` against servers in this process, over real sockets.

mod call;
mod completion;
mod configuration;
mod credentials;
mod describe;
mod explore;
mod generate;
mod golden;
mod hostile;
mod https;
mod multicall;
mod output;
mod peer;
mod programs;
mod run;
mod serve;
mod terminal;
mod transport;

#[allow(dead_code)] // shared with the tests of the client
#[path = "../../../tests/common/http_server.rs"]
mod http_server;

#[allow(dead_code)] // shared with the tests of the client
#[path = "../../../xmlrpc-client/tests/common/tls.rs"]
mod tls;

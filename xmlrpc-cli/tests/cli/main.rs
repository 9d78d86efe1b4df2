//! Runs the command `xmlrpc` against servers in this process, over real sockets.

mod call;
mod completion;
mod configuration;
mod credentials;
mod describe;
mod explore;
mod golden;
mod hostile;
mod multicall;
mod output;
mod peer;
mod programs;
mod run;
mod serve;
mod terminal;
mod transport;

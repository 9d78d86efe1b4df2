//! The command `xmlrpc`.

use std::process::ExitCode;

mod generate;

fn main() -> ExitCode {
    ExitCode::SUCCESS
}

//! The subcommands of `xmlrpc gen`.

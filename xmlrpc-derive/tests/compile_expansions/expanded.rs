//! The expansions, without the macros.
//!
//! They are included, because `rustfmt` would change the layout of modules.

pub(crate) mod client {
    include!("../golden/client.expanded.rs");
}

pub(crate) mod demo {
    include!("../golden/demo.expanded.rs");
}

pub(crate) mod fault {
    include!("../golden/fault.expanded.rs");
}

pub(crate) mod generic {
    include!("../golden/generic.expanded.rs");
}

pub(crate) mod names {
    include!("../golden/names.expanded.rs");
}

pub(crate) mod others {
    include!("../golden/others.expanded.rs");
}

pub(crate) mod parameters {
    include!("../golden/parameters.expanded.rs");
}

pub(crate) mod server {
    include!("../golden/server.expanded.rs");
}

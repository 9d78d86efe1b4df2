//! `xmlrpc gen`: Rust code from a server, and comparisons.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use clap_complete::ArgValueCompleter;
use xmlrpc_cli::codegen::{self, Description, Generator, Report, Samples};
use xmlrpc_core::{ClientError, client::Introspection};

use crate::{
    complete,
    connection::Connection,
    escape,
    failure::{FAULT, Failure, is_without_list},
    output,
    sampled::SampledMethods,
    server::Server,
};

/// How long the server may take to describe all its methods.
const DESCRIBING: Duration = Duration::from_secs(120);
/// What to do if a server does not list its methods.
const NO_LIST: &str = "`gen rust URL --sample 'METHOD ARG…'` generates the methods that you know; or describe \
    them in a file of JSON, see docs/codegen.md";
/// How many methods are described.
const MAX_METHODS: usize = 20_000;
/// How many bytes of help texts are read.
const MAX_HELP: usize = 32 << 20;
/// The largest file of Rust code that is checked.
const MAX_SOURCE: u64 = 64 << 20;

const EXAMPLES: &str = "\
Examples:
  xmlrpc gen rust http://localhost:8000 --save src/server.rs
  xmlrpc gen rust @seedbox --sample 'd.multicall2 \"\" main d.name= d.size_bytes='
  xmlrpc gen check http://localhost:8000 src/server.rs
  xmlrpc gen json http://localhost:8000 --save server.json
  xmlrpc gen diff server.json http://localhost:8000

SOURCE is a URL, @NAME of the configuration file, or a file of JSON: `description.json` of an
explorer page, the output of `gen json`, or a serialized `describe()`.";

/// Generates the Rust trait of a server, and finds differences.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Gen {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Rust(RustArgs),
    Check(CheckArgs),
    Diff(DiffArgs),
    Json(JsonArgs),
}

/// Prints Rust traits for the methods of a server.
#[derive(Debug, Args)]
struct RustArgs {
    /// A URL, @NAME of the configuration, or a file of JSON.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    source: String,
    /// Writes traits for clients and servers, instead of only clients.
    #[arg(long)]
    both: bool,
    /// Includes the methods of introspection, such as system.listMethods.
    #[arg(long)]
    system: bool,
    /// Leaves out the first parameters of each method, which the program sends with `with_leading_params`.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 0,
        hide_default_value = true
    )]
    leading: usize,
    /// Calls this method, and derives types from its result. Repeat it to merge several results.
    #[arg(long = "sample", value_name = "METHOD ARG…")]
    samples: Vec<String>,
    /// Writes the code to this file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    save: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

/// Fails if a server and the traits in a file differ, and says how.
///
/// The exit code is 1 if there are differences. Generic code, types of other files and your own
/// implementations of serde's traits are not compared; notes say so.
#[derive(Debug, Args)]
struct CheckArgs {
    /// A URL, @NAME of the configuration, or a file of JSON.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    source: String,
    /// A Rust file with annotated traits, or a description in JSON.
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Ignores methods that only the server has.
    #[arg(long)]
    subset: bool,
    /// Ignores the first parameters of each method, which the program sends with `with_leading_params`.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 0,
        hide_default_value = true
    )]
    leading: usize,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    connection: Connection,
}

/// Compares two descriptions, and marks the changes that break callers.
///
/// The exit code is 1 if there is such a change.
#[derive(Debug, Args)]
struct DiffArgs {
    /// The earlier server: a URL, @NAME of the configuration, or a file of JSON.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    old: String,
    /// The later server.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    new: String,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    connection: Connection,
}

/// Writes the description of a server, for the other commands and for build.rs.
#[derive(Debug, Args)]
struct JsonArgs {
    /// A URL, @NAME of the configuration, or a file of JSON.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    source: String,
    /// Writes the description to this file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    save: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

/// How differences are printed.
#[derive(Debug, Args)]
struct ReportArgs {
    /// How to print the differences.
    #[arg(short, long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Gen {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        match self.command {
            Command::Rust(args) => args.run().await,
            Command::Check(args) => args.run().await,
            Command::Diff(args) => args.run().await,
            Command::Json(args) => args.run().await,
        }
    }
}

impl RustArgs {
    async fn run(self) -> Result<u8, Failure> {
        let source = Source::find(&self.source, &self.connection)?;
        let described = self.described(&source).await?;
        let mut samples = Samples::new();
        let mut methods = SampledMethods::default();
        for sample in &self.samples {
            let Source::Server(server) = &source else {
                return Err(Failure::usage("--sample needs a server, not a file"));
            };
            let words = shlex::split(sample)
                .ok_or_else(|| Failure::usage(format!("--sample has an open quote: {sample}")))?;
            let [method, arguments @ ..] = words.as_slice() else {
                return Err(Failure::usage("--sample needs the name of a method"));
            };
            let is_missing = |it: &Description| it.methods.iter().all(|it| it.name != *method);
            if described.as_ref().is_some_and(is_missing) {
                let text = format!("--sample {method}: the server does not list this method");
                return Err(Failure::usage(text));
            }
            let of_sample = |failure: Failure| Failure {
                message: format!("--sample {method}: {}", failure.message),
                ..failure
            };
            let params = server.params(method, arguments).await.map_err(of_sample)?;
            let result = server.call(method, &params).await;
            samples.add(method, &result.map_err(|error| of_sample(error.into()))?);
            methods.add(method, server.leading.iter().chain(&params));
        }
        let description = described.unwrap_or_else(|| methods.description());
        let description = description.without_leading(self.leading);
        let generated = Generator::new(&description)
            .both(self.both)
            .system(self.system)
            .samples(&samples)
            .origin(self.origin(&source))
            .generate();
        for warning in &generated.warnings {
            note(&format!("warning: {warning}"));
        }
        write(self.save.as_deref(), &generated.code)?;
        Ok(0)
    }

    /// `None` if the server does not list its methods, and the samples have to tell.
    async fn described(&self, source: &Source) -> Result<Option<Description>, Failure> {
        if let Source::Server(server) = source
            && !self.samples.is_empty()
        {
            return match introspect(server).await {
                Ok(found) => Ok(Some(found.into())),
                Err(error) if is_without_list(&error) => Ok(None),
                Err(error) => Err(error.into()),
            };
        }
        source.describe().await.map(Some)
    }

    /// The command without credentials. The arguments of samples can be some.
    fn origin(&self, source: &Source) -> String {
        let mut origin = format!("xmlrpc gen rust {}", source.shown());
        for (is_on, option) in [(self.both, " --both"), (self.system, " --system")] {
            if is_on {
                origin.push_str(option);
            }
        }
        if self.leading > 0 {
            let _ = write!(origin, " --leading {}", self.leading);
        }
        for sample in &self.samples {
            let words = shlex::split(sample).unwrap_or_default();
            let method = words.first().map_or("", String::as_str);
            let more = if words.len() > 1 { " …" } else { "" };
            let _ = write!(origin, " --sample '{method}{more}'");
        }
        origin
    }
}

impl CheckArgs {
    async fn run(self) -> Result<u8, Failure> {
        let text = read(&self.file)?;
        let server = Source::find(&self.source, &self.connection)?
            .describe()
            .await?
            .without_leading(self.leading);
        let is_json = text.trim_start().starts_with(['{', '['])
            || self.file.extension().is_some_and(|it| it == "json");
        let wrong = |error: String| Failure::usage(format!("{}: {error}", self.file.display()));
        let mut report = if is_json {
            let file = Description::from_json(&text).map_err(|error| wrong(error.to_string()))?;
            codegen::diff(&file, &server)
        } else {
            codegen::check(&server, &text).map_err(|error| wrong(error.to_string()))?
        };
        if self.subset {
            report.ignore_new_methods();
        }
        self.report.print(&report)?;
        Ok(if report.differences.is_empty() {
            0
        } else {
            FAULT
        })
    }
}

impl DiffArgs {
    async fn run(self) -> Result<u8, Failure> {
        let old = Source::find(&self.old, &self.connection)?
            .describe()
            .await?;
        let new = Source::find(&self.new, &self.connection)?
            .describe()
            .await?;
        let report = codegen::diff(&old, &new);
        self.report.print(&report)?;
        Ok(if report.is_breaking() { FAULT } else { 0 })
    }
}

impl JsonArgs {
    async fn run(self) -> Result<u8, Failure> {
        let source = Source::find(&self.source, &self.connection)?;
        let description = source.describe().await?;
        if let Some(warning) = &description.warning {
            note(&format!("warning: {warning}"));
        }
        write(self.save.as_deref(), &description.to_json())?;
        Ok(0)
    }
}

impl ReportArgs {
    fn print(&self, report: &Report) -> Result<(), Failure> {
        if self.output == Format::Text {
            return write(None, &report.to_string());
        }
        let mut json = serde_json::to_string_pretty(report)
            .map_err(|error| Failure::usage(error.to_string()))?;
        json.push('\n');
        write(None, &json)
    }
}

/// Where a description comes from.
enum Source {
    Server(Box<Server>),
    File(PathBuf),
}

impl Source {
    fn find(text: &str, connection: &Connection) -> Result<Self, Failure> {
        let is_server = text.starts_with('@') || text.contains("://");
        if is_server {
            return Ok(Self::Server(Box::new(connection.connect(text)?)));
        }
        let path = PathBuf::from(text);
        if path.exists() {
            Ok(Self::File(path))
        } else {
            Err(Failure::usage(format!(
                "{text} is neither a file nor a server; write the path of a file, a URL such as http://localhost:8000, or @name"
            )))
        }
    }

    async fn describe(&self) -> Result<Description, Failure> {
        let server = match self {
            Self::File(path) => {
                return Description::from_file(path)
                    .map_err(|error| Failure::usage(error.to_string()));
            }
            Self::Server(server) => server,
        };
        match introspect(server).await {
            Ok(found) => Ok(found.into()),
            Err(error) => Err(Failure::of_list(&error, NO_LIST)),
        }
    }

    /// Without credentials, and without the folder of a file.
    fn shown(&self) -> String {
        match self {
            Self::Server(server) => server.url.clone(),
            Self::File(path) => {
                let name = path.file_name().unwrap_or_default();
                name.to_string_lossy().into_owned()
            }
        }
    }
}

/// Asks the server for its methods.
async fn introspect(server: &Server) -> Result<Introspection, ClientError> {
    server
        .client
        .introspect()
        .timeout(server.timeout.unwrap_or(DESCRIBING))
        .max_methods(MAX_METHODS)
        .max_help_bytes(MAX_HELP)
        .await
}

fn read(path: &Path) -> Result<String, Failure> {
    let read = || {
        let mut text = String::new();
        fs::File::open(path)?
            .take(MAX_SOURCE + 1)
            .read_to_string(&mut text)?;
        if text.len() as u64 > MAX_SOURCE {
            return Err(io::Error::other("the file is larger than 64 MiB"));
        }
        io::Result::Ok(text)
    };
    read().map_err(|error| Failure::file("read", path, &error))
}

/// Writes a text that is already safe for a terminal.
fn write(file: Option<&Path>, text: &str) -> Result<(), Failure> {
    match file {
        Some(path) => fs::write(path, text).map_err(|error| Failure::file("write", path, &error)),
        None => output::print(text),
    }
}

/// Writes a line to standard error.
fn note(text: &str) {
    output::note(&escape::line(text));
}

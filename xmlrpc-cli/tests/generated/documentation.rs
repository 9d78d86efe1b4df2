//! Runs what `docs/codegen.md` and `README.md` show, with the servers that are installed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::servers::{self, Server};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The blocks of code in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join(page)).unwrap();
    let begin = format!("\n```{language}\n");
    let parts = page.split(&begin).skip(1);
    parts
        .map(|part| part.split("\n```").next().unwrap_or_default().to_owned() + "\n")
        .collect()
}

/// The lines of a manifest for the package that the page makes with `cargo new` and `cargo add`. The crates
/// are those of this repository, in the versions of its `Cargo.lock`.
fn manifest(name: &str, more: &str) -> String {
    let root = root();
    let root = root.display();
    format!(
        "[package]\nname = \"codegen-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n\
         xmlrpc-core = {{ path = \"{root}/xmlrpc-core\" }}\n\
         xmlrpc-client = {{ path = \"{root}/xmlrpc-client\" }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n{more}\n[workspace]\n"
    )
}

pub(crate) fn package(name: &str, more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest(name, more)).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    folder
}

/// Runs a script with our command and without network, and returns what it prints.
pub(crate) fn shell(script: &str, folder: &Path) -> String {
    let command = Path::new(env!("CARGO_BIN_EXE_xmlrpc"));
    let mut paths = vec![command.parent().unwrap().to_owned()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(folder)
        .env("PATH", env::join_paths(paths).unwrap())
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_NET_OFFLINE", "true")
        .env("no_proxy", "*")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs the three commands for a server, whose URL on the page is `url`. Returns what the program prints.
fn three_commands(name: &str, url: &str, server: &Server) -> String {
    let begin = format!("cargo new {name} && cd {name} && cargo add ");
    let blocks = blocks("docs/codegen.md", "sh");
    let block = blocks
        .iter()
        .find(|block| block.starts_with(&begin))
        .unwrap();
    let (_, rest) = block.split_once('\n').unwrap();
    assert!(rest.matches(url).count() >= 2, "{rest}");
    let folder = package(name, "");
    shell(&rest.replace(url, &server.url), folder.path())
}

/// The other tests run these blocks.
#[test]
fn the_readme_shows_the_same_commands() {
    let commands = |page| {
        let blocks = blocks(page, "sh").into_iter();
        let mut blocks: Vec<_> = blocks
            .filter(|block| block.starts_with("cargo new "))
            .collect();
        blocks.sort_unstable();
        blocks
    };
    let shown = commands("README.md");
    assert_eq!(shown.len(), 4);
    assert_eq!(shown, commands("docs/codegen.md"));
}

#[test]
fn rtorrent() {
    if let Some(server) = servers::rtorrent() {
        let printed = three_commands("seedbox", "scgi+unix:///run/rtorrent.sock", &server);
        assert!(printed.starts_with("rTorrent 0."), "{printed}");
    }
}

#[test]
fn supervisor() {
    if let Some(server) = servers::supervisor() {
        let printed = three_commands("processes", "unix:///run/supervisor.sock", &server);
        assert_eq!(printed, "cat is RUNNING\n");
    }
}

#[test]
fn aria2() {
    if let Some(server) = servers::aria2() {
        let printed = three_commands("downloads", "http://localhost:6800/rpc", &server);
        assert_eq!(printed, "0 downloads, 0 bytes per second\n");
    }
}

#[test]
fn wordpress() {
    if let Some(server) = servers::wordpress() {
        let printed = three_commands("blog", "http://localhost/xmlrpc.php", &server);
        assert!(printed.contains(" at http://127.0.0.1:"), "{printed}");
    }
}

#[test]
fn the_build_script() {
    let build = format!(
        "\n[build-dependencies]\nxmlrpc-cli = {{ path = \"{}/xmlrpc-cli\", default-features = false }}\n",
        root().display()
    );
    let folder = package("build-script", &build);
    let blocks = blocks("docs/codegen.md", "rust");
    let file = |name: &str| {
        let comment = format!("// {name}\n");
        let block = blocks
            .iter()
            .find(|block| block.starts_with(&comment))
            .unwrap();
        fs::write(folder.path().join(name), block).unwrap();
    };
    file("build.rs");
    file("src/main.rs");
    let description = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/descriptions/blog.json");
    fs::copy(description, folder.path().join("server.json")).unwrap();
    let printed = shell("cargo run", folder.path());
    assert!(printed.contains("blog.getPosts("), "{printed}");
}

//! The configuration file.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;
use xmlrpc_core::{Dispatcher, Fault};

use crate::{
    peer::Peer,
    run::{Run, command, finish, isolate},
};

/// A home folder with this configuration.
pub(crate) fn home(configuration: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("config/xmlrpc");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let file = folder.join("config.toml");
    fs::write(&file, configuration).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    home
}

fn run(home: &Path, arguments: &[&str]) -> Run {
    let mut command = command(arguments);
    isolate(&mut command, home);
    finish(&mut command)
}

fn secured() -> Peer {
    Peer::of(
        Dispatcher::new().method("add", |token: String, a: i64, b: i64| match &*token {
            "s3cret" => Ok(a + b),
            other => Err(Fault::new(1, format!("wrong token {other:?}"))),
        }),
    )
}

#[test]
fn servers_have_names_leading_parameters_and_headers() {
    let peer = Peer::demo();
    let secured = secured();
    let home = home(&format!(
        "[servers.demo]\nurl = \"{}\"\nheaders = {{ X-Tenant = \"7\", X-Token = {{ command = \"echo from-command\" }} }}\n\
         [servers.secured]\nurl = \"{}\"\nparams = [{{ command = [\"printf\", \"s3cret\\\\nmore\"] }}]\n",
        peer.url, secured.url
    ));
    let call = |arguments: &[&str]| run(home.path(), &[&["call"][..], arguments].concat());
    assert_eq!(call(&["@demo", "pow", "2", "9"]).ok(), "512\n");
    assert_eq!(call(&["@demo", "header", "x-tenant"]).ok(), "7\n");
    assert_eq!(call(&["@demo", "header", "x-token"]).ok(), "from-command\n");
    assert_eq!(
        call(&["@demo", "header", "x-other", "-H", "X-Other: 8"]).ok(),
        "8\n"
    );
    assert_eq!(call(&["@secured", "add", "2", "3"]).ok(), "5\n");
    // Secrets are hidden.
    let verbose = call(&["@secured", "add", "2", "3", "-v"]);
    assert!(
        !verbose.stderr.contains("s3cret") && verbose.stderr.contains("(hidden)"),
        "{}",
        verbose.stderr
    );
    let verbose = call(&["@demo", "pow", "2", "9", "-v", "-u", "ada:pa55"]);
    for secret in ["from-command", "pa55", "YWRhOnBhNTU="] {
        assert!(!verbose.stderr.contains(secret), "{}", verbose.stderr);
    }
    let mut command = command(&["multicall", "@secured"]);
    isolate(&mut command, home.path());
    let calls = home.path().join("calls");
    fs::write(&calls, "add 2 3\nadd 4 5\n").unwrap();
    command.arg(&calls);
    assert_eq!(finish(&mut command).ok(), "add 2 3\n  5\nadd 4 5\n  9\n");
}

#[test]
fn mistakes() {
    let cases = [
        ("", "unknown server `@x`; add [servers.x] to "),
        (
            "[servers.a]\nurl = \"http://h\"\n[servers.b]\nurl = \"http://h\"\n",
            "unknown server `@x`; known servers: @a, @b",
        ),
        ("[servers.x]\n", "missing field `url`"),
        (
            "[servers.x]\nurl = \"http://h\"\npasword = \"x\"\n",
            "unknown field `pasword`",
        ),
        ("[servers.x\n", "invalid configuration file"),
        (
            "[servers.x]\nurl = \"http://h\"\nuser = \"a\"\npassword-command = \"exit 3\"\n",
            "the command `exit 3` of the configuration failed with exit status: 3",
        ),
        (
            "[servers.x]\nurl = \"http://h\"\nuser = \"a\"\npassword-command = \"true\"\n",
            "the output of `true` is empty",
        ),
        (
            "[servers.x]\nurl = \"scgi://h:1\"\nuser = \"a\"\npassword-command = \"echo x\"\n",
            "SCGI cannot send credentials",
        ),
    ];
    for (configuration, expected) in cases {
        let home = home(configuration);
        let error = run(home.path(), &["call", "@x", "m"]).failed(2);
        assert!(error.contains(expected), "{configuration}: {error}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    let error = run(
        nowhere.path(),
        &["call", "--config", "/nonexistent.toml", "@x", "m"],
    )
    .failed(2);
    assert!(error.contains("cannot read /nonexistent.toml"), "{error}");
}

#[test]
fn files_that_others_can_change_are_refused() {
    let cases = [
        ("config/xmlrpc/config.toml", 0o620, "config.toml"),
        ("config/xmlrpc/config.toml", 0o602, "config.toml"),
        ("config/xmlrpc", 0o777, "xmlrpc"),
        ("config/xmlrpc", 0o775, "xmlrpc"),
    ];
    for (path, mode, shown) in cases {
        let home = home("[servers.x]\nurl = \"http://127.0.0.1:1\"\n");
        let path = home.path().join(path);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = run(home.path(), &["list", "@x"]).failed(2);
        assert!(
            error.contains("other users can write to") && error.contains("chmod go-w"),
            "{error}"
        );
        assert!(error.trim_end().ends_with(&format!("{shown}`")), "{error}");
    }
    // Reading is not changing, and a link is as safe as its target.
    let home = home("[servers.x]\nurl = \"http://127.0.0.1:1\"\n");
    let file = home.path().join("config/xmlrpc/config.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(run(home.path(), &["list", "@x"]).code, 3);
    let open = home.path().join("open.toml");
    fs::copy(&file, &open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).unwrap();
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(&open, &file).unwrap();
    assert!(
        run(home.path(), &["list", "@x"])
            .failed(2)
            .contains("open.toml")
    );
}

#[test]
fn every_folder_on_the_way_counts() {
    let text = "[servers.x]\nurl = \"http://127.0.0.1:1\"\n";
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    // A folder above the file.
    for (mode, code) in [(0o777, 2), (0o775, 2), (0o1777, 3), (0o755, 3)] {
        let home = home(text);
        set(&home.path().join("config"), mode);
        let list = run(home.path(), &["list", "@x"]);
        assert_eq!(list.code, code, "{mode:o}: {}", list.stderr);
        if code == 2 {
            let folder = home.path().join("config");
            let fix = format!("chmod go-w {}`", folder.display());
            assert!(list.stderr.contains(&fix), "{}", list.stderr);
        }
    }
    // The folder of a link, of a link to a link, and of a link to a folder.
    let home = home(text);
    let file = home.path().join("config/xmlrpc/config.toml");
    let open = home.path().join("open");
    fs::create_dir(&open).unwrap();
    let links = [
        (open.join("link.toml"), file.clone()),
        (home.path().join("link.toml"), open.join("link.toml")),
        (open.join("folder"), home.path().join("config")),
        (home.path().join("folder"), "open/folder".into()),
    ];
    for (link, target) in &links {
        std::os::unix::fs::symlink(target, link).unwrap();
    }
    let given = [
        links[0].0.clone(),
        links[1].0.clone(),
        links[2].0.join("xmlrpc/config.toml"),
        links[3].0.join("xmlrpc/config.toml"),
        open.join("../config/xmlrpc/config.toml"),
    ];
    for (mode, code) in [(0o777, 2), (0o755, 3)] {
        set(&open, mode);
        for given in &given {
            let list = run(
                home.path(),
                &["list", "@x", "--config", given.to_str().unwrap()],
            );
            let shown = given.display();
            assert_eq!(list.code, code, "{mode:o} {shown}: {}", list.stderr);
        }
    }
}

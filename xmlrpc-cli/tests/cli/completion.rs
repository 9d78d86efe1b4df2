//! Completion, in real shells where they are installed, and man pages.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    configuration::home,
    peer::{Canned, Peer},
    run::{XMLRPC, command, finish, isolate, xmlrpc},
};

/// A home folder with a server `@demo`.
fn demo(peer: &Peer) -> TempDir {
    home(&format!(
        "[servers.demo]\nurl = \"{0}\"\n[servers.other]\nurl = \"{0}\"\n",
        peer.url
    ))
}

/// The candidates for the last word, as the command itself gives them to bash.
fn candidates(home: &Path, words: &[&str]) -> Vec<String> {
    let mut command = Command::new(XMLRPC);
    command.arg("--").arg("xmlrpc").args(words);
    isolate(&mut command, home);
    command
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
        .env("_CLAP_IFS", "\n");
    let run = finish(&mut command);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout.lines().map(str::to_owned).collect()
}

fn xmlrpc_at(home: &Path, arguments: &[&str]) -> crate::run::Run {
    let mut command = command(arguments);
    isolate(&mut command, home);
    finish(&mut command)
}

#[test]
fn commands_servers_and_methods() {
    let peer = Peer::demo();
    let home = demo(&peer);
    assert_eq!(candidates(home.path(), &["desc"]), ["describe"]);
    for server in ["@demo", &peer.url] {
        // So that the list is kept, however slow this machine is.
        assert_eq!(xmlrpc_at(home.path(), &["list", server]).code, 0);
    }
    assert_eq!(candidates(home.path(), &["call", "@"]), ["@demo", "@other"]);
    assert_eq!(candidates(home.path(), &["call", "@demo", "po"]), ["pow"]);
    assert_eq!(
        candidates(home.path(), &["call", &peer.url, "types"]),
        ["types.of"]
    );
    assert_eq!(
        candidates(home.path(), &["call", "@demo", "pow", "--no-sig"]),
        ["--no-signatures"]
    );
    assert_eq!(
        candidates(home.path(), &["call", "@demo", "pow", "--output", "j"]),
        ["json"]
    );
    // The list is kept: it also works without the server.
    drop(peer);
    assert_eq!(candidates(home.path(), &["call", "@demo", "po"]), ["pow"]);
}

#[test]
fn silent_servers_and_secrets_do_not_hang_a_shell() {
    let silent = Canned::new(std::sync::Arc::new(|_, _| {
        std::thread::sleep(Duration::from_secs(20));
        Ok(())
    }));
    let home = home(&format!(
        "[servers.silent]\nurl = \"{0}\"\n[servers.secret]\nurl = \"{0}\"\nuser = \"ada\"\npassword-command = \"touch $HOME/ran; sleep 20\"\n",
        silent.url
    ));
    for server in ["@silent", "@secret", "http://ada@10.255.255.1", "nonsense"] {
        let started = Instant::now();
        assert_eq!(
            candidates(home.path(), &["call", server, "po"]),
            [""; 0],
            "{server}"
        );
        // Far from the 20 seconds; the limit itself is 0.3.
        assert!(started.elapsed() < Duration::from_secs(5), "{server}");
    }
    assert!(!home.path().join("ran").exists());
}

#[test]
fn names_that_a_shell_would_run_are_left_out() {
    let names = [
        "good.name",
        "$(touch x)",
        "a;reboot",
        "a b",
        "-rf",
        "a&#10;b",
        "`x`",
    ];
    let peer = Canned::methods(&names, "", "");
    let home = home("");
    // So that the list is kept, however slow this machine is.
    assert_eq!(xmlrpc_at(home.path(), &["list", &peer.url]).code, 0);
    let found = candidates(home.path(), &["call", &peer.url, ""]);
    let methods: Vec<_> = found
        .iter()
        .filter(|name| !name.starts_with("--"))
        .collect();
    assert_eq!(methods, ["good.name"], "{found:?}");
}

/// Runs a program with our command as `xmlrpc` in its path; `None` if the program is not installed.
fn shell(program: &str, arguments: &[&str], home: &Path) -> Option<String> {
    let bin = home.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let link = bin.join("xmlrpc");
    if !link.exists() {
        std::os::unix::fs::symlink(XMLRPC, &link).unwrap();
    }
    let mut command = Command::new(program);
    command.args(arguments);
    isolate(&mut command, home);
    let path = std::env::var("PATH").unwrap();
    command
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("TERM", "xterm");
    match command.output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            Some(String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn bash() {
    let peer = Peer::demo();
    let home = demo(&peer);
    assert_eq!(xmlrpc_at(home.path(), &["list", "@demo"]).code, 0);
    assert_eq!(xmlrpc_at(home.path(), &["list", &peer.url]).code, 0);
    // Bash splits the words of a URL and of `@demo`; an interactive shell does so by itself.
    let script = format!(
        "source <(xmlrpc completion bash)\n\
         line() {{ COMP_LINE=$1; COMP_POINT=${{#1}}; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
         _xmlrpc xmlrpc \"${{!#}}\" ''; echo \"${{COMPREPLY[@]}}\"; }}\n\
         line 'xmlrpc multi' xmlrpc multi\n\
         line 'xmlrpc call @d' xmlrpc call @ d\n\
         line 'xmlrpc call @' xmlrpc call @ ''\n\
         line 'xmlrpc call @demo po' xmlrpc call @ demo po\n\
         line 'xmlrpc call {url} types' xmlrpc call http : //127.0.0.1 : {port} types\n",
        url = peer.url,
        port = peer.url.rsplit(':').next().unwrap_or_default(),
    );
    let output = shell("bash", &["--norc", "-c", &script], home.path());
    let output = output.expect("bash is installed");
    assert_eq!(output, "multicall\ndemo\ndemo other\npow\ntypes.of\n");
}

/// Types a line into a shell in a pseudo terminal.
fn typed(shell_line: &str, keys: &[&str], home: &Path) -> Option<String> {
    use std::{
        io::{Read, Write},
        process::Stdio,
    };

    shell("true", &[], home)?;
    let mut command = Command::new("script");
    command.args(["-qec", shell_line, "/dev/null"]);
    isolate(&mut command, home);
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", home.join("bin").display()));
    command
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    for key in keys {
        std::thread::sleep(Duration::from_secs(1));
        let _ = stdin.write_all(key.as_bytes());
    }
    let mut output = Vec::new();
    child.stdout.take()?.read_to_end(&mut output).ok()?;
    drop(stdin);
    let _ = child.wait();
    Some(String::from_utf8_lossy(&output).into_owned())
}

#[test]
fn interactive_bash() {
    let peer = Peer::demo();
    let home = demo(&peer);
    assert_eq!(xmlrpc_at(home.path(), &["list", "@demo"]).code, 0);
    let keys = [
        "PS1=; source <(xmlrpc completion bash)\n",
        "xmlrpc call @dem\t",
        "po\t",
        "2 9\n",
        "exit\n",
    ];
    let Some(output) = typed("bash --norc -i", &keys, home.path()) else {
        return;
    };
    assert!(
        output.contains("call @demo pow 2 9") && output.contains("512"),
        "{output}"
    );
}

#[test]
fn fish() {
    let peer = Peer::demo();
    let home = demo(&peer);
    assert_eq!(xmlrpc_at(home.path(), &["list", "@demo"]).code, 0);
    assert_eq!(xmlrpc_at(home.path(), &["list", &peer.url]).code, 0);
    let script = "xmlrpc completion fish | source; complete -C 'xmlrpc call @d'; complete -C 'xmlrpc call @demo po'";
    let Some(output) = shell("fish", &["--no-config", "-c", script], home.path()) else {
        return;
    };
    let names: Vec<_> = output
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default())
        .collect();
    assert_eq!(names, ["@demo", "pow"], "{output}");
}

#[test]
fn zsh() {
    let peer = Peer::demo();
    let home = demo(&peer);
    assert_eq!(xmlrpc_at(home.path(), &["list", "@demo"]).code, 0);
    assert_eq!(xmlrpc_at(home.path(), &["list", &peer.url]).code, 0);
    // A real zsh in a pseudo terminal, which completes two words with the tabulator.
    let script = "zmodload zsh/zpty; zpty z zsh -f -i; \
        zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; source <(xmlrpc completion zsh); echo read''y'; \
        zpty -r -m z line '*ready*'; zpty -w -n z $'xmlrpc call @dem\\tpo\\t2 9\\n'; zpty -r -m z line '*512*'; print -r -- \"$line\"";
    let Some(output) = shell("zsh", &["-f", "-c", script], home.path()) else {
        return;
    };
    assert!(output.contains("512"), "{output}");
}

/// The scripts call the command by its path, whatever characters that contains.
#[test]
fn paths_that_a_shell_could_misread() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let odd = folder.path().join(r#"it's $HOME "BIN" VAR \ (x) `y`; @z"#);
    fs::create_dir(&odd).unwrap();
    let path = odd.join("xmlrpc");
    fs::hard_link(XMLRPC, &path).unwrap();
    let zsh = "compdef() {}; _describe() { print -r -- ${(P)3%%:*} }; source $0; words=(xmlrpc multi); \
               CURRENT=2; _clap_dynamic_completer_xmlrpc";
    let bash = "source \"$0\"; COMP_LINE='xmlrpc multi'; COMP_POINT=12; COMP_WORDS=(xmlrpc multi); COMP_CWORD=1; \
                _xmlrpc xmlrpc multi ''; echo \"${COMPREPLY[@]}\"";
    let fish = "source $argv[1]; complete -C 'xmlrpc multi'";
    for (program, options, line) in [
        ("bash", &["--norc", "-c"][..], bash),
        ("zsh", &["-f", "-c"], zsh),
        ("fish", &["--no-config", "-c"], fish),
    ] {
        let script = folder.path().join(program);
        let run = finish(Command::new(&path).args(["completion", program]));
        fs::write(&script, run.ok()).unwrap();
        let script = script.to_str().unwrap();
        let arguments = [options, &[line, script]].concat();
        let Some(output) = shell(program, &arguments, folder.path()) else {
            continue;
        };
        let first = output.split_whitespace().next();
        assert_eq!(first, Some("multicall"), "{program}: {output}");
    }
}

#[test]
fn man_pages() {
    let folder = tempfile::tempdir().unwrap();
    let man = folder.path().join("man1");
    let run = xmlrpc(&["man", man.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for page in ["xmlrpc.1", "xmlrpc-call.1", "xmlrpc-explore.1"] {
        let text = fs::read_to_string(man.join(page)).unwrap();
        assert!(text.contains(".SH") && text.contains("Examples"), "{page}");
    }
    let shown = Command::new("man")
        .arg("-l")
        .arg(man.join("xmlrpc-call.1"))
        .env("MANPAGER", "cat")
        .output();
    if let Ok(shown) = shown {
        let text = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(
            !shown.status.success() || text.contains("xmlrpc-call"),
            "{text}"
        );
    }
    let mut other = command(&["completion", "powershell"]);
    assert!(
        finish(&mut other)
            .failed(2)
            .contains("possible values: bash, zsh, fish")
    );
}

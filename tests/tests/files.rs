//! The file service of the examples: what it does, and what cannot be reached through it.

use std::{fs, os::unix::fs::symlink, path::Path};

use tempfile::TempDir;
use xmlrpc_core::{Client, ClientError, Dispatcher};
use xmlrpc_examples::files::{FILE_FAULT, FilesClient, FilesServer, Folder, Person};

/// A root with a file, a folder and links, beside what must not be reached.
struct Tree {
    outside: TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self {
            outside: TempDir::new().unwrap(),
        };
        let root = tree.root();
        fs::create_dir_all(root.join("src/deep")).unwrap();
        fs::write(root.join("hello.txt"), "hello").unwrap();
        fs::write(root.join("src/lib.rs"), "//").unwrap();
        fs::write(tree.outside.path().join("secret"), "secret").unwrap();
        symlink("../secret", root.join("relative_link")).unwrap();
        symlink(
            tree.outside.path().join("secret"),
            root.join("absolute_link"),
        )
        .unwrap();
        symlink("..", root.join("up")).unwrap();
        symlink("src", root.join("inside")).unwrap();
        tree
    }

    fn root(&self) -> std::path::PathBuf {
        self.outside.path().join("root")
    }

    fn files(&self) -> FilesClient<Dispatcher> {
        let folder = Folder::open(&self.root()).unwrap();
        FilesClient::new(Client::new(
            Dispatcher::new().service(FilesServer::new(folder)),
        ))
    }
}

fn fault<T: std::fmt::Debug>(result: Result<T, ClientError>) -> String {
    let error = result.unwrap_err();
    let fault = error.fault().unwrap_or_else(|| panic!("{error}"));
    assert_eq!(fault.code(), FILE_FAULT);
    fault.message().to_owned()
}

#[tokio::test]
async fn a_walk_through_the_tree() {
    let tree = Tree::new();
    let files = tree.files();
    files.hello().await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/");
    let all = [
        "absolute_link",
        "hello.txt",
        "inside",
        "relative_link",
        "src",
        "up",
    ];
    assert_eq!(files.ls(None).await.unwrap(), all);
    assert_eq!(files.ls(Some("src")).await.unwrap(), ["deep", "lib.rs"]);

    files.mkdir("new").await.unwrap();
    files.cp("hello.txt", "new").await.unwrap();
    files.cp("hello.txt", "new/copy.txt").await.unwrap();
    assert_eq!(
        files.ls(Some("/new")).await.unwrap(),
        ["copy.txt", "hello.txt"]
    );
    assert_eq!(
        fs::read_to_string(tree.root().join("new/copy.txt")).unwrap(),
        "hello"
    );

    let ada = Person {
        name: "Ada".to_owned(),
        age: 36,
    };
    assert_eq!(files.show(&ada).await.unwrap(), "Ada is 36 years old");
}

#[tokio::test]
async fn the_working_directory_is_the_services_own() {
    let tree = Tree::new();
    let files = tree.files();
    let process = std::env::current_dir().unwrap();
    files.cd("src").await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/src");
    assert_eq!(files.ls(None).await.unwrap(), ["deep", "lib.rs"]);
    files.cd("deep").await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/src/deep");
    files.cd("..").await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/src");
    files.cd("/inside").await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/src");
    files.cd("/").await.unwrap();
    assert_eq!(files.pwd().await.unwrap(), "/");
    assert_eq!(std::env::current_dir().unwrap(), process);

    let text = fault(files.cd("hello.txt").await);
    assert!(text.starts_with("cannot change to /hello.txt: "), "{text}");
    assert_eq!(files.pwd().await.unwrap(), "/");
}

#[tokio::test]
async fn nothing_outside_the_root_can_be_reached() {
    let tree = Tree::new();
    let files = tree.files();
    let ways = [
        "..",
        "../..",
        "src/../..",
        "up",
        "up/root",
        "/..",
        "/../..",
        "//..//",
    ];
    for way in ways {
        assert!(
            fault(files.ls(Some(way)).await).starts_with("cannot list "),
            "{way}"
        );
        fault(files.cd(way).await);
        fault(files.mkdir(&format!("{way}/made")).await);
        fault(files.cp("hello.txt", &format!("{way}/copied")).await);
    }
    for secret in [
        "../secret",
        "relative_link",
        "absolute_link",
        "up/secret",
        "/etc/passwd",
    ] {
        fault(files.cp(secret, "stolen").await);
    }
    // Writing through a link is writing outside.
    for target in ["relative_link", "absolute_link", "up/secret"] {
        fault(files.cp("hello.txt", target).await);
    }
    let outside = tree.outside.path();
    assert_eq!(
        fs::read_to_string(outside.join("secret")).unwrap(),
        "secret"
    );
    let mut names: Vec<_> = fs::read_dir(outside)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["root", "secret"]);
    assert!(!Path::new(&tree.root()).join("stolen").exists());
}

#[tokio::test]
async fn faults_say_which_path_and_why() {
    let tree = Tree::new();
    let files = tree.files();
    let missing = "No such file or directory (os error 2)";
    assert_eq!(
        fault(files.ls(Some("no")).await),
        format!("cannot list /no: {missing}")
    );
    assert_eq!(
        fault(files.cp("no", "new").await),
        format!("cannot copy /no: {missing}")
    );
    assert_eq!(
        fault(files.cp("src", "new").await),
        "cannot copy /src: not a file"
    );
    let onto_itself = "cannot copy /hello.txt: a file cannot be copied onto itself";
    assert_eq!(fault(files.cp("hello.txt", "hello.txt").await), onto_itself);
    assert_eq!(fault(files.cp("hello.txt", "/").await), onto_itself);
    assert_eq!(
        fs::read_to_string(tree.root().join("hello.txt")).unwrap(),
        "hello"
    );
    assert!(fault(files.mkdir("src").await).starts_with("cannot make /src: "));
}

//! The file service of the examples: what it does, and which files it must not reach.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tempfile::TempDir;
use xmlrpc_core::{Client, ClientError, Dispatcher};
use xmlrpc_examples::files::{
    FILE_FAULT, FilesClient, FilesServer, Folder, NAMES, OPERATIONS, Person,
};

/// A root with a file, a folder and links, beside a file that must not be reached.
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
async fn the_working_directory_belongs_to_the_service() {
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
    // Writing through a link would write outside the root.
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
        "cannot copy /src: not a regular file"
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

#[tokio::test]
async fn a_copy_takes_the_place_of_a_file() {
    let tree = Tree::new();
    let files = tree.files();
    let root = tree.root();
    fs::write(root.join("run.sh"), "#!/bin/sh").unwrap();
    fs::set_permissions(root.join("run.sh"), fs::Permissions::from_mode(0o750)).unwrap();
    files.cp("run.sh", "hello.txt").await.unwrap();
    assert_eq!(
        fs::read_to_string(root.join("hello.txt")).unwrap(),
        "#!/bin/sh"
    );
    let mode = fs::metadata(root.join("hello.txt"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o750);
    fs::write(root.join("empty"), "").unwrap();
    files.cp("empty", "hello.txt").await.unwrap();
    assert_eq!(fs::read_to_string(root.join("hello.txt")).unwrap(), "");
    assert_eq!(temporaries(&root), [""; 0]);
}

/// Temporary files that a copy left behind.
fn temporaries(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect()
}

#[tokio::test]
async fn a_copy_onto_another_name_of_the_same_file_keeps_the_data() {
    let tree = Tree::new();
    let files = tree.files();
    let root = tree.root();
    fs::hard_link(root.join("hello.txt"), root.join("other.txt")).unwrap();
    files.cp("hello.txt", "other.txt").await.unwrap();
    for name in ["hello.txt", "other.txt"] {
        assert_eq!(fs::read_to_string(root.join(name)).unwrap(), "hello");
    }
}

#[tokio::test]
async fn only_regular_files_are_copied_and_replaced() {
    let tree = Tree::new();
    let files = tree.files();
    let root = tree.root();
    let made = Command::new("mkfifo").arg(root.join("pipe")).status();
    assert!(made.unwrap().success(), "`mkfifo` is needed");
    symlink("hello.txt", root.join("link")).unwrap();
    fs::create_dir(root.join("src/hello.txt")).unwrap();
    // Nobody writes to the other end, and nobody reads from it.
    let calls = async {
        [
            fault(files.cp("pipe", "new").await),
            fault(files.cp("hello.txt", "pipe").await),
            fault(files.cp("src/lib.rs", "link").await),
            fault(files.cp("hello.txt", "src").await),
        ]
    };
    let texts = tokio::time::timeout(Duration::from_secs(10), calls).await;
    assert_eq!(
        texts.expect("nothing waits for the FIFO"),
        [
            "cannot copy /pipe: not a regular file",
            "cannot copy to /pipe: not a regular file",
            "cannot copy to /link: not a regular file",
            "cannot copy to /src/hello.txt: not a regular file",
        ]
    );
    assert!(!root.join("new").exists());
    assert_eq!(fs::read_to_string(root.join("hello.txt")).unwrap(), "hello");
    assert_eq!(temporaries(&root), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copying_a_file_that_shrinks_ends() {
    const SIZE: u64 = 8 << 20;
    let tree = Tree::new();
    let files = tree.files();
    let root = tree.root();
    let big = fs::File::create(root.join("big")).unwrap();
    let done = AtomicBool::new(false);
    let results = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                big.set_len(SIZE).unwrap();
                big.set_len(1).unwrap();
            }
        });
        let copies = async {
            let mut results = Vec::new();
            for _ in 0..50 {
                results.push(files.cp("big", "copy").await);
            }
            results
        };
        let copies = tokio::time::timeout(Duration::from_secs(60), copies);
        let results =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(copies));
        done.store(true, Ordering::Relaxed);
        results.expect("every copy ends")
    });
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(
            fault(result),
            "cannot copy to /copy: the source became shorter meanwhile"
        );
    }
    // If there is a copy, it is complete.
    if let Ok(copy) = fs::metadata(root.join("copy")) {
        assert!([1, SIZE].contains(&copy.len()), "{}", copy.len());
    }
    assert_eq!(temporaries(&root), [""; 0]);
}

#[tokio::test]
async fn names_in_a_listing_are_bounded() {
    let tree = Tree::new();
    let files = tree.files();
    let folder = tree.root().join("many");
    fs::create_dir(&folder).unwrap();
    for number in 0..NAMES {
        fs::write(folder.join(number.to_string()), "").unwrap();
    }
    assert_eq!(files.ls(Some("many")).await.unwrap().len(), 10_000);
    fs::write(folder.join("one more"), "").unwrap();
    assert_eq!(
        fault(files.ls(Some("many")).await),
        "cannot list /many: there are more than 10000 names, too many for a response"
    );
}

#[tokio::test]
async fn more_callers_than_operations_are_all_answered() {
    let tree = Tree::new();
    let files = tree.files();
    let calls = (0..4 * OPERATIONS).map(|_| files.cp("hello.txt", "copy").into_future());
    for result in futures_util::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(
        fs::read_to_string(tree.root().join("copy")).unwrap(),
        "hello"
    );
    assert_eq!(temporaries(&tree.root()), [""; 0]);
}

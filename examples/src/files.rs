//! A file service for many clients. It serves only the files under one folder.

mod copy;

use std::{
    io,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use cap_std::{ambient_authority, fs::Dir};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use xmlrpc_core::{Fault, xmlrpc_service};

/// Files and folders under the root of the server. A path that begins with `/` starts at the root, any other path at
/// the working directory.
#[xmlrpc_service]
pub trait Files {
    /// Does nothing; shows that the server is reachable.
    async fn hello(&self);

    /// Returns the working directory of the service.
    async fn pwd(&self) -> String;

    /// Returns the sorted names in a directory, by default the working directory. Fails if there are more than 10,000.
    async fn ls(&self, directory: Option<&str>) -> Result<Vec<String>, Fault>;

    /// Changes the working directory of the service, for all of its clients.
    async fn cd(&self, directory: &str) -> Result<(), Fault>;

    /// Makes a directory.
    async fn mkdir(&self, directory: &str) -> Result<(), Fault>;

    /// Copies a file to a path or into a directory. It replaces an existing file.
    async fn cp(&self, from: &str, to: &str) -> Result<(), Fault>;

    /// Describes a person.
    async fn show(&self, person: &Person) -> String;
}

/// Someone with a name and an age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The age in years.
    pub age: u8,
}

/// Serves the files under one folder.
#[derive(Clone)]
pub struct Folder {
    inner: Arc<Inner>,
}

struct Inner {
    // A `Dir` opens only files below itself, because it follows `..` and symbolic links in each step of a path
    // itself. Checking a path first and using it later would be a race.
    root: Dir,
    // Relative to the root, and without `..`.
    working_directory: Mutex<PathBuf>,
    operations: Arc<Semaphore>,
}

/// The maximum number of names in a listing.
pub const NAMES: usize = 10_000;

/// The maximum number of concurrent operations on files. Others wait.
pub const OPERATIONS: usize = 64;

impl Folder {
    /// Opens the folder that is to be the root.
    ///
    /// # Errors
    ///
    /// If the folder does not exist or cannot be read.
    pub fn open(root: &Path) -> io::Result<Self> {
        let inner = Inner {
            root: Dir::open_ambient_dir(root, ambient_authority())?,
            working_directory: Mutex::default(),
            operations: Arc::new(Semaphore::new(OPERATIONS)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Runs work that may wait for a disk in a thread where it does not block other requests.
    async fn blocking<R: Send + 'static>(
        &self,
        run: impl FnOnce(&Inner) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let inner = Arc::clone(&self.inner);
        let permit = Arc::clone(&inner.operations).acquire_owned().await;
        let permit = permit.map_err(Fault::internal)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held here, because the work continues even if the caller goes away.
            let _permit = permit;
            run(&inner)
        });
        task.await
            .unwrap_or_else(|error| Err(Fault::internal(error)))
    }
}

impl Files for Folder {
    async fn hello(&self) {}

    async fn pwd(&self) -> String {
        shown(&self.inner.working_directory())
    }

    async fn ls(&self, directory: Option<&str>) -> Result<Vec<String>, Fault> {
        let path = self.inner.resolve(directory.unwrap_or(""));
        self.blocking(move |inner| {
            inner
                .list(&path)
                .map_err(|error| fault("list", &path, &error))
        })
        .await
    }

    async fn cd(&self, directory: &str) -> Result<(), Fault> {
        let path = self.inner.resolve(directory);
        self.blocking(move |inner| {
            inner
                .change(&path)
                .map_err(|error| fault("change to", &path, &error))
        })
        .await
    }

    async fn mkdir(&self, directory: &str) -> Result<(), Fault> {
        let path = self.inner.resolve(directory);
        self.blocking(move |inner| {
            inner
                .root
                .create_dir(&path)
                .map_err(|error| fault("make", &path, &error))
        })
        .await
    }

    async fn cp(&self, from: &str, to: &str) -> Result<(), Fault> {
        let (from, to) = (self.inner.resolve(from), self.inner.resolve(to));
        self.blocking(move |inner| copy::copy(&inner.root, &from, &to))
            .await
    }

    async fn show(&self, person: &Person) -> String {
        format!("{} is {} years old", person.name, person.age)
    }
}

impl Inner {
    fn working_directory(&self) -> PathBuf {
        // The lock is held only for a clone or an assignment, so the path is always complete.
        self.working_directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A caller's path, relative to the root. The `Dir` follows its links.
    fn resolve(&self, path: &str) -> PathBuf {
        let from = if path.starts_with('/') {
            PathBuf::new()
        } else {
            self.working_directory()
        };
        let joined = from.join(path.trim_start_matches('/'));
        if joined.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            joined
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in self.root.read_dir(path)? {
            let entry = entry?;
            if names.len() == NAMES {
                let text = format!("there are more than {NAMES} names, too many for a response");
                return Err(io::Error::other(text));
            }
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn change(&self, path: &Path) -> io::Result<()> {
        self.root.open_dir(path)?;
        let mut canonical = self.root.canonicalize(path)?;
        if canonical == Path::new(".") {
            canonical = PathBuf::new();
        }
        *self
            .working_directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = canonical;
        Ok(())
    }
}

/// The code of every fault of this service.
pub const FILE_FAULT: i32 = 1;

fn fault(action: &str, path: &Path, error: &io::Error) -> Fault {
    Fault::new(
        FILE_FAULT,
        format!("cannot {action} {}: {error}", shown(path)),
    )
}

/// A path below the root, as callers write it.
fn shown(path: &Path) -> String {
    let parts = path
        .components()
        .filter(|part| !matches!(part, Component::CurDir));
    let parts: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    format!("/{}", parts.join("/"))
}

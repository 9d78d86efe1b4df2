//! Copies a file so that its target is, at any moment, what it was or the whole copy.

use std::{
    ffi::OsString,
    io::{self, Read as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use xmlrpc_core::Fault;

use super::fault;

/// Copies a regular file to a path, in place of a regular file that is there, or into a directory.
pub(super) fn copy(root: &Dir, from: &Path, to: &Path) -> Result<(), Fault> {
    let of_source = |error: io::Error| fault("copy", from, &error);
    let (source, metadata) = open(root, from).map_err(of_source)?;
    let to = match from.file_name() {
        Some(name) if root.metadata(to).is_ok_and(|there| there.is_dir()) => to.join(name),
        _ => to.to_owned(),
    };
    let origin = root.canonicalize(from).map_err(of_source)?;
    if root.canonicalize(&to).is_ok_and(|target| target == origin) {
        let error = io::Error::other("a file cannot be copied onto itself");
        return Err(of_source(error));
    }
    write(root, source, &metadata, &to).map_err(|error| fault("copy to", &to, &error))
}

fn open(root: &Dir, path: &Path) -> io::Result<(File, Metadata)> {
    // To open a device may have effects, and to open a FIFO waits for its other end: the file is
    // looked at first. It may be another one by the time it is opened: that does not wait, and the
    // file is looked at again.
    regular(&root.metadata(path)?)?;
    let file = root.open_with(path, OpenOptions::new().read(true).nonblock(true))?;
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata))
}

fn regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("not a regular file"))
    }
}

fn write(root: &Dir, source: File, metadata: &Metadata, target: &Path) -> io::Result<()> {
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::other("not the name of a file"))?;
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => root.open_dir(parent)?,
        _ => root.try_clone()?,
    };
    // A symbolic link is none either: what it leads to is not replaced behind its back.
    match folder.symlink_metadata(name) {
        Ok(there) => regular(&there)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // To write into the target itself would empty the source, were it the same file under another
    // name, and leave half a file where something goes wrong.
    let (temporary, copy) = create(&folder)?;
    let copied =
        fill(source, metadata, copy).and_then(|()| folder.rename(&temporary, &folder, name));
    if copied.is_err() {
        // What went wrong first is what the caller is told.
        let _ = folder.remove_file(&temporary);
    }
    copied
}

/// A new file under a hidden name that nothing else has.
fn create(folder: &Dir) -> io::Result<(OsString, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = OsString::from(format!(".copy-{}-{number}", std::process::id()));
        match folder.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
            Ok(file) => return Ok((name, file)),
            // Left behind by a server that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn fill(source: File, metadata: &Metadata, mut copy: File) -> io::Result<()> {
    copy.set_permissions(metadata.permissions())?;
    // A file that grows meanwhile would never be done with.
    let copied = io::copy(&mut source.take(metadata.len()), &mut copy)?;
    if copied < metadata.len() {
        return Err(io::Error::other("the source became shorter meanwhile"));
    }
    Ok(())
}

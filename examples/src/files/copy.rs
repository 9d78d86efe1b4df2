//! Copies a file so that its target is complete at any moment: either the old file or the whole copy.

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

/// Copies a regular file to a path or into a directory. It replaces an existing regular file.
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
    // Opening a device may have effects, and opening a FIFO waits for its other end. So the file is checked first.
    // It may be replaced before it is opened: therefore opening does not wait, and the file is checked again.
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
    // A symbolic link is not a regular file either, so the file that it points to is not replaced.
    match folder.symlink_metadata(name) {
        Ok(there) => regular(&there)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Writing into the target itself would empty the source if both are one file with two names. It would also
    // leave half a file after an error.
    let (temporary, copy) = create(&folder)?;
    let copied =
        fill(source, metadata, copy).and_then(|()| folder.rename(&temporary, &folder, name));
    if copied.is_err() {
        // The caller gets the first error.
        let _ = folder.remove_file(&temporary);
    }
    copied
}

/// A new file with an unused hidden name.
fn create(folder: &Dir) -> io::Result<(OsString, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = OsString::from(format!(".copy-{}-{number}", std::process::id()));
        match folder.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
            Ok(file) => return Ok((name, file)),
            // A server that was killed left this file behind.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn fill(source: File, metadata: &Metadata, mut copy: File) -> io::Result<()> {
    copy.set_permissions(metadata.permissions())?;
    // Otherwise the copy of a growing file would never end.
    let copied = io::copy(&mut source.take(metadata.len()), &mut copy)?;
    if copied < metadata.len() {
        return Err(io::Error::other("the source became shorter meanwhile"));
    }
    Ok(())
}

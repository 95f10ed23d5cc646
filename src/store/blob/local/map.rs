//! Slices of a file mapped into memory, so that the kernel sends them without a copy.

use std::fs::File;
use std::io;
use std::ops::Range;

use bytes::Bytes;
use memmap2::{Mmap, MmapOptions};

/// Maps one slice, which stays mapped as long as it is used: what lies behind it costs this process no memory.
///
/// Its pages are in memory when this returns, so that sending it does not wait for the disk, and a disk that cannot
/// read them is an error here and no signal later. Blocks.
pub(super) fn load(file: &File, range: &Range<u64>) -> io::Result<Bytes> {
    let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
    let map = map(file, range.start, length)?;
    #[cfg(target_os = "linux")]
    match map.advise(memmap2::Advice::PopulateRead) {
        // Kernels before 5.14 do not know it: there the pages come when they are sent.
        Err(error) if error.kind() != io::ErrorKind::InvalidInput => return Err(error),
        _ => {}
    }
    Ok(Bytes::from_owner(map))
}

#[expect(
    unsafe_code,
    reason = "a mapping is sound only as long as nobody changes the file"
)]
fn map(file: &File, start: u64, length: usize) -> io::Result<Mmap> {
    // SAFETY: the file is a finished blob in a folder only this program may enter. It is never written to or
    // truncated again, only unlinked, which leaves its pages to those who have it mapped.
    unsafe { MmapOptions::new().offset(start).len(length).map(file) }
}

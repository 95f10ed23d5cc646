//! One suite for every adapter, and what only some of them have to show.

mod azure;
mod concurrency;
mod conformance;
#[cfg(unix)]
mod crash;
#[cfg(unix)]
mod disk_full;
mod emulator;
mod fixture;
mod listing;
#[cfg(unix)]
mod local;
mod owner;
mod reading;
mod resume;
mod s3;
#[cfg(unix)]
mod sealed;
mod small;
#[cfg(unix)]
mod small_disk;
mod writing;

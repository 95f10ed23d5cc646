//! Section "Push".

mod cancel;
mod chunked;
mod manifest;
mod monolithic;
mod mount;
mod subject;
mod tag_parameter;
mod unknown_content;

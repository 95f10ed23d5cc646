//! What happens to every request around the router.

mod access_log;
mod body_limit;
mod error_body;
mod held;
mod panic;
mod read_on;
mod request_id;
mod response_headers;
mod shell;
mod site;
#[cfg(test)]
mod tests;

pub(crate) use access_log::Outbox;
pub(crate) use held::Held;
pub use request_id::RequestId;
pub(crate) use shell::Shell;
pub use site::Site;

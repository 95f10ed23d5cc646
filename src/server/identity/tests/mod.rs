//! Tests of the token service, through the router.

mod assertions;
mod discovery;
mod secrets;
mod sessions;

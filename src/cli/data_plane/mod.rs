//! The way into a registry: where it answers, and what proves who we are there.
//!
//! ```text
//! Login ─▶ address: the login server that ARM tells, else NAME + suffix
//!   │         │
//!   └─────────┴─▶ proof: a name and a password │ an Azure identity │ the admin user │ whoever is typed in
//!                   └─▶ entrance ─▶ acr_client::registry::Registry
//! ```

mod address;
mod args;
mod entrance;
mod proof;

pub(crate) use args::{CredentialArgs, InRegistryLoginArgs, Login, LoginArgs};
pub(crate) use entrance::Entrance;
pub(crate) use proof::{LEAST_LEFT, Proof, Tokens, azure};

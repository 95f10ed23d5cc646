//! Typed services over HTTP: Azure Resource Manager with its paging and its long-running operations,
//! registries, container engines, and images on their way between all of these.
//!
//! The services' JSON is handed on whole, as [`serde_json::Value`]: a tool that stands in for
//! another must not lose members it does not know. A command reads the few it needs.
//!
//! ```text
//! command ─▶ arm::Registries ─▶ arm::Arm ── token ──▶ acr_auth::Chain
//!                                  │
//!                                  ├─ request ──────▶ acr_http::Client
//!                                  ├─ next pages      (paging)
//!                                  └─ polls           (operation)
//! ```

pub mod arm;
pub mod engine;
mod error;
pub mod registry;
pub mod transfer;

pub use error::Error;

//! What a resource type can do: its verbs, who may use them, and the handlers behind them.

use std::{future::Future, pin::Pin};

use axum::response::Response;

use super::call::Call;
use crate::domain::Error;

pub(super) type Answer = Result<Response, Error>;
pub(super) type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A resource type.
pub(super) struct ResourceType {
    /// The full type as the service spells it.
    pub(super) name: &'static str,
    /// What can be asked of it.
    pub(super) verbs: &'static [Verb],
}

/// One thing that can be asked.
pub(super) struct Verb {
    pub(super) at: At,
    pub(super) method: &'static str,
    pub(super) need: Need,
    pub(super) run: Handler,
}

/// Where a verb is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// `…/type`
    Collection,
    /// `…/type/name`
    Item,
    /// `…/type/name/word`
    Action(&'static str),
}

/// What a caller needs for a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing but a valid token.
    Token,
    /// The action of this name, below the type's own.
    Action(&'static str),
    /// Reading; a list shows only what the caller may read.
    Visible,
}

impl Verb {
    pub(super) const fn collection(method: &'static str, need: Need, run: Handler) -> Self {
        Self {
            at: At::Collection,
            method,
            need,
            run,
        }
    }

    pub(super) const fn item(method: &'static str, need: Need, run: Handler) -> Self {
        Self {
            at: At::Item,
            method,
            need,
            run,
        }
    }

    pub(super) const fn action(
        word: &'static str,
        method: &'static str,
        need: Need,
        run: Handler,
    ) -> Self {
        Self {
            at: At::Action(word),
            method,
            need,
            run,
        }
    }
}

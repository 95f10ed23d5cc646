//! `-o yaml`: block style, keys sorted, text quoted where it would read as something else.

mod alias;
mod emit;
mod implicit;
mod scalar;
mod write;

pub(super) use emit::render;

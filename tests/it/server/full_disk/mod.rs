//! A full disk: what was answered stays, what cannot be done is told, and there is work again when there is room.

mod disk;
mod pushes;
mod registries;

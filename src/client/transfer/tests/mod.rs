//! Images from every kind of place to every other, and what must not get through.

mod archives;
mod damage;
mod hostile;
mod images;
mod layouts;
mod peer;
mod registries;

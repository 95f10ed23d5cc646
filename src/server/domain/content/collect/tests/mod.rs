//! Collections: each rule, each race.

mod abandoned;
mod bytes;
mod crowd;
mod link;
mod race;
mod upload;

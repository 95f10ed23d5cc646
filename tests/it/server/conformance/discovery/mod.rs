//! Section "Content Discovery".

mod referrers;
mod tags;

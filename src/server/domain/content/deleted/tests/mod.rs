//! Deletions that break off or meet others: what was begun is completed, and nothing comes back by halves.

mod burial;
mod fixture;
mod meeting;

//! What is deleted when its days are over, and what is not.

mod days;
mod fixture;
mod group;

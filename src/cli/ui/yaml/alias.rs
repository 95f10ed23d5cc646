//! Finds containers a query put at more than one place, which YAML writes once and refers to after.

use std::collections::{HashMap, HashSet};

use super::super::data::{Data, Shape};

/// Names for the containers that appear again.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// A name, or none for a container met once.
    names: HashMap<usize, Option<usize>>,
    count: usize,
    written: HashSet<usize>,
}

/// How a container is to be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mention {
    /// Whole, with nothing referring to it.
    Only,
    /// Whole, under a name.
    First(String),
    /// By its name alone.
    Again(String),
}

impl Aliases {
    /// Looks through `data`; only queries repeat containers, and az writes what holds an object
    /// spelled by the query without references.
    pub(super) fn of(data: &Data<'_>) -> Self {
        let mut aliases = Aliases::default();
        let is_built = matches!(data, Data::List(_) | Data::Object(_));
        if is_built && !data.has_ordered_object() {
            aliases.visit(data);
        }
        aliases
    }

    fn visit(&mut self, data: &Data<'_>) {
        if let Some(identity) = data.identity() {
            match self.names.get_mut(&identity) {
                Some(Some(_)) => return,
                Some(name) => {
                    self.count += 1;
                    *name = Some(self.count);
                    return;
                }
                None => {
                    self.names.insert(identity, None);
                }
            }
        }
        match data.shape() {
            Shape::List(items) => items.iter().for_each(|item| self.visit(&item)),
            Shape::Object(fields) => {
                fields
                    .sorted()
                    .iter()
                    .for_each(|(_, value)| self.visit(value));
            }
            _ => {}
        }
    }

    /// How to write `data` now.
    pub(super) fn mention(&mut self, data: &Data<'_>) -> Mention {
        if self.count == 0 {
            return Mention::Only;
        }
        let Some(identity) = data.identity() else {
            return Mention::Only;
        };
        let Some(Some(number)) = self.names.get(&identity) else {
            return Mention::Only;
        };
        let name = format!("id{number:03}");
        if self.written.insert(identity) {
            Mention::First(name)
        } else {
            Mention::Again(name)
        }
    }
}

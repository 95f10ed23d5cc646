//! The pulls that are not written yet.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use acr_api::oci::{Digest, Reference};
use chrono::{DateTime, Utc};

use super::super::{Repository, manifest::Found};
use crate::app::App;

/// More than this is not noted before what there is has been written.
const MOST: usize = 64 * 1024;

/// The pulls of a server, by the ids of repositories.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    repositories: HashMap<String, OfRepository>,
    count: usize,
}

#[derive(Default)]
struct OfRepository {
    manifests: HashMap<Digest, DateTime<Utc>>,
    tags: HashMap<String, DateTime<Utc>>,
}

/// What was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pulled {
    Manifest(Digest),
    Tag(String),
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) repository: String,
    pub(super) pulled: Pulled,
    pub(super) time: DateTime<Utc>,
}

/// Notes that a manifest was pulled under a reference.
pub(crate) fn note(app: &App, repository: &Repository, found: &Found, reference: &Reference) {
    app.pulls()
        .add(repository.id(), found.digest(), reference, app.now());
}

impl Notes {
    fn add(&self, repository: &str, digest: &Digest, reference: &Reference, now: DateTime<Utc>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Noted {
            repositories,
            count,
        } = &mut *noted;
        if !repositories.contains_key(repository) {
            if *count >= MOST {
                return;
            }
            repositories.insert(repository.to_owned(), OfRepository::default());
        }
        let Some(of) = repositories.get_mut(repository) else {
            return;
        };
        match of.manifests.get_mut(digest) {
            Some(time) => *time = now,
            None if *count < MOST => {
                of.manifests.insert(*digest, now);
                *count += 1;
            }
            None => {}
        }
        let Some(tag) = reference.tag() else { return };
        match of.tags.get_mut(tag.as_str()) {
            Some(time) => *time = now,
            None if *count < MOST => {
                of.tags.insert(tag.as_str().to_owned(), now);
                *count += 1;
            }
            None => {}
        }
    }

    /// What is noted now.
    pub(super) fn all(&self) -> Vec<Note> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = Vec::with_capacity(noted.count);
        for (repository, of) in &noted.repositories {
            let note = |pulled, time: &DateTime<Utc>| Note {
                repository: repository.clone(),
                pulled,
                time: *time,
            };
            let manifests = of.manifests.iter();
            notes.extend(manifests.map(|(digest, time)| note(Pulled::Manifest(*digest), time)));
            let tags = of.tags.iter();
            notes.extend(tags.map(|(tag, time)| note(Pulled::Tag(tag.clone()), time)));
        }
        notes
    }

    /// Strikes out a note that was written, unless there was another pull since.
    pub(super) fn strike(&self, note: &Note) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Noted {
            repositories,
            count,
        } = &mut *noted;
        let Some(of) = repositories.get_mut(&note.repository) else {
            return;
        };
        let struck = match &note.pulled {
            Pulled::Manifest(digest) => {
                let is_same = of.manifests.get(digest) == Some(&note.time);
                is_same && of.manifests.remove(digest).is_some()
            }
            Pulled::Tag(tag) => {
                let is_same = of.tags.get(tag) == Some(&note.time);
                is_same && of.tags.remove(tag).is_some()
            }
        };
        *count -= usize::from(struck);
        if of.manifests.is_empty() && of.tags.is_empty() {
            repositories.remove(&note.repository);
        }
    }
}

#[cfg(test)]
mod tests {
    use acr_api::oci::{Digest, Reference};
    use chrono::{DateTime, Utc};

    use super::{MOST, Notes};

    fn time(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn digest(number: usize) -> Digest {
        format!("sha256:{number:064x}").parse().unwrap()
    }

    #[test]
    fn the_last_of_many_pulls_counts() {
        let notes = Notes::default();
        let tag: Reference = "v1".parse().unwrap();
        for second in 0..5 {
            notes.add("r", &digest(1), &tag, time(second));
        }
        let all = notes.all();
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(all.iter().all(|note| note.time == time(4)));
    }

    #[test]
    fn a_pull_after_the_writing_is_not_struck_out() {
        let notes = Notes::default();
        let by_digest = Reference::Digest(digest(1));
        notes.add("r", &digest(1), &by_digest, time(1));
        let written = notes.all().remove(0);
        notes.add("r", &digest(1), &by_digest, time(2));
        notes.strike(&written);
        let left = notes.all();
        assert_eq!(left[0].time, time(2));
        notes.strike(&left[0]);
        assert_eq!(notes.all(), []);
    }

    #[test]
    fn there_is_an_end_to_what_is_noted() {
        let notes = Notes::default();
        for number in 0..MOST + 10 {
            let digest = digest(number);
            notes.add("r", &digest, &Reference::Digest(digest), time(1));
        }
        assert_eq!(notes.all().len(), MOST);
        notes.add("r", &digest(0), &Reference::Digest(digest(0)), time(2));
        assert!(notes.all().iter().any(|note| note.time == time(2)));
    }
}

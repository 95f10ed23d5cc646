//! What images are called in layouts and archives, and which one a name means.
//!
//! An entry of an index carries its tag in [`REF_NAME`], where every tool looks for it, and its whole name
//! in [`FULL_NAME`], as containerd and BuildKit write it. A tag is of one entry only: an image whose tag is
//! another image's already has its whole name in both, so that no tool takes the one for the other.

use super::Error;
use acr_api::oci::{Descriptor, Reference};

const REF_NAME: &str = "org.opencontainers.image.ref.name";
const FULL_NAME: &str = "io.containerd.image.name";

/// Names an entry: by its tag, and by its whole name if it has one.
pub(super) fn give(entry: &mut Descriptor, full: Option<&str>, to: Option<&Reference>) {
    let tag = to.and_then(Reference::tag).map(ToString::to_string);
    if let Some(full) = full {
        set(entry, FULL_NAME, full);
    }
    if let Some(short) = tag.as_deref().or(full) {
        set(entry, REF_NAME, short);
    }
}

/// Names an entry as `docker save` does.
pub(super) fn give_saved(entry: &mut Descriptor, name: &str) {
    set(entry, REF_NAME, name);
}

fn set(entry: &mut Descriptor, key: &str, name: &str) {
    entry.annotations.insert(key.to_owned(), name.to_owned());
}

/// The most that an entry says of its name.
pub(super) fn of(entry: &Descriptor) -> Option<&str> {
    let full = entry.annotations.get(FULL_NAME);
    full.map(String::as_str).or(short(entry))
}

/// What other tools find an entry by.
pub(super) fn short(entry: &Descriptor) -> Option<&str> {
    entry.annotations.get(REF_NAME).map(String::as_str)
}

/// Puts an entry among others, under a tag that is no other's. The same image of before goes, and so does an
/// entry that says less of the same content; all others keep their names.
pub(super) fn add(known: &mut Vec<Descriptor>, mut entry: Descriptor) {
    let Some(name) = of(&entry).map(str::to_owned) else {
        known.retain(|old| old.digest != entry.digest || of(old).is_some());
        if known.iter().all(|old| old.digest != entry.digest) {
            known.push(entry);
        }
        return;
    };
    known.retain(|old| match of(old) {
        Some(old_name) if old_name == name => false,
        Some(old_name) => old.digest != entry.digest || short(&entry) != Some(old_name),
        None => old.digest != entry.digest,
    });
    if known.iter().any(|old| short(old) == short(&entry)) {
        set(&mut entry, REF_NAME, &name);
    }
    known.push(entry);
}

/// Something that is chosen by its names.
pub(super) struct Candidate<'a, T> {
    /// What it is called.
    pub(super) name: Option<String>,
    /// Another end of it.
    pub(super) alias: Option<String>,
    /// What two names of the same thing have in common.
    pub(super) identity: String,
    pub(super) item: &'a T,
}

/// The candidate that `wanted` means, by a whole name, an identity, or the end of a name after a `/` or
/// `:`; without `wanted`, the only one.
pub(super) fn choose<'a, T>(
    candidates: &[Candidate<'a, T>],
    wanted: Option<&str>,
    place: &str,
) -> Result<&'a T, Error> {
    let meant = match wanted {
        None => candidates.iter().collect(),
        Some(wanted) => meant(candidates, wanted),
    };
    let Some((first, others)) = meant.split_first() else {
        return Err(Error::NoImage {
            place: place.to_owned(),
            wanted: wanted.map(str::to_owned),
            found: shown(&candidates.iter().collect::<Vec<_>>()),
        });
    };
    if others.iter().any(|other| other.identity != first.identity) {
        return Err(Error::Ambiguous {
            place: place.to_owned(),
            wanted: wanted.map(str::to_owned),
            found: shown(&meant),
        });
    }
    Ok(first.item)
}

fn meant<'a, 'b, T>(candidates: &'b [Candidate<'a, T>], wanted: &str) -> Vec<&'b Candidate<'a, T>> {
    let all = |is_meant: &dyn Fn(&Candidate<'a, T>) -> bool| -> Vec<_> {
        candidates.iter().filter(|one| is_meant(one)).collect()
    };
    let exact = all(&|one| one.identity == wanted || one.name.as_deref() == Some(wanted));
    if !exact.is_empty() {
        return exact;
    }
    all(&|one| {
        let mut names = one.name.iter().chain(&one.alias);
        names.any(|name| ends(name, wanted))
    })
}

fn ends(name: &str, wanted: &str) -> bool {
    let head = name.strip_suffix(wanted);
    head.is_some_and(|head| head.is_empty() || head.ends_with(['/', ':']))
}

/// Candidates by their names, or by their identities where names tell them not apart.
fn shown<T>(candidates: &[&Candidate<'_, T>]) -> Vec<String> {
    let shown = |one: &&Candidate<'_, T>| {
        let is_same = |other: &&&Candidate<'_, T>| other.name == one.name;
        match &one.name {
            Some(name) if candidates.iter().filter(is_same).count() == 1 => name.clone(),
            _ => one.identity.clone(),
        }
    };
    candidates.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use acr_api::oci::{Digest, media_type};

    fn entry(digest: u8, short: &str, full: &str) -> Descriptor {
        let mut entry =
            Descriptor::new(media_type::IMAGE_MANIFEST, Digest::Sha256([digest; 32]), 1);
        for (key, name) in [(REF_NAME, short), (FULL_NAME, full)] {
            if !name.is_empty() {
                set(&mut entry, key, name);
            }
        }
        entry
    }

    /// Digests and names of the entries after `added` came one by one.
    fn after(added: &[(u8, &str, &str)]) -> Vec<(u8, String, String)> {
        let mut known = Vec::new();
        for (digest, short, full) in added {
            add(&mut known, entry(*digest, short, full));
        }
        let name =
            |entry: &Descriptor, key| entry.annotations.get(key).cloned().unwrap_or_default();
        let seen = |entry: &Descriptor| {
            let Digest::Sha256(bytes) = entry.digest else {
                panic!("{}", entry.digest)
            };
            (bytes[0], name(entry, REF_NAME), name(entry, FULL_NAME))
        };
        known.iter().map(seen).collect()
    }

    #[test]
    fn no_image_loses_its_name_but_to_itself() {
        for (added, expected) in [
            // The same tag of two images.
            (
                &[(1, "v1", "h/a:v1"), (2, "v1", "h/b:v1")][..],
                &[(1, "v1", "h/a:v1"), (2, "h/b:v1", "h/b:v1")][..],
            ),
            // Both are pulled anew, and have changed.
            (
                &[
                    (1, "v1", "h/a:v1"),
                    (2, "v1", "h/b:v1"),
                    (3, "v1", "h/a:v1"),
                    (4, "v1", "h/b:v1"),
                ],
                &[(3, "v1", "h/a:v1"), (4, "h/b:v1", "h/b:v1")],
            ),
            // One content of two names.
            (
                &[(1, "v1", "h/a:v1"), (1, "v2", "h/a:v2")],
                &[(1, "v1", "h/a:v1"), (1, "v2", "h/a:v2")],
            ),
            // What others wrote: an image whose whole name nobody knows, or that has none.
            (
                &[(1, "v1", ""), (2, "v1", "h/a:v1")],
                &[(1, "v1", ""), (2, "h/a:v1", "h/a:v1")],
            ),
            (
                &[(1, "v1", ""), (1, "v1", "h/a:v1")],
                &[(1, "v1", "h/a:v1")],
            ),
            (&[(1, "", ""), (1, "v1", "h/a:v1")], &[(1, "v1", "h/a:v1")]),
            (&[(1, "v1", "h/a:v1"), (1, "", "")], &[(1, "v1", "h/a:v1")]),
            (&[(1, "", ""), (2, "", "")], &[(1, "", ""), (2, "", "")]),
            (
                &[(1, "h/a:v1", ""), (2, "v1", "h/a:v1")],
                &[(2, "v1", "h/a:v1")],
            ),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(digest, short, full): &(u8, &str, &str)| {
                    (*digest, (*short).to_owned(), (*full).to_owned())
                })
                .collect();
            assert_eq!(after(added), expected, "{added:?}");
        }
    }

    #[test]
    fn a_name_means_one_image_or_the_choice_is_shown() {
        let items = [1, 2, 3];
        let named = [
            ("h/a:v1", Some("v1"), "sha256:1"),
            ("h/x/b:v1", Some("h/x/b:v1"), "sha256:2"),
            ("loose", None, "sha256:3"),
        ];
        let candidates: Vec<Candidate<'_, i32>> = named
            .iter()
            .zip(&items)
            .map(|((name, alias, identity), item)| Candidate {
                name: Some((*name).to_owned()),
                alias: alias.map(str::to_owned),
                identity: (*identity).to_owned(),
                item,
            })
            .collect();
        for (wanted, expected) in [
            ("h/a:v1", Ok(1)),
            ("a:v1", Ok(1)),
            ("x/b:v1", Ok(2)),
            ("sha256:2", Ok(2)),
            ("loose", Ok(3)),
            (
                "v1",
                Err("here has several images called v1: h/a:v1, h/x/b:v1"),
            ),
            (
                "1",
                Err("here has no image 1; it has h/a:v1, h/x/b:v1, loose"),
            ),
        ] {
            let chosen = choose(&candidates, Some(wanted), "here").copied();
            let chosen = chosen.map_err(|error| error.to_string());
            assert_eq!(chosen, expected.map_err(str::to_owned), "{wanted}");
        }
        let any = choose(&candidates, None, "here").unwrap_err().to_string();
        assert_eq!(any, "here has several images: h/a:v1, h/x/b:v1, loose");
        let none = choose::<i32>(&[], None, "here").unwrap_err().to_string();
        assert_eq!(none, "here has no image");
    }
}

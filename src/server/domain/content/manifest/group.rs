//! A manifest with all that is about it: signatures, lists of parts, and what is about those in turn.

use std::collections::HashSet;

use acr_api::oci::Digest;

use super::super::{
    Repository,
    collection::{REFERRER, key, last_part},
};
use super::record::{Found, look_up};
use crate::{
    app::App,
    domain::{Error, scan::Slices},
};

/// Referrers of one manifest that are read at a time.
const SLICE: u32 = 1000;

/// The manifest itself, and behind it whatever is about one that stands before.
pub(in super::super) async fn with_referrers(
    app: &App,
    repository: &Repository,
    first: Found,
) -> Result<Vec<Found>, Error> {
    let mut seen = HashSet::from([*first.digest()]);
    let mut group = vec![first];
    let mut next = 0;
    while let Some(subject) = group.get(next).map(|found| *found.digest()) {
        next += 1;
        let all = format!("{}/", key(repository.id(), subject));
        let mut slices = Slices::new(REFERRER, &all, SLICE);
        while let Some(documents) = slices.next(app).await? {
            for document in documents {
                let Ok(referrer) = last_part(&document.key).parse::<Digest>() else {
                    continue;
                };
                if seen.insert(referrer) {
                    group.extend(look_up(app, repository, &referrer).await?);
                }
            }
        }
    }
    Ok(group)
}

/// What a manifest is about in the end: itself, if it is about nothing that is there.
pub(in super::super) async fn root(
    app: &App,
    repository: &Repository,
    found: Found,
) -> Result<Found, Error> {
    let mut seen = HashSet::from([*found.digest()]);
    let mut root = found;
    while let Some(subject) = root.record.subject
        && seen.insert(subject)
        && let Some(found) = look_up(app, repository, &subject).await?
    {
        root = found;
    }
    Ok(root)
}

//! Deletes a manifest with its tags and with the manifests that are about it.

use acr_api::oci::{Digest, Reference, RepositoryName};

use super::super::{
    Repository,
    commit::{MOST_ATTEMPTS, lost},
    lock, refusal, repository, tag,
};
use super::{
    group::with_referrers,
    record::{Found, look_up},
    removal::{Step, remove},
};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Deletes a manifest, unless it, one of its tags or one of its referrers is locked.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<(), Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(found) = look_up(app, &repository, digest).await? else {
            return Err(refusal::manifest_unknown(&Reference::Digest(*digest)));
        };
        let group = with_referrers(app, &repository, found).await?;
        let steps = plan(app, &repository, &group).await?;
        if remove(app, &repository, &steps).await? {
            return Ok(());
        }
    }
    Err(lost())
}

/// All that goes, the manifest itself at the end: however many there are and whatever breaks off, no referrer is left
/// without what it is about. Whether one of them is locked is told before the first goes.
async fn plan<'a>(
    app: &App,
    repository: &Repository,
    group: &'a [Found],
) -> Result<Vec<Step<'a>>, Error> {
    let mut steps = Vec::new();
    for found in group.iter().rev() {
        lock::check_delete(&found.record.attributes)?;
        for name in tag::names_of(app, repository, found.digest()).await? {
            if let Some(tagged) = tag::find(app, repository, &name).await? {
                lock::check_delete(&tagged.record.attributes)?;
                steps.push(Step::Tag(Box::new(tagged)));
            }
        }
        steps.push(Step::Manifest(found));
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use acr_api::acr::ChangeableAttributes;

    use super::*;
    use crate::domain::content::{
        collect::testing::{World, about, name},
        collection::{MANIFEST, REFERRER, TAG},
        manifest::AT_ONCE,
    };

    /// How many tags the image has: more than go by one batch.
    const TAGS: usize = AT_ONCE + 1;

    async fn count(world: &World, collection: &str) -> usize {
        world.documents(&[collection]).await.len()
    }

    #[tokio::test]
    async fn a_manifest_goes_behind_all_that_names_it() {
        let world = World::new().await;
        let digest = world.push_crowd("a", TAGS).await;
        let signature = about(&digest, "crowd");
        world.push("a", "signature", &signature).await.unwrap();
        let repository = world.repository("a").await;
        let found = look_up(&world.app, &repository, &digest).await.unwrap();
        let group = with_referrers(&world.app, &repository, found.unwrap()).await;
        let group = group.unwrap();
        let steps = plan(&world.app, &repository, &group).await.unwrap();
        assert_eq!(steps.len(), TAGS + 1 + 2);

        // The first batch, behind which the server was killed.
        let begun = remove(&world.app, &repository, &steps[..AT_ONCE]).await;
        assert!(begun.unwrap());
        world.check().await;
        let left = (count(&world, MANIFEST).await, count(&world, REFERRER).await);
        assert_eq!(left, (1, 0), "the signature goes first");
        assert!(world.has_manifest("a", &digest).await);
        world.delete("a", &digest).await;
        assert_eq!(
            (count(&world, MANIFEST).await, count(&world, TAG).await),
            (0, 0)
        );
        world.check().await;
    }

    #[tokio::test]
    async fn a_lock_anywhere_keeps_all_of_it() {
        let world = World::new().await;
        let digest = world.push_crowd("a", TAGS).await;
        let (app, registry, a) = (&world.app, &world.registry, name("a"));
        let lock = ChangeableAttributes {
            delete_enabled: Some(false),
            ..ChangeableAttributes::default()
        };
        // The last tag of all, which the first batch would not reach.
        let last = "v99".parse().unwrap();
        let locked = tag::change(app, registry, &a, &last, &lock).await;
        locked.unwrap();
        assert!(delete(app, registry, &a, &digest).await.is_err());
        assert_eq!(count(&world, TAG).await, TAGS);
    }
}

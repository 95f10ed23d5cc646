//! Accepts an import: what can be refused at once is refused before anything is stored.

use acr_api::{
    arm::{ImportImage, ResourceId},
    oci::Tag,
};
use acr_store::Batch;

use super::{
    job::{COLLECTION, Held, Job, LEASE},
    place::{self, Place},
    refusal,
    request::Wanted,
    work::work,
};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::{self, Registry},
        caller::Caller,
        content::{repository, tag},
        operation, random,
    },
};

/// Imports of one registry that can be under way or wait.
pub(super) const MOST_WAITING: u64 = 1000;

/// Begins an import into a registry and gives the id of its operation.
pub async fn begin(
    app: &App,
    caller: &Caller,
    target: &ResourceId,
    asked: ImportImage,
) -> Result<String, Error> {
    let wanted = Wanted::read(&asked)?;
    let registry = place::by_id(app, &target.to_string()).await?;
    check_target(&registry)?;
    let place = Place::find(app, caller, &asked.source, &wanted.repository).await?;
    check_export(app, &place, &registry).await?;
    if !wanted.is_forced {
        check_names(app, &registry, &wanted).await?;
    }
    let prefix = format!("{}/", registry.registry_id);
    if app.meta().count(COLLECTION, &prefix).await? >= MOST_WAITING {
        return Err(Error::new(
            ErrorKind::Throttled,
            "TooManyRequests",
            format!("{MOST_WAITING} imports into the registry are under way. Try again later."),
        )
        .from_provider());
    }
    let credentials = asked.source.credentials;
    let now = app.now();
    let (id, batch) = operation::begin("registries", now, Batch::new())?;
    let job = Job {
        operation: id.clone(),
        begun: now,
        label: registry.label.clone(),
        registry_id: registry.registry_id.clone(),
        resource: registry.id.to_string(),
        // Whether a registry of this server lets the caller in has just been seen.
        has_credential: credentials.is_some() && matches!(place, Place::Foreign { .. }),
        place,
        wanted,
        attempts: 0,
        leased_until: now + LEASE,
        holder: random::letters_and_digits(16)?,
    };
    let key = format!("{prefix}{id}");
    app.meta()
        .commit(batch.insert(COLLECTION, &key, &job))
        .await?;
    if let Some(document) = app.meta().get(COLLECTION, &key).await? {
        tokio::spawn(work(app.clone(), Held::of(&document)?, credentials));
    }
    Ok(id)
}

fn check_target(registry: &Registry) -> Result<(), Error> {
    match registry.admits_services() {
        true => Ok(()),
        false => Err(refusal::of_target(
            &registry.login_server,
            Error::new(
                ErrorKind::Forbidden,
                "Denied",
                "its network rules let no import through; set networkRuleBypassOptions to AzureServices to allow that",
            ),
        )),
    }
}

/// Refuses to carry content out of a registry that keeps it.
async fn check_export(app: &App, place: &Place, target: &Registry) -> Result<(), Error> {
    let Place::Local { label, registry_id } = place else {
        return Ok(());
    };
    let source = access::by_label(app, label).await?;
    match source {
        Some(source) if *registry_id != target.registry_id && !source.allows_export() => {
            let why = "its export policy is disabled";
            Err(refusal::source("SourceDenied", &source.login_server, why))
        }
        _ => Ok(()),
    }
}

/// Refuses names that are taken. Whether they still are free is looked at again when they are given.
async fn check_names(app: &App, registry: &Registry, wanted: &Wanted) -> Result<(), Error> {
    for target in &wanted.targets {
        let found = match repository::find(app, registry, &target.repository).await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for name in &target.tags {
            if tag::find(app, &found, name).await?.is_some() {
                return Err(taken(registry, target.repository.as_str(), name));
            }
        }
    }
    Ok(())
}

fn taken(registry: &Registry, repository: &str, tag: &Tag) -> Error {
    Error::conflict(
        "Conflict",
        format!(
            "The tag {repository}:{tag} already exists in the target registry '{}'. It is taken from its image with the mode Force.",
            registry.login_server
        ),
    )
    .from_provider()
}

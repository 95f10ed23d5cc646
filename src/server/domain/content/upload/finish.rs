//! Ends an upload: its bytes become a blob of the repository.

use acr_api::oci::{Digest, RepositoryName};
use acr_store::{
    Batch,
    blob::{Finished, Hashes, Key, Upload},
};

use super::super::{
    blob::{Record, Stored, condemn, is_condemned, link},
    collection::UPLOAD,
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, refusal, repository,
    room::most_blob_bytes,
};
use super::{
    chunk::{Chunk, End},
    receive::{give_up, keep},
    session::{Place, Session, check_writable, create},
};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// What is to become of the bytes.
struct Aim<'a> {
    registry: &'a Registry,
    name: &'a RepositoryName,
    digest: &'a Digest,
    /// The upload that ends with it.
    session: Option<&'a Session>,
}

/// Receives the last chunk, which may be empty, and makes the blob; when this answers, it is durable.
pub async fn finish(
    app: &App,
    registry: &Registry,
    session: &Session,
    chunk: Chunk,
    digest: &Digest,
) -> Result<(), Error> {
    let most_bytes = most_blob_bytes(app);
    chunk.check(session.received(), most_bytes)?;
    let (place, mut upload) = session.open(app).await?;
    match chunk.append_to(&mut upload, most_bytes).await {
        Ok(End::Whole) => {}
        Ok(End::Broken(reason)) => {
            keep(app, session, place, upload).await?;
            return Err(refusal::upload_broken(&reason));
        }
        Err(error) => {
            give_up(session, upload).await;
            return Err(error);
        }
    }
    session.claim(app).await?;
    let aim = Aim {
        registry,
        name: &session.record.repository,
        digest,
        session: Some(session),
    };
    complete(app, &aim, place, upload).await
}

/// Makes a blob of the bytes of one request.
pub async fn store(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    chunk: Chunk,
    digest: &Digest,
) -> Result<(), Error> {
    let most_bytes = most_blob_bytes(app);
    chunk.check(0, most_bytes)?;
    check_writable(app, registry, name).await?;
    let (place, mut upload) = create(app, &registry.registry_id, digest.algorithm()).await?;
    let refusal = match chunk.append_to(&mut upload, most_bytes).await {
        Ok(End::Whole) => None,
        Ok(End::Broken(reason)) => Some(refusal::upload_broken(&reason)),
        Err(error) => Some(error),
    };
    if let Some(refusal) = refusal {
        if let Err(error) = upload.abort().await {
            tracing::warn!(%error, "the bytes of a refused upload are still there");
        }
        return Err(refusal);
    }
    let aim = Aim {
        registry,
        name,
        digest,
        session: None,
    };
    complete(app, &aim, place, upload).await
}

async fn complete(app: &App, aim: &Aim<'_>, place: Place, mut upload: Upload) -> Result<(), Error> {
    let finished = match upload.finish().await {
        Ok(finished) => finished,
        Err(error) => {
            if let Some(session) = aim.session
                && let Err(error) = session.release(app).await
            {
                tracing::warn!(%error, "an upload that could not be ended cannot go on");
            }
            return Err(refusal::blob_store(error));
        }
    };
    let uploaded = Record {
        storage: place.storage,
        seal: place.seal,
        size: finished.size,
    };
    let is_right = is_of(app, &uploaded, &finished, aim.digest).await?;
    if is_right && name(app, aim, &uploaded).await? == Stored::Here {
        return Ok(());
    }
    if let Err(error) = forget(app, aim, &uploaded.storage).await {
        tracing::warn!(%error, "the bytes of an upload are still there");
    }
    match is_right {
        true => Ok(()),
        false => Err(refusal::digest_differs(aim.digest)),
    }
}

/// Whether the bytes have the digest; one that was not computed on the way is computed now.
async fn is_of(
    app: &App,
    uploaded: &Record,
    finished: &Finished,
    digest: &Digest,
) -> Result<bool, Error> {
    match digest {
        Digest::Sha256(said) => Ok(*said == finished.sha256),
        Digest::Sha512(said) => match finished.sha512 {
            Some(computed) => Ok(*said == computed),
            None => {
                let blobs = uploaded.blobs(app).await?;
                let read = blobs
                    .digest(&uploaded.storage, Hashes::Sha256AndSha512)
                    .await;
                let again = read.map_err(refusal::blob_store)?;
                Ok(again.sha512 == Some(*said))
            }
        },
    }
}

/// Makes the durable bytes known under their digest, and the upload unknown.
async fn name(app: &App, aim: &Aim<'_>, uploaded: &Record) -> Result<Stored, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find_or_begin(app, aim.registry, aim.name).await?;
        lock::check_write(repository.attributes())?;
        let batch = aim.session.map_or_else(Batch::new, |session| {
            Batch::new().remove(UPLOAD, &session.place)
        });
        let linked = link(app, &repository, aim.digest, Some(uploaded), batch).await?;
        if let Some((batch, stored)) = linked
            && commit(app, batch).await?
        {
            return Ok(stored);
        }
        if is_condemned(app, &uploaded.storage).await? {
            return Err(refusal::upload_unknown());
        }
    }
    Err(lost())
}

/// Removes bytes that no document names, and an upload that cannot go on behind them. A failed commit may have
/// happened, and another request may have ended the same upload, so it is made sure that none comes to name them.
async fn forget(app: &App, aim: &Aim<'_>, storage: &Key) -> Result<(), Error> {
    if let Some(session) = aim.session {
        let batch = Batch::new().remove(UPLOAD, &session.place);
        app.meta().commit(batch).await?;
    }
    if !condemn(app, storage).await? {
        return Ok(());
    }
    let removed = app.blobs().remove(storage).await;
    removed.map_err(refusal::blob_store)
}

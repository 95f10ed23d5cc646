//! A whole server: folder and port taken, stores opened, requests answered until it is told to stop.

use acr_http::Secret;
use acr_store::{
    Target,
    blob::{self, MARK},
};
use chrono::TimeDelta;

use crate::{
    Error,
    app::{App, Options},
    config::{Config, Database, Setting},
    data,
    domain::{
        self,
        content::{
            owner::{self, Claim},
            pull,
        },
        sealing,
    },
    http::{middleware::Site, router},
    jobs,
    lifecycle::{self, Admin, Control, Identity, Instance},
};

/// Runs a server until the control says stop. `started` is called once, when `admin.json` is
/// written and requests are taken.
pub async fn run(config: Config, control: Control, started: impl FnOnce()) -> Result<(), Error> {
    acr_http::install_crypto();
    let instance = Instance::open(config).await?;
    let mut options = options(&instance)?;
    if let Some(source) = &instance.config().master_key {
        options.master_keys = Some(source.load().await?);
    }
    let is_alone = matches!(options.database, Target::Sqlite(_));
    let database = options.database.clone();
    let unusable = |error: domain::Error| Error::Store {
        database: database.clone(),
        reason: cause(&error),
    };
    let (app, administrator) = App::open(options).await.map_err(unusable)?;
    if let Some(id) = sealing::missing(&app).await.map_err(unusable)? {
        return Err(Error::Settings(format!(
            "blobs are sealed under master key {id}, which was not given: {} needs it too, below the one in use",
            Setting::MasterKey.flag()
        )));
    }
    own_blobs(&app, &instance.config().blobs).await?;
    // At once, so that what is shown of a registry is so: with many servers, the job sees to the rest.
    sealing::rewrap_all(&app).await.map_err(unusable)?;
    if is_alone {
        jobs::end_leases(&app).await.map_err(unusable)?;
    }
    instance.write_admin(Identity {
        tenant_id: administrator.tenant_id,
        subscription_id: administrator.subscription_id,
        client_id: administrator.client_id,
        client_secret: administrator.client_secret.expose().to_owned(),
    })?;
    started();
    let site = site(&instance, app.clone());
    let jobs = jobs::start(&app);
    let ended = tokio::select! {
        ended = lifecycle::serve(instance, site, control) => ended,
        never = pull::write_regularly(&app) => match never {},
    };
    jobs.stop().await;
    pull::write(&app).await;
    app.meta().close().await;
    ended
}

/// Refuses blobs that garbage collection would remove, because the database is not the one that names them.
async fn own_blobs(app: &App, place: &blob::Target) -> Result<(), Error> {
    // What is kept in memory is nobody else's, and gone with the server.
    if *place == blob::Target::Memory {
        return Ok(());
    }
    let reason = match owner::claim(app).await {
        Ok(Claim::Ours) => return Ok(()),
        Ok(Claim::Theirs) => "they belong to another database, and beside this one they would be garbage; start with their own, or choose another place with --blobs".to_owned(),
        Ok(Claim::Unknown) => "this database knows none of them, so it is new, or not theirs; bring back the one they belong to, or choose an empty place with --blobs".to_owned(),
        Ok(Claim::Lost(id)) => format!("those of this database are elsewhere: {place}/{MARK} is missing. Is the disk mounted, and --blobs right? To begin without them, write {id} into it"),
        Err(error) => cause(&error),
    };
    let place = place.to_string();
    Err(Error::Blobs { place, reason })
}

/// What lies behind a failure: whoever starts the server is not to be spared it, as its clients are.
fn cause(error: &domain::Error) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.message().to_owned(), ToString::to_string)
}

fn options(instance: &Instance) -> Result<Options, Error> {
    let config = instance.config();
    let database = match &config.database {
        Database::Sqlite(path) => Target::Sqlite(path.clone()),
        Database::Postgres(url) => Target::Postgres(url.clone()),
    };
    let known = match Admin::read(instance.data_dir()) {
        Err(error @ Error::Content { .. }) => {
            tracing::warn!(%error, "it is written again, with a new secret");
            None
        }
        known => known?,
    };
    let mut options = Options::new(database, instance.endpoint(), &instance.registry_domain());
    options.blobs = config.blobs.clone();
    options.region = config.region.clone();
    options.has_tier_limits = config.tier_limits;
    options.takes_sparse_images = config.sparse_images;
    options.gc_grace = TimeDelta::from_std(config.gc_grace).unwrap_or(TimeDelta::MAX);
    options.gc_interval = config.gc_interval;
    options.trusted_issuers = config.trusted_issuers.clone();
    options.administrator_secret = known.map(|admin| Secret::new(admin.client_secret));
    Ok(options)
}

/// The router, with what the shell has to know of it. Operators' paths are answered where the
/// control plane is: on a registry's host they would be names of repositories.
fn site(instance: &Instance, app: App) -> Site {
    let domain = format!(".{}", instance.config().domain);
    let store = app.meta().clone();
    let jobs = app.job_figures().clone();
    Site::new(router(app))
        .figures(move |registry| jobs.register(registry))
        .ready(move || {
            let store = store.clone();
            async move { store.ping().await.map_err(|error| error.to_string()) }
        })
        .large_bodies_on(data::has_large_body)
        .operations_on(move |host| !host.ends_with(&domain))
}

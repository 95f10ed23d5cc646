//! The running server: from the first request to the last one answered.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval};

use super::{
    control::{Control, Phase, reached},
    instance::Instance,
    process,
    record::State,
};
use crate::{
    Error,
    http::{
        listener::{self, Limits, Setup},
        middleware::{Shell, Site},
        tls::Tls,
    },
};

/// How often certificate files are looked at.
const CERTIFICATE_CHECK: Duration = Duration::from_secs(10);
/// Files a server needs for itself: database, logs, blobs being read.
const OWN_FILES: u64 = 256;

/// Serves until the control says stop, then finishes what was begun.
pub async fn serve(instance: Instance, site: Site, control: Control) -> Result<(), Error> {
    serve_within(instance, site, control, limits()).await
}

pub(crate) async fn serve_within(
    mut instance: Instance,
    site: Site,
    control: Control,
    limits: Limits,
) -> Result<(), Error> {
    let Some(listener) = instance.listener.take() else {
        return Ok(());
    };
    let setup = Setup {
        shell: Arc::new(Shell::new(site)),
        tls: instance.tls(),
        limits,
        allow_plain_http: instance.config().allow_plain_http,
        drain_timeout: instance.config().drain_timeout,
    };
    instance.set_state(State::Ready)?;
    tracing::info!(endpoint = instance.endpoint(), address = %instance.address(), "serving");
    let tls = instance.tls();
    let mut phase = control.phase.clone();
    let watch = async {
        tokio::select! {
            () = reload_certificates(&tls, control.reload) => {}
            () = reached(&mut phase, Phase::Drain) => {}
        }
        // Nobody is served wrongly if `status` shows the old state for the last seconds.
        let _ = instance.set_state(State::Draining);
    };
    tokio::join!(listener::run(listener, setup, control.phase), watch);
    tracing::info!("stopped");
    Ok(())
}

async fn reload_certificates(tls: &Tls, mut asked: tokio::sync::watch::Receiver<()>) {
    let mut ticks = interval(CERTIFICATE_CHECK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let outcome = tokio::select! {
            _ = ticks.tick() => tls.reload_if_changed(),
            Ok(()) = asked.changed() => tls.reload().map(|()| true),
        };
        match outcome {
            Ok(true) => tracing::info!("certificates read again"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "certificates not read again; the ones in use stay")
            }
        }
    }
}

/// Half of the files that may be open are for connections.
fn limits() -> Limits {
    let mut limits = Limits::default();
    if let Some(files) = process::raise_file_limit() {
        let for_connections = files.saturating_sub(OWN_FILES) / 2;
        let for_connections = u32::try_from(for_connections).unwrap_or(u32::MAX).max(16);
        limits.connections = limits.connections.min(for_connections);
    }
    limits
}

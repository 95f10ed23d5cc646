//! How a running server is told to drain, to end at once, or to read its certificates again.

use tokio::sync::watch;

use crate::Error;

/// How much of the server is still wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// All of it.
    Run,
    /// Only what it has begun.
    Drain,
    /// Nothing.
    End,
}

/// Waits until the server is wanted no more than this; also when nobody is left to say so.
pub(crate) async fn reached(phase: &mut watch::Receiver<Phase>, wanted: Phase) {
    // An error means that the sender is gone, and with it everyone who could want the server.
    let _ = phase.wait_for(|now| *now >= wanted).await;
}

/// The receiving side, given to [`serve`](super::serve).
#[derive(Debug, Clone)]
pub struct Control {
    pub(super) phase: watch::Receiver<Phase>,
    pub(super) reload: watch::Receiver<()>,
}

/// The sending side; dropping it ends the server at once.
#[derive(Debug)]
pub struct Handle {
    phase: watch::Sender<Phase>,
    reload: watch::Sender<()>,
}

impl Control {
    /// A control that this program itself holds.
    pub fn manual() -> (Handle, Self) {
        let (phase, phase_seen) = watch::channel(Phase::Run);
        let (reload, reload_seen) = watch::channel(());
        let control = Self {
            phase: phase_seen,
            reload: reload_seen,
        };
        (Handle { phase, reload }, control)
    }

    /// A control driven by signals: `INT` and `TERM` drain, `HUP` reloads. A second `INT`, from somebody
    /// who will not wait, ends at once; scripts may send `TERM` as often as they like.
    pub fn from_signals() -> Result<Self, Error> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|source| Error::System {
                action: "listen for signals",
                source,
            })
        };
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        let mut hang_up = listen(SignalKind::hangup())?;
        let (handle, control) = Self::manual();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => handle.stop(),
                    _ = terminate.recv() => handle.drain(),
                    _ = hang_up.recv() => handle.reload(),
                    () = handle.phase.closed() => return,
                }
            }
        });
        Ok(control)
    }
}

impl Handle {
    /// Asks the server to finish what it has begun.
    pub fn drain(&self) {
        self.phase
            .send_modify(|phase| *phase = Phase::Drain.max(*phase));
    }

    /// The same; asked a second time, it ends at once.
    pub fn stop(&self) {
        self.phase.send_modify(|phase| {
            *phase = match phase {
                Phase::Run => Phase::Drain,
                Phase::Drain | Phase::End => Phase::End,
            };
        });
    }

    /// Asks the server to read its certificate files again.
    pub fn reload(&self) {
        self.reload.send_replace(());
    }
}

//! The progress of a transfer on standard error: a bar for each blob on its way and one for all, or a
//! line for each blob that has arrived where there is no terminal.

use super::progress::{Progress, Shown};
use acr_api::oci::Digest;
use acr_client::transfer::{Event, Events, State};
use indicatif::{DecimalBytes, ProgressBar, ProgressState, ProgressStyle};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const BLOB: &str = "{prefix} {bar:24} {decimal_bytes:>10} / {decimal_total_bytes}";
const TOTAL: &str =
    "{prefix:19} {bar:24} {decimal_bytes:>10} / {decimal_total_bytes}  {speed}  {msg}";
/// Bars on a screen: more of them would push the first ones off it.
const MOST_BARS: usize = 12;

/// What is shown of a transfer, and what it came to. Dropping it wipes the bars off the screen, however the
/// transfer ended: who stops it drops it in the middle.
#[derive(Debug)]
pub(crate) struct Bars {
    state: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    progress: Progress,
    total: ProgressBar,
    /// Never shown: measures the speed of what moves in this run, where `total` counts what is there.
    wire: ProgressBar,
    blobs: HashMap<Digest, Blob>,
    tally: Tally,
    /// Whether the bars are gone. Threads of the transfer may outlive them.
    is_over: bool,
}

#[derive(Debug)]
struct Blob {
    bar: Option<ProgressBar>,
    /// How much of it is over.
    over: u64,
    /// How much of that an earlier run has left.
    resumed: u64,
}

/// What a transfer came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The blobs of the image.
    pub blobs: u64,
    /// Their bytes.
    pub size: u64,
    /// The blobs that went over the wire.
    pub sent: u64,
    /// Their bytes.
    pub sent_bytes: u64,
}

impl Bars {
    /// Begins to show what goes on under this title.
    pub(crate) fn begin(progress: &Progress, title: &'static str) -> Self {
        let wire = ProgressBar::hidden();
        let total = styled(TOTAL, 0, &wire).with_prefix(title);
        Self {
            state: Arc::new(Mutex::new(Inner {
                progress: progress.clone(),
                total: progress.screen().add(total),
                wire,
                blobs: HashMap::new(),
                tally: Tally::default(),
                is_over: false,
            })),
        }
    }

    /// Who has to be told what happens.
    pub(crate) fn events(&self) -> Events {
        let state = self.state.clone();
        Events::to(move |event| lock(&state).hear(event))
    }

    /// Wipes the bars off the screen and tells what it all came to.
    pub(crate) fn end(self) -> Tally {
        lock(&self.state).tally
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let mut inner = lock(&self.state);
        inner.is_over = true;
        for bar in inner.blobs.values().filter_map(|blob| blob.bar.as_ref()) {
            bar.finish_and_clear();
        }
        inner.total.finish_and_clear();
        // A screen that cannot be wiped is no reason to fail.
        let _ = inner.progress.screen().clear();
    }
}

fn lock(state: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    // A bar drawn by a thread that died is still a bar.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn hear(&mut self, event: Event) {
        if self.is_over {
            return;
        }
        match event.state {
            State::Planned => {
                self.tally.blobs += 1;
                self.tally.size += event.total;
                let blob = Blob {
                    bar: None,
                    over: 0,
                    resumed: 0,
                };
                self.blobs.insert(event.digest, blob);
                self.total.set_length(self.tally.size);
                self.count();
            }
            State::Resumed(over) => self.resumed(event, over),
            State::Moving(over) => self.moved(event, over),
            State::Done | State::Skipped | State::Mounted => self.ended(event),
        }
    }

    fn resumed(&mut self, event: Event, over: u64) {
        if let Some(blob) = self.blobs.get_mut(&event.digest) {
            blob.resumed = over;
            let before = std::mem::replace(&mut blob.over, over);
            self.total.inc(over.saturating_sub(before));
            self.total.dec(before.saturating_sub(over));
        }
    }

    fn moved(&mut self, event: Event, over: u64) {
        let bars = self
            .blobs
            .values()
            .filter(|blob| blob.bar.is_some())
            .count();
        let Some(blob) = self.blobs.get_mut(&event.digest) else {
            return;
        };
        if blob.bar.is_none() && self.progress.shown() == Shown::Bars && bars < MOST_BARS {
            let bar = styled(BLOB, event.total, &self.wire).with_prefix(short(&event.digest));
            let screen = self.progress.screen();
            blob.bar = Some(screen.insert_before(&self.total, bar));
        }
        if let Some(bar) = &blob.bar {
            bar.set_position(over);
        }
        let before = std::mem::replace(&mut blob.over, over);
        self.total.inc(over.saturating_sub(before));
        self.total.dec(before.saturating_sub(over));
        self.wire.inc(over.saturating_sub(before));
    }

    fn ended(&mut self, event: Event) {
        // Manifests are not planned, and too small to be worth a word.
        let Some(blob) = self.blobs.remove(&event.digest) else {
            return;
        };
        if let Some(bar) = &blob.bar {
            bar.finish_and_clear();
        }
        self.total.inc(event.total.saturating_sub(blob.over));
        let how = match event.state {
            State::Skipped => "is there already".to_owned(),
            State::Mounted => "is taken from another repository".to_owned(),
            _ => {
                self.tally.sent += 1;
                self.tally.sent_bytes += event.total.saturating_sub(blob.resumed);
                match blob.resumed {
                    0 => "done".to_owned(),
                    over => format!("done, {} of it were there already", DecimalBytes(over)),
                }
            }
        };
        self.count();
        if self.progress.shown() == Shown::Lines {
            let size = DecimalBytes(event.total).to_string();
            let line = format!("{} {size:>10} {how}", short(&event.digest));
            self.progress.write_line(&line);
        }
    }

    fn count(&self) {
        let done = self.tally.blobs.saturating_sub(self.blobs.len() as u64);
        self.total
            .set_message(format!("{done} of {} blobs", self.tally.blobs));
    }
}

/// A bar; `{speed}` in its template is that of `wire`.
fn styled(template: &str, length: u64, wire: &ProgressBar) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let wire = wire.clone();
    let speed = move |_: &ProgressState, text: &mut dyn Write| {
        // A piece of text takes whatever is written to it.
        let _ = write!(text, "{}/s", DecimalBytes(wire.per_sec() as u64));
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.with_key("speed", speed).progress_chars("━━ ")),
        Err(_) => bar,
    }
}

/// A digest as people tell one from another.
fn short(digest: &Digest) -> String {
    digest.to_string().chars().take(19).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_counts_as_part_of_the_image_and_not_as_sent() {
        let bars = Bars::begin(&Progress::on_stderr(true, false), "Pushing");
        let mut inner = lock(&bars.state);
        let mut hear = |digest: u8, total, state| {
            let digest = Digest::Sha256([digest; 32]);
            inner.hear(Event {
                digest,
                total,
                state,
            });
        };
        for (digest, total) in [(1, 100), (2, 50), (3, 7)] {
            hear(digest, total, State::Planned);
        }
        hear(1, 100, State::Moving(60));
        hear(1, 100, State::Moving(40));
        hear(1, 100, State::Done);
        hear(2, 50, State::Skipped);
        hear(3, 7, State::Mounted);
        hear(9, 999, State::Done);
        assert_eq!(inner.total.position(), 157);
        drop(inner);
        let expected = Tally {
            blobs: 3,
            size: 157,
            sent: 1,
            sent_bytes: 100,
        };
        assert_eq!(bars.end(), expected);
    }

    #[test]
    fn bars_of_a_transfer_that_was_stopped_are_gone_and_do_not_come_back() {
        let bars = Bars::begin(&Progress::on_stderr(true, false), "Pushing");
        let state = bars.state.clone();
        let event = |state| Event {
            digest: Digest::Sha256([1; 32]),
            total: 100,
            state,
        };
        let blob = styled(BLOB, 100, &lock(&state).wire);
        lock(&state).hear(event(State::Planned));
        for planned in lock(&state).blobs.values_mut() {
            planned.bar = Some(blob.clone());
        }
        drop(bars);
        assert!(blob.is_finished() && lock(&state).total.is_finished());
        // A thread that has not heard of it yet.
        lock(&state).hear(event(State::Moving(60)));
        assert!(lock(&state).blobs.values().all(|blob| blob.over == 0));
    }

    #[test]
    fn what_an_earlier_run_left_is_on_the_bar_and_not_in_the_count_nor_in_the_speed() {
        let bars = Bars::begin(&Progress::on_stderr(true, false), "Pulling");
        let mut inner = lock(&bars.state);
        for state in [
            State::Planned,
            State::Resumed(60),
            State::Moving(70),
            State::Moving(100),
        ] {
            inner.hear(Event {
                digest: Digest::Sha256([1; 32]),
                total: 100,
                state,
            });
        }
        assert_eq!((inner.total.position(), inner.wire.position()), (100, 40));
        inner.hear(Event {
            digest: Digest::Sha256([1; 32]),
            total: 100,
            state: State::Done,
        });
        assert_eq!(inner.total.position(), 100);
        drop(inner);
        let expected = Tally {
            blobs: 1,
            size: 100,
            sent: 1,
            sent_bytes: 40,
        };
        assert_eq!(bars.end(), expected);
    }
}

//! The server's log: text for a terminal, JSON for everything else, always on stderr.

use std::{io, panic};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::{Config, LogFormat, LogLevel};

/// Starts logging for this process; does nothing if something else has.
pub fn init(config: &Config, is_terminal: bool) {
    let format = config.log_format.unwrap_or(if is_terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).with_target(false).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(lines.with_filter(filter(config.log_level)))
        .try_init();
    if started.is_ok() {
        log_panics();
    }
}

/// Our own crates at the level asked for; others, which may log what they carry, only when something is wrong.
fn filter(level: LogLevel) -> Targets {
    let ours = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    Targets::new()
        .with_default(ours.min(LevelFilter::WARN))
        .with_target("acr", ours)
}

fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        let reason = info.payload_as_str().unwrap_or("unknown");
        tracing::error!(reason, place, "panic");
    }));
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn other_crates_never_log_what_they_carry() {
        let filter = filter(LogLevel::Trace);
        assert!(filter.would_enable("acr_server::http", &Level::TRACE));
        assert!(filter.would_enable("acr_store", &Level::DEBUG));
        assert!(filter.would_enable("hyper", &Level::WARN));
        assert!(!filter.would_enable("sqlx::query", &Level::DEBUG));
        assert!(!filter.would_enable("h2::codec", &Level::TRACE));
    }

    #[test]
    fn quiet_is_quiet_for_all() {
        let filter = filter(LogLevel::Error);
        assert!(!filter.would_enable("acr_server", &Level::WARN));
        assert!(!filter.would_enable("hyper", &Level::WARN));
    }
}

//! What `--verbose` and `--debug` show on stderr.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Starts showing events of this program's own crates; the libraries below it stay silent.
pub(crate) fn start(is_verbose: bool, is_debug: bool) {
    let level = match (is_verbose, is_debug) {
        (_, true) => LevelFilter::DEBUG,
        (true, false) => LevelFilter::INFO,
        (false, false) => return,
    };
    let ours = [
        "acr",
        "acr_auth",
        "acr_client",
        "acr_http",
        "acr_server",
        "acr_store",
    ];
    let targets: Targets = ours.into_iter().map(|target| (target, level)).collect();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_filter(targets);
    tracing_subscriber::registry().with(lines).init();
}

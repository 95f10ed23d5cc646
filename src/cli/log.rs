//! What `--verbose` and `--debug` show on stderr.

use tracing::level_filters::LevelFilter;

/// Starts showing events of this program's own crates; the libraries below it stay silent.
pub(crate) fn start(is_verbose: bool, is_debug: bool) {
    let level = match (is_verbose, is_debug) {
        (_, true) => LevelFilter::DEBUG,
        (true, false) => LevelFilter::INFO,
        (false, false) => return,
    };
    let targets = [
        "acr",
        "acr_auth",
        "acr_client",
        "acr_http",
        "acr_server",
        "acr_store",
    ]
    .into_iter()
    .map(|target| format!("{target}={level}"))
    .collect::<Vec<_>>()
    .join(",");
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(targets))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

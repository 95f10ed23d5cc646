//! What Tab offers: the command tree, and the names that only the service knows.
//!
//! Registry names come from a cache in our settings folder; an old cache is renewed by asking the
//! service, within a limit that a person at a keyboard does not notice.

use super::args::GlobalArgs;
use super::config::{self, Settings};
use super::context::{AZURE, Contexts};
use super::target::Backend;
use clap_complete::engine::CompletionCandidate;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a person may wait after Tab.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long names are offered without asking again.
const FRESH: Duration = Duration::from_secs(60);

/// The contexts that are known.
pub(crate) fn contexts() -> Vec<CompletionCandidate> {
    let known = Contexts::load(config::environment().config_folder()).unwrap_or_default();
    std::iter::once(AZURE)
        .chain(known.servers.keys().map(String::as_str))
        .map(CompletionCandidate::new)
        .collect()
}

/// The registries of the context in use; none if they cannot be had in time.
pub(crate) fn registries() -> Vec<CompletionCandidate> {
    let Ok(settings) = Settings::load(GlobalArgs::default()) else {
        return Vec::new();
    };
    let names = match Cache::load(&settings) {
        Some(cache) => cache.names,
        None => ask(settings).unwrap_or_default(),
    };
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// Names that were seen a moment ago.
#[derive(Debug, Serialize, Deserialize)]
struct Cache {
    context: String,
    names: Vec<String>,
}

impl Cache {
    fn load(settings: &Settings) -> Option<Self> {
        let file = Self::file(settings.environment.config_folder());
        let age = file.metadata().ok()?.modified().ok()?.elapsed().ok()?;
        if age > FRESH {
            return None;
        }
        let cache: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        (cache.context == context(settings)).then_some(cache)
    }

    fn save(&self, folder: &Path) -> Option<()> {
        std::fs::create_dir_all(folder).ok()?;
        let draft = tempfile::NamedTempFile::new_in(folder).ok()?;
        serde_json::to_writer(&draft, self).ok()?;
        draft.persist(Self::file(folder)).ok()?;
        Some(())
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("completion.json")
    }
}

fn context(settings: &Settings) -> String {
    let contexts = Contexts::load(settings.environment.config_folder()).unwrap_or_default();
    settings.context_name(&contexts)
}

fn ask(settings: Settings) -> Option<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    let names = runtime.block_on(async {
        let found = tokio::time::timeout(PATIENCE, async {
            let backend = Backend::find(&settings).ok()?;
            let arm = backend.arm().await.ok()?;
            arm.registries().list(None).await.ok()
        });
        let found = found.await.ok()??;
        let name = |registry: &serde_json::Value| Some(registry["name"].as_str()?.to_owned());
        Some(found.iter().filter_map(name).collect::<Vec<_>>())
    })?;
    let cache = Cache {
        context: context(&settings),
        names,
    };
    cache.save(settings.environment.config_folder());
    Some(cache.names)
}

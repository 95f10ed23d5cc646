//! What Tab offers: the command tree, and the names that only the service knows.
//!
//! Registry names come from a cache in our settings folder; an old cache is renewed by asking the
//! service, within a limit that a person at a keyboard does not notice.

use super::args::GlobalArgs;
use super::config::{self, Settings};
use super::context::{AZURE, Contexts};
use super::run::Cli;
use super::target::Backend;
use clap::{CommandFactory, FromArgMatches};
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
    let known = config::environment()
        .and_then(|environment| Contexts::load(environment.config_folder()))
        .unwrap_or_default();
    std::iter::once(AZURE)
        .chain(known.servers.keys().map(String::as_str))
        .map(CompletionCandidate::new)
        .collect()
}

/// The commands and groups that help shows.
pub(crate) fn commands() -> Vec<CompletionCandidate> {
    let tree = Cli::command();
    let shown = tree
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    shown
        .map(|command| CompletionCandidate::new(command.get_name()))
        .collect()
}

/// The registries of the context in use; none if they cannot be had in time.
pub(crate) fn registries() -> Vec<CompletionCandidate> {
    let Ok(settings) = Settings::load(typed()) else {
        return Vec::new();
    };
    let names = match Cache::load(&settings) {
        Some(cache) => cache.names,
        None => ask(settings).unwrap_or_default(),
    };
    names.into_iter().map(CompletionCandidate::new).collect()
}

/// The options of every command, as far as the line that is being typed has them: they say where commands go.
fn typed() -> GlobalArgs {
    // The shells put that line behind `--`.
    let line = std::env::args_os().skip_while(|word| word != "--").skip(1);
    let read = Cli::command()
        .ignore_errors(true)
        .try_get_matches_from(line);
    read.and_then(|line| GlobalArgs::from_arg_matches(&line))
        .unwrap_or_default()
}

/// Names that were seen a moment ago.
#[derive(Debug, Serialize, Deserialize)]
struct Cache {
    context: String,
    subscription: Option<String>,
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
        let is_of_here = cache.context == context(settings)
            && cache.subscription == settings.global.subscription;
        is_of_here.then_some(cache)
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
        subscription: settings.global.subscription.clone(),
        names,
    };
    cache.save(settings.environment.config_folder());
    Some(cache.names)
}

//! Looks at one repository until it is known what goes.

use super::choose::{Rules, choose, doomed};
use super::filter::Tags;
use super::graph::Graph;
use super::row::Row;
use super::survey::survey;
use crate::cli::error::CliError;
use acr_api::oci::RepositoryName;
use acr_client::registry::Registry;

/// What goes of a repository, and how its manifests hang together.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) rows: Vec<Row>,
    pub(super) graph: Graph,
}

/// The plan of a repository; `None` if there is none of this name.
///
/// What refers to a manifest may be tagged, so it is asked for: only for manifests that would go, and before they do.
pub(super) async fn plan(
    registry: &Registry,
    repository: &RepositoryName,
    (tags, rules): (&Tags<'_>, &Rules),
    at_once: usize,
) -> Result<Option<Plan>, CliError> {
    let Some(mut survey) = survey(registry, repository, rules.has_manifests, at_once).await? else {
        return Ok(None);
    };
    let mut rows = choose(&survey, tags, rules);
    let subjects = doomed(&rows);
    if !subjects.is_empty() {
        survey
            .ask_for_referrers(registry, &subjects, at_once)
            .await?;
        rows = choose(&survey, tags, rules);
    }
    Ok(Some(Plan {
        rows,
        graph: survey.graph,
    }))
}

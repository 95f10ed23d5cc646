//! Goes through the repositories of a registry.

use super::carry_out::carry_out;
use super::choose::Rules;
use super::filter::Filters;
use super::plan::{Plan, plan};
use super::row::Row;
use crate::cli::content::{self, everything};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_api::acr::PageQuery;
use acr_client::registry::Registry;
use std::cell::Cell;

/// How much is asked for at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Requests under way.
    pub at_once: usize,
    /// Repositories on a page.
    pub page: u32,
}

/// Goes through the repositories that are meant. One that cannot be read is left alone and told of at the end.
pub(crate) async fn look(
    ctx: &Ctx,
    registry: &Registry,
    (filters, rules): (&Filters, &Rules),
    pace: Pace,
) -> Result<(Vec<Plan>, Vec<CliError>), CliError> {
    let progress = ctx.console.progress("Looking ..");
    let names = match filters.literal() {
        Some(names) => names,
        None => {
            let query = PageQuery {
                n: Some(pace.page),
                ..everything()
            };
            registry.repositories(&query).all().await?
        }
    };
    let (mut plans, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        let Some(tags) = filters.of(&name) else {
            continue;
        };
        progress.set_message(format!("Looking at {name} .."));
        let repository = content::repository(&name)?;
        match plan(registry, &repository, (&tags, rules), pace.at_once).await {
            Ok(Some(plan)) => plans.push(plan),
            Ok(None) => ctx.console.warn(&format!(
                "{} has no repository '{repository}'.",
                registry.host()
            )),
            Err(error) => failures.push(error),
        }
    }
    Ok((plans, failures))
}

/// Deletes what was chosen, repository by repository.
pub(crate) async fn delete(
    ctx: &Ctx,
    registry: &Registry,
    plans: Vec<Plan>,
    pace: Pace,
) -> Vec<Row> {
    let progress = ctx.console.progress("Deleting ..");
    let total: usize = plans.iter().map(|plan| plan.rows.len()).sum();
    let done = Cell::new(0_usize);
    let tell = || {
        done.set(done.get() + 1);
        progress.set_message(format!("Deleting .. {} of {total}", done.get()));
    };
    let mut rows = Vec::new();
    for plan in plans {
        rows.extend(carry_out(registry, plan, pace.at_once, &tell).await);
    }
    rows
}

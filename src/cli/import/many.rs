//! Many imports, a few at a time, each with an outcome of its own.

use super::item::Item;
use crate::cli::ctx::{Ctx, Located};
use crate::cli::error::CliError;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

/// Imports that the service works on for us at a time.
const AT_ONCE: usize = 8;

/// Does them, and tells of each what became of it; also how many failed.
pub(crate) async fn run(
    ctx: &Ctx,
    located: &Located,
    items: Vec<Item>,
) -> Result<(Vec<Value>, usize), CliError> {
    let registries = ctx.arm().await?.registries();
    let total = items.len();
    let progress = ctx.console.progress("Importing ..");
    let mut done = 0;
    let imports = items.into_iter().map(|item| async move {
        let outcome = registries
            .import_image(&located.group, &located.name, &item.body)
            .await;
        (item, outcome)
    });
    let mut outcomes = stream::iter(imports).buffered(AT_ONCE);
    let (mut rows, mut failed) = (Vec::new(), 0);
    while let Some((item, outcome)) = outcomes.next().await {
        done += 1;
        progress.set_message(format!("Imported {done} of {total} .."));
        let mut row = json!({"source": item.source, "target": item.target, "status": "Succeeded"});
        if let Err(error) = outcome {
            failed += 1;
            row["status"] = "Failed".into();
            row["error"] = CliError::from(error).message().into();
        }
        rows.push(row);
    }
    Ok((rows, failed))
}

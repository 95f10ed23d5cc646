//! Deletes what was chosen, each looked at once more: what has changed since it was chosen stays, with all that it keeps.

use super::graph::Graph;
use super::plan::Plan;
use super::row::{Action, Form, Item, Row};
use crate::cli::error::CliError;
use acr_api::acr::ChangeableAttributes;
use acr_api::oci::Digest;
use acr_client::registry::{Entity, Error, Registry};
use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use std::collections::HashSet;

/// Deletes what was chosen of a repository: tags, then the indexes one after the other, then images, then what refers
/// to others. `tell` hears of each that was seen to.
pub(super) async fn carry_out(
    registry: &Registry,
    plan: Plan,
    at_once: usize,
    tell: &dyn Fn(),
) -> Vec<Row> {
    let Plan { rows, graph } = plan;
    let mut phases: [Vec<Row>; 4] = Default::default();
    for row in rows {
        let phase = match row.item {
            Item::Tag(_) => 0,
            Item::Manifest(Form::Index) => 1,
            Item::Manifest(Form::Image) => 2,
            Item::Manifest(Form::Referrer) => 3,
        };
        phases[phase].push(row);
    }
    let mut done = Vec::new();
    let mut kept = HashSet::new();
    let [tags, indexes, images, referrers] = phases;
    let rows = delete_all(registry, tags, at_once, tell).await;
    settle(&graph, rows, &mut kept, &mut done);
    // An index may list another one, which stays if this one does.
    for mut index in indexes {
        spare(&mut index, &kept);
        let rows = delete_all(registry, vec![index], 1, tell).await;
        settle(&graph, rows, &mut kept, &mut done);
    }
    for mut rows in [images, referrers] {
        rows.iter_mut().for_each(|row| spare(row, &kept));
        let rows = delete_all(registry, rows, at_once, tell).await;
        settle(&graph, rows, &mut kept, &mut done);
    }
    done
}

/// Keeps what hangs on what should have gone and has not.
fn settle(graph: &Graph, rows: Vec<Row>, kept: &mut HashSet<Digest>, done: &mut Vec<Row>) {
    let stays = rows
        .iter()
        .filter(|row| row.should_have_gone && row.action != Action::Deleted);
    kept.extend(graph.kept_by(stays.map(|row| row.digest)));
    done.extend(rows);
}

fn spare(row: &mut Row, kept: &HashSet<Digest>) {
    if row.action == Action::Delete && kept.contains(&row.digest) {
        row.action = Action::Keep;
        "something that needs it could not be deleted".clone_into(&mut row.reason);
    }
}

async fn delete_all(
    registry: &Registry,
    rows: Vec<Row>,
    at_once: usize,
    tell: &dyn Fn(),
) -> Vec<Row> {
    let work: Vec<_> = rows.into_iter().map(|row| see_to(registry, row)).collect();
    let ended = stream::iter(work).buffered(at_once);
    ended.inspect(|_| tell()).collect().await
}

async fn see_to(registry: &Registry, mut row: Row) -> Row {
    if row.action != Action::Delete {
        return row;
    }
    row.should_have_gone = true;
    match delete(registry, &row).await {
        Ok(Ended::Deleted) => row.action = Action::Deleted,
        Ok(Ended::Changed) => {
            row.action = Action::Keep;
            "it has changed since it was looked at".clone_into(&mut row.reason);
        }
        Err(error) => {
            row.action = Action::Failed;
            error.message().clone_into(&mut row.reason);
        }
    }
    row
}

enum Ended {
    Deleted,
    Changed,
}

async fn delete(registry: &Registry, row: &Row) -> Result<Ended, CliError> {
    let repository = &row.repository;
    let (entity, member) = match &row.item {
        Item::Tag(tag) => (Entity::Tag(repository, tag), "tag"),
        Item::Manifest(_) => (Entity::Manifest(repository, &row.digest), "manifest"),
    };
    let now: Value = match registry.attributes(entity).await {
        Ok(now) => now,
        // A registry deletes what refers to a manifest with it.
        Err(error) if error.is_not_found() => return Ok(Ended::Deleted),
        Err(error) => return Err(error.into()),
    };
    let now = &now[member];
    let is_same = now["digest"] == row.digest.to_string();
    // Taking a tag away may count as a change of its manifest, but giving one leaves a tag.
    let has_changed = match row.item {
        Item::Tag(_) => now["lastUpdateTime"] != row.seen.as_str(),
        Item::Manifest(_) => now["tags"].as_array().is_some_and(|tags| !tags.is_empty()),
    };
    if !is_same || has_changed {
        return Ok(Ended::Changed);
    }
    match row.is_locked {
        true => delete_locked(registry, row, entity, &now["changeableAttributes"]).await?,
        false => delete_open(registry, row).await?,
    }
    Ok(Ended::Deleted)
}

/// Unlocks and deletes. What cannot be deleted is locked again, as it was.
async fn delete_locked(
    registry: &Registry,
    row: &Row,
    entity: Entity<'_>,
    attributes: &Value,
) -> Result<(), CliError> {
    let locks = |delete_enabled, write_enabled| ChangeableAttributes {
        delete_enabled,
        write_enabled,
        ..ChangeableAttributes::default()
    };
    let open = locks(Some(true), Some(true));
    let before = locks(
        attributes["deleteEnabled"].as_bool(),
        attributes["writeEnabled"].as_bool(),
    );
    registry.change_attributes::<Value>(entity, &open).await?;
    let Err(refused) = delete_open(registry, row).await else {
        return Ok(());
    };
    match registry.change_attributes::<Value>(entity, &before).await {
        Ok(_) => Err(refused.into()),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(CliError::failed(format!(
            "{refused} It could not be locked again: {error}"
        ))),
    }
}

async fn delete_open(registry: &Registry, row: &Row) -> Result<(), Error> {
    let repository = &row.repository;
    match &row.item {
        Item::Tag(tag) => registry.delete_tag(repository, tag).await?,
        Item::Manifest(_) => {
            let reference = row.digest.into();
            registry.delete_manifest(repository, &reference).await?
        }
    };
    Ok(())
}

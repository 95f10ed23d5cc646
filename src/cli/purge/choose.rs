//! Decides what goes: a function of what was found and of the rules, and of nothing else.

use super::filter::Tags;
use super::row::{Action, Form, Item, Row};
use super::survey::{Survey, is_index, is_locked};
use acr_api::acr::{ManifestAttributes, TagAttributes};
use acr_api::oci::Digest;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// Why something stays even if locks are opened: the lock of a repository is about all of it, now and later, so that
/// it is not for a purge to open.
const IN_LOCKED: &str = "its repository is locked";

/// What the command line says.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// Only what has not changed since goes.
    pub cutoff: DateTime<Utc>,
    /// How many of the newest tags that would go stay.
    pub keep: usize,
    /// Whether tags go.
    pub has_tags: bool,
    /// Whether manifests that nothing keeps go.
    pub has_manifests: bool,
    /// Whether the locks of tags and manifests are opened.
    pub includes_locked: bool,
}

/// The rows of a repository: what goes, and what would go but for a reason.
pub(super) fn choose(survey: &Survey, tags: &Tags<'_>, rules: &Rules) -> Vec<Row> {
    let mut rows = match rules.has_tags {
        true => choose_tags(survey, tags, rules),
        false => Vec::new(),
    };
    if rules.has_manifests {
        let manifests = choose_manifests(survey, &rows, rules);
        rows.extend(manifests);
    }
    rows
}

/// The manifests that would go, for which the registry has yet to be asked what refers to them.
pub(super) fn doomed(rows: &[Row]) -> Vec<Digest> {
    let goes = |row: &&Row| !row.is_tag() && row.action == Action::Delete;
    rows.iter().filter(goes).map(|row| row.digest).collect()
}

fn choose_tags(survey: &Survey, meant: &Tags<'_>, rules: &Rules) -> Vec<Row> {
    let mut spared = 0;
    let mut rows = Vec::new();
    for tag in &survey.tags {
        if !meant.has(&tag.name) || !is_older(&tag.last_update_time, rules) {
            continue;
        }
        let is_locked = is_locked(&tag.changeable_attributes);
        let (action, reason) = if survey.is_locked {
            (Action::Keep, IN_LOCKED.to_owned())
        } else if is_locked && !rules.includes_locked {
            (Action::Keep, "it is locked".to_owned())
        } else if spared < rules.keep {
            spared += 1;
            let reason = format!("it is among the newest {} that are kept", rules.keep);
            (Action::Keep, reason)
        } else {
            (
                Action::Delete,
                "it matches a filter and is old enough".to_owned(),
            )
        };
        rows.extend(tag_row(survey, tag, is_locked, action, reason));
    }
    rows
}

fn tag_row(
    survey: &Survey,
    tag: &TagAttributes,
    is_locked: bool,
    action: Action,
    reason: String,
) -> Option<Row> {
    Some(Row {
        repository: survey.repository.clone(),
        item: Item::Tag(tag.name.parse().ok()?),
        digest: tag.digest,
        seen: tag.last_update_time.clone(),
        is_locked,
        action,
        should_have_gone: false,
        reason,
    })
}

fn choose_manifests(survey: &Survey, tags: &[Row], rules: &Rules) -> Vec<Row> {
    let gone: HashSet<&str> = tags
        .iter()
        .filter(|row| row.action == Action::Delete)
        .filter_map(|row| match &row.item {
            Item::Tag(tag) => Some(tag.as_str()),
            Item::Manifest(_) => None,
        })
        .collect();
    // The listing of tags is believed as well as that of manifests: either may be a moment older.
    let tagged: HashSet<Digest> = survey
        .tags
        .iter()
        .filter(|tag| !gone.contains(tag.name.as_str()))
        .map(|tag| tag.digest)
        .collect();
    let has_tag = |manifest: &ManifestAttributes| {
        tagged.contains(&manifest.digest)
            || manifest.tags.iter().any(|tag| !gone.contains(tag.as_str()))
    };
    let why_kept = |manifest: &ManifestAttributes| {
        if !is_older(&manifest.last_update_time, rules) {
            Some("it has changed lately")
        } else if survey.is_locked {
            Some(IN_LOCKED)
        } else if is_locked(&manifest.changeable_attributes) && !rules.includes_locked {
            Some("it is locked")
        } else {
            None
        }
    };
    let manifests = survey.manifests.iter();
    let roots = manifests
        .clone()
        .filter(|manifest| has_tag(manifest) || why_kept(manifest).is_some());
    // What is known only from hearsay, a referrer that no listing shows, is not known to go.
    let known = survey.digests();
    let strangers = survey.graph.referrers_besides(&known);
    let kept = survey
        .graph
        .kept_by(roots.map(|manifest| manifest.digest).chain(strangers));
    let mut rows: Vec<Row> = manifests
        .filter(|manifest| !has_tag(manifest))
        .map(|manifest| {
            let (action, reason) = match why_kept(manifest) {
                Some(why) => (Action::Keep, why),
                None if kept.contains(&manifest.digest) => (
                    Action::Keep,
                    "a manifest that stays needs it or belongs to it",
                ),
                None => (Action::Delete, "no tag leads to it"),
            };
            manifest_row(survey, manifest, action, reason)
        })
        .collect();
    let order = survey.graph.parents_first(&doomed(&rows));
    let place: HashMap<Digest, usize> = order.into_iter().zip(0..).collect();
    rows.sort_by_key(|row| place.get(&row.digest).copied());
    rows
}

fn manifest_row(
    survey: &Survey,
    manifest: &ManifestAttributes,
    action: Action,
    reason: &str,
) -> Row {
    Row {
        repository: survey.repository.clone(),
        item: Item::Manifest(match () {
            () if is_index(manifest) => Form::Index,
            () if survey.graph.is_referrer(&manifest.digest) => Form::Referrer,
            () => Form::Image,
        }),
        digest: manifest.digest,
        seen: manifest.last_update_time.clone(),
        is_locked: is_locked(&manifest.changeable_attributes),
        action,
        should_have_gone: false,
        reason: reason.to_owned(),
    }
}

/// Whether something last changed before the cutoff; a time that cannot be read is not known to be old.
fn is_older(time: &str, rules: &Rules) -> bool {
    let time = DateTime::parse_from_rfc3339(time);
    time.is_ok_and(|time| time < rules.cutoff)
}

//! What was deleted and can be restored.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

const ASKS_AGAIN: &str =
    "az finds the registry anew to learn for how long it keeps what is deleted";
const EMPTY: &str = "az takes an empty tag for none";

pub(super) const LINES: &[Line] = &[
    line("repository list-deleted -n premreg").on(Scene::Deleted),
    line("repository list-deleted --name premreg -o table").on(Scene::Deleted),
    line("repository list-deleted -n premreg --suffix x --username '' --password ''").on(Scene::Deleted),
    line("repository list-deleted -n premreg").on(Scene::Content),
    line("manifest list-deleted premreg{SUFFIX}/hello")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted -r premreg -n team/app -o table")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted --registry premreg --name hello --suffix x --username '' --password ''")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted -r premreg -n nosuch").on(Scene::Deleted).reads_differ(ASKS_AGAIN),
    line("manifest list-deleted -r premreg -n hello").on(Scene::Content).reads_differ(ASKS_AGAIN),
    line("manifest list-deleted -r premreg -n hello:v1"),
    line("manifest list-deleted"),
    line("manifest list-deleted-tags premreg{SUFFIX}/hello")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted-tags -r premreg -n hello:v1 -o table")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted-tags --registry premreg --name hello:nosuch --suffix x --username '' --password ''")
        .on(Scene::Deleted)
        .reads_differ(ASKS_AGAIN),
    line("manifest list-deleted-tags -r premreg -n hello@{ONE}"),
    line("manifest list-deleted-tags -r premreg -n hello:").on(Scene::Deleted).we_refuse(EMPTY),
    line("manifest restore premreg{SUFFIX}/hello:v2").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello:v1 --yes").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello:v1").on(Scene::Deleted),
    line("manifest restore --registry premreg --name hello:new --digest {THREE} -y").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello:latest -d {THREE}").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello:latest -d {THREE} --force").on(Scene::Deleted),
    line("manifest restore -r premreg -n team/app -d {APP} -f --suffix x --username '' --password ''")
        .on(Scene::Deleted),
    line("manifest restore -r premreg -n hello:nosuch").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello").on(Scene::Deleted).reads_differ("az looks for a tag that nobody named"),
    line("manifest restore -r premreg -n hello:v2 -d {NONE}").on(Scene::Deleted),
    line("manifest restore -r premreg -n hello@{ONE}"),
    line("manifest restore"),
];

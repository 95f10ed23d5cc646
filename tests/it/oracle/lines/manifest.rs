//! Manifests: as they are, their metadata, and what refers to them.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

const SIDE_BY_SIDE: &str = "az reads manifest after manifest, we read several at once";
const LOGIN_TWICE: &str = "az finds the registry anew before the second thing it asks there";
const SURPLUS: &str = "az passes over a second name in silence";
const CONTRADICTION: &str = "az passes over --registry in silence where the name has a registry";
const REFUSED: &str = "az asks twice more for what the service has refused for good";
const UNREAD: &str = "az sends a name that can be none, and shows the 404 of the service";
const GET_WITH_BODY: &str = "where nothing is to be changed, az sends an empty change with a GET";
const EMPTY: &str = "az sends an empty tag, and shows the 404 of the service";
const DEFAULT: &str = "a context of ours has a default registry";

pub(super) const LINES: &[Line] = &[
    // show
    line("manifest show premreg{SUFFIX}/hello:v1").on(Scene::Content),
    line("manifest show -r premreg -n hello:v1").on(Scene::Content),
    line("manifest show --registry premreg --name hello@{INDEX} -o table").on(Scene::Content),
    line("manifest show -r premreg -n hello --query config.digest -o tsv").on(Scene::Content),
    line("manifest show https://premreg{SUFFIX}/team/app@{SBOM} -o yaml").on(Scene::Content),
    line("manifest show -r premreg -n hello:v1 --raw").on(Scene::Content),
    line("manifest show premreg{SUFFIX}/hello:multi --raw -o table").on(Scene::Content),
    line("manifest show -r premreg -n hello:nosuch").on(Scene::Content),
    line("manifest show -r premreg -n hello@{NONE}").on(Scene::Content),
    line("manifest show -r premreg -n nosuch --suffix x").on(Scene::Content),
    line("manifest show -r premreg -n hello:v1 --username '' --password ''").on(Scene::Content),
    line("manifest show"),
    line("manifest show hello:v1"),
    line("manifest show -r premreg hello:v1"),
    line("manifest show -n hello:v1").context_differs(DEFAULT),
    line("manifest show premreg{SUFFIX}/hello -n hello:v1"),
    line("manifest show premreg.example.org/hello:v1"),
    line("manifest show premreg{SUFFIX}/hello:").on(Scene::Content).we_refuse(EMPTY),
    line("manifest show -r premreg -n hello:").on(Scene::Content).we_refuse(EMPTY),
    line("manifest show -r premreg -n a:b:c"),
    line("manifest show premreg{SUFFIX}/hello:v1 premreg{SUFFIX}/hello:v2").on(Scene::Content).we_refuse(SURPLUS),
    line("manifest show -r basicreg premreg{SUFFIX}/hello:v1").on(Scene::Content).we_refuse(CONTRADICTION),
    line("manifest"),
    // list
    line("manifest list premreg{SUFFIX}/hello").on(Scene::Content).reads_differ(SIDE_BY_SIDE),
    line("manifest list -r premreg -n team/app -o table").on(Scene::Content).reads_differ(SIDE_BY_SIDE),
    line("manifest list --registry premreg --name hello --top 2 --orderby time_desc")
        .on(Scene::Content)
        .reads_differ(SIDE_BY_SIDE),
    line("manifest list -r premreg -n many --query length(@)").on(Scene::Pages).reads_differ(SIDE_BY_SIDE),
    line("manifest list -r premreg -n nosuch --suffix x").on(Scene::Content),
    line("manifest list -r premreg -n hello --username '' --password ''").on(Scene::Content).reads_differ(SIDE_BY_SIDE),
    line("manifest list -r premreg -n hello:v1"),
    line("manifest list premreg{SUFFIX}/hello:v1"),
    line("manifest list premreg"),
    line("manifest list"),
    // list-metadata
    line("manifest list-metadata premreg{SUFFIX}/hello").on(Scene::Content),
    line("manifest list-metadata -r premreg -n team/app -o table").on(Scene::Content),
    line("manifest list-metadata --registry premreg --name hello --top 2 --orderby time_asc").on(Scene::Content),
    line("manifest list-metadata --registry premreg --name hello --top=-1").on(Scene::Content).reads_differ(REFUSED),
    line("manifest list-metadata -r premreg -n hello --orderby time_desc --query [].[digest,tags] -o tsv")
        .on(Scene::Content),
    line("manifest list-metadata -r premreg -n many --query '[length(@), [0].digest, [-1].digest]'").on(Scene::Pages),
    line("manifest list-metadata -r premreg -n many --top 102 --query length(@)").on(Scene::Pages),
    line("manifest list-metadata -r premreg -n nosuch --suffix x").on(Scene::Content),
    line("manifest list-metadata -r premreg -n hello --username '' --password ''").on(Scene::Content),
    line("manifest list-metadata -r premreg -n Hello").we_refuse(UNREAD),
    line("manifest metadata list -r premreg -n hello --top 1 --orderby time_asc").on(Scene::Content),
    line("manifest metadata list premreg{SUFFIX}/hello --suffix x --query length(@)").on(Scene::Content),
    line("manifest metadata list --registry premreg --name hello -u '' -p ''").on(Scene::Content),
    // show-metadata
    line("manifest show-metadata premreg{SUFFIX}/hello:v1").on(Scene::Content),
    line("manifest show-metadata -r premreg -n hello@{ONE}").on(Scene::Content),
    line("manifest show-metadata --registry premreg --name hello -o table").on(Scene::Content),
    line("manifest show-metadata -r premreg -n hello@{INDEX} --query references").on(Scene::Content),
    line("manifest show-metadata -r premreg -n hello:nosuch --suffix x").on(Scene::Content),
    line("manifest show-metadata -r premreg -n hello --username '' --password ''").on(Scene::Content),
    line("manifest show-metadata"),
    line("manifest metadata show -r premreg -n hello:v1").on(Scene::Content),
    line("manifest metadata show premreg{SUFFIX}/hello@{ONE} --suffix x").on(Scene::Content),
    line("manifest metadata show --registry premreg --name hello -u '' -p ''").on(Scene::Content),
    // update-metadata
    line("manifest update-metadata premreg{SUFFIX}/hello:v1 --write-enabled false").on(Scene::Content),
    line("manifest update-metadata -r premreg -n hello@{ONE} --delete-enabled false --list-enabled false")
        .on(Scene::Content),
    line("manifest update-metadata --registry premreg --name hello --read-enabled false -o table").on(Scene::Content),
    line("manifest update-metadata -r premreg -n hello:v1").on(Scene::Content).reads_differ(GET_WITH_BODY),
    line("manifest update-metadata -r premreg -n hello:nosuch --write-enabled false --suffix x").on(Scene::Content),
    line("manifest update-metadata -r premreg -n hello --username '' --password ''").on(Scene::Content).reads_differ(GET_WITH_BODY),
    line("manifest update-metadata --write-enabled false"),
    line("manifest metadata update premreg{SUFFIX}/hello:v1 --write-enabled false --delete-enabled false")
        .on(Scene::Content),
    line("manifest metadata update -r premreg -n hello:v1 --read-enabled --list-enabled true --suffix x")
        .on(Scene::Content),
    line("manifest metadata update --registry premreg --name hello:v1 -u '' -p ''").on(Scene::Content).reads_differ(GET_WITH_BODY),
    // list-referrers
    line("manifest list-referrers premreg{SUFFIX}/team/app@{APP}").on(Scene::Content),
    line("manifest list-referrers -r premreg -n team/app@{APP} -o table").on(Scene::Content),
    line("manifest list-referrers -r premreg -n team/app").on(Scene::Content).reads_differ(LOGIN_TWICE),
    line("manifest list-referrers --registry premreg --name team/app@{APP} --recursive").on(Scene::Content),
    line("manifest list-referrers -r premreg -n team/app@{APP} --artifact-type application/vnd.example.sbom")
        .on(Scene::Content),
    line("manifest list-referrers -r premreg -n team/app@{APP} --recursive --artifact-type application/vnd.example.sbom")
        .on(Scene::Content),
    line("manifest list-referrers -r premreg -n hello@{ONE}").on(Scene::Content),
    line("manifest list-referrers -r premreg -n hello@{ONE} -o table").on(Scene::Content),
    line("manifest list-referrers -r premreg -n hello@{NONE}").on(Scene::Content),
    line("manifest list-referrers -r premreg -n hello:nosuch --suffix x").on(Scene::Content),
    line("manifest list-referrers -r premreg -n hello --username '' --password ''").on(Scene::Content).reads_differ(LOGIN_TWICE),
    line("manifest list-referrers"),
    // delete
    line("manifest delete premreg{SUFFIX}/hello:v1 -y").on(Scene::Content).reads_differ(LOGIN_TWICE),
    line("manifest delete -r premreg -n hello@{THREE} --yes").on(Scene::Content),
    line("manifest delete --registry premreg --name team/app@{APP} -y").on(Scene::Content),
    line("manifest delete -r premreg -n hello:kept -y").on(Scene::Content).reads_differ(LOGIN_TWICE),
    line("manifest delete -r premreg -n hello@{ONE}").on(Scene::Content),
    line("manifest delete -r premreg -n hello@{NONE} -y --suffix x").on(Scene::Content),
    line("manifest delete -r premreg -n hello:nosuch -y").on(Scene::Content),
    line("manifest delete -r premreg -n hello --username '' --password ''").on(Scene::Content).reads_differ(LOGIN_TWICE),
    line("manifest delete -y"),
    line("manifest delete premreg{SUFFIX}/team/app: -y").on(Scene::Content).we_refuse(EMPTY),
    line("manifest delete premreg{SUFFIX}/hello:v1 premreg{SUFFIX}/hello:v2 -y").on(Scene::Content).we_refuse(SURPLUS),
];

//! Repositories, and the tags and images in them.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

const BY_DIGEST: &str =
    "az reads all tags of the repository to find those of one image; we ask for those alone";
const REFUSED: &str = "az asks twice more for what the service has refused for good";
const UNREAD: &str = "az sends a name that can be none, and shows the 404 of the service";
const GET_WITH_BODY: &str = "where nothing is to be changed, az sends an empty change with a GET";
const LOGIN_SERVER: &str =
    "az takes no name with a port; we ask what the registry itself is called";
const EMPTY: &str = "az takes an empty tag for the whole repository";
const TWICE: &str = "with a tag and a digest az asks for a repository with a colon in its name";

pub(super) const LINES: &[Line] = &[
    // list
    line("repository list -n premreg").on(Scene::Content),
    line("repository list --name premreg -o table").on(Scene::Content),
    line("repository list -n premreg -o tsv").on(Scene::Content),
    line("repository list -n premreg --top 1").on(Scene::Content),
    line("repository list -n premreg --top 0").on(Scene::Content),
    line("repository list -n premreg --top x").on(Scene::Content),
    line("repository list -n premreg --top -1").on(Scene::Content).reads_differ(REFUSED),
    line("repository list -n premreg --top 1001").on(Scene::Content),
    line("repository list -n premreg --resource-group rg1 --query length(@)").on(Scene::Content),
    line("repository list -n premreg --query length(@)").on(Scene::Pages),
    line("repository list -n premreg --top 102 --query [-1]").on(Scene::Pages),
    line("repository list -n premreg --username premreg --password wrong"),
    line("repository list -n premreg --password secret"),
    line("repository list -n premreg --suffix tenant").on(Scene::Content),
    line("repository list -n premreg{SUFFIX}").on(Scene::Content),
    line("repository list -n basicreg"),
    line("repository list -n nosuchreg"),
    line("repository list -n no"),
    line("repository"),
    // show-tags
    line("repository show-tags -n premreg --repository hello").on(Scene::Content),
    line("repository show-tags --name premreg --repository hello -o table").on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --detail").on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --detail -o table").on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --orderby time_desc").on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --orderby TIME_ASC --top 2 --detail --query [].name")
        .on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --orderby time").on(Scene::Content),
    line("repository show-tags -n premreg --repository team/app -g rg1 -o tsv").on(Scene::Content),
    line("repository show-tags -n premreg --repository many --query '[length(@), [0], [-1]]'").on(Scene::Pages),
    line("repository show-tags -n premreg --repository many --orderby time_desc --query '[length(@), [0], [-1]]'")
        .on(Scene::Pages),
    line("repository show-tags -n premreg --repository many --top 101 --query '[length(@), [-1]]'").on(Scene::Pages),
    line("repository show-tags -n premreg --repository hello --top -150").on(Scene::Content).reads_differ(REFUSED),
    line("repository show-tags -n premreg --repository nosuch").on(Scene::Content),
    line("repository show-tags -n premreg --repository hello --suffix x -u '' -p ''").on(Scene::Content),
    line("repository show-tags -n premreg"),
    line("repository show-tags -n premreg --repository Hello").we_refuse(UNREAD),
    line("repository show-tags -n premreg --repository ''").we_refuse(UNREAD),
    // show-manifests
    line("repository show-manifests -n premreg --repository hello").on(Scene::Content),
    line("repository show-manifests --name premreg --repository hello --detail").on(Scene::Content),
    line("repository show-manifests -n premreg --repository hello -o table").on(Scene::Content),
    line("repository show-manifests -n premreg --repository hello --orderby time_asc --top 2 --resource-group rg1")
        .on(Scene::Content),
    line("repository show-manifests -n premreg --repository many --orderby time_desc --query length(@)")
        .on(Scene::Pages),
    line("repository show-manifests -n premreg --repository nosuch --suffix x").on(Scene::Content),
    line("repository show-manifests -n premreg --repository hello --username '' --password ''"),
    // show
    line("repository show -n premreg --repository hello").on(Scene::Content),
    line("repository show --name premreg --repository team/app -o table").on(Scene::Content),
    line("repository show -n premreg --image hello:v1").on(Scene::Content),
    line("repository show -n premreg -t hello -o yaml").on(Scene::Content),
    line("repository show -n premreg --image hello@{ONE}").on(Scene::Content),
    line("repository show -n premreg --image hello@{INDEX}").on(Scene::Content),
    line("repository show -n premreg --image team/app@{SBOM} -o table").on(Scene::Content),
    line("repository show -n premreg --image hello:kept --resource-group rg1 --query changeableAttributes")
        .on(Scene::Content),
    line("repository show -n premreg --repository nosuch").on(Scene::Content),
    line("repository show -n premreg --image hello:nosuch").on(Scene::Content),
    line("repository show -n premreg --image hello@{NONE}").on(Scene::Content),
    line("repository show -n premreg --image nosuch:v1 --suffix x").on(Scene::Content),
    line("repository show -n premreg --image hello:v1 --username '' --password ''").on(Scene::Content),
    line("repository show -n premreg --image hello:v1 --username premreg").on(Scene::Content),
    line("repository show -n premreg"),
    line("repository show -n premreg --repository hello --image hello:v1"),
    line("repository show -n premreg --image a:b:c"),
    line("repository show -n premreg --image a@b@c"),
    line("repository show -n premreg --image hello:").on(Scene::Content).we_refuse(EMPTY),
    line("repository show -n premreg --image hello@").on(Scene::Content).we_refuse(EMPTY),
    line("repository show -n premreg --repository hello:v1").on(Scene::Content).we_refuse(UNREAD),
    line("repository show -n premreg --image other.example.org:5000/hello:v1").reads_differ(LOGIN_SERVER),
    // update
    line("repository update -n premreg --repository hello --write-enabled false").on(Scene::Content),
    line("repository update --name premreg --image hello:v1 --delete-enabled false --list-enabled false -o table")
        .on(Scene::Content),
    line("repository update -n premreg -t hello@{TWO} --read-enabled FALSE --resource-group rg1").on(Scene::Content),
    line("repository update -n premreg --image hello:kept --write-enabled --delete-enabled true").on(Scene::Content),
    line("repository update -n premreg --image hello:v1").on(Scene::Content).reads_differ(GET_WITH_BODY),
    line("repository update -n premreg --image hello:nosuch --write-enabled false --suffix x").on(Scene::Content),
    line("repository update -n premreg --repository nosuch --write-enabled false").on(Scene::Content),
    line("repository update -n premreg --image hello:v1 --write-enabled maybe"),
    line("repository update -n premreg --write-enabled false"),
    line("repository update -n premreg --image hello:v1 --username '' --password ''").on(Scene::Content).reads_differ(GET_WITH_BODY),
    line("repository update -n premreg --image hello: --write-enabled false").on(Scene::Content).we_refuse(EMPTY),
    // untag
    line("repository untag -n premreg --image hello:v1").on(Scene::Content),
    line("repository untag --name premreg -t hello --resource-group rg1").on(Scene::Content),
    line("repository untag -n premreg --image hello:nosuch").on(Scene::Content),
    line("repository untag -n premreg --image hello:kept --suffix x").on(Scene::Content),
    line("repository untag -n premreg --image hello@{ONE}"),
    line("repository untag -n premreg --image hello:v1 --username '' --password ''").on(Scene::Content),
    line("repository untag -n premreg"),
    line("repository untag -n premreg --image hello:").on(Scene::Content).we_refuse(EMPTY),
    // delete
    line("repository delete -n premreg --repository hello").on(Scene::Content),
    line("repository delete -n premreg --repository team/app --yes").on(Scene::Content),
    line("repository delete --name premreg --repository team/app -y -o table --resource-group rg1").on(Scene::Content),
    line("repository delete -n premreg --repository nosuch -y").on(Scene::Content),
    line("repository delete -n premreg --image hello:v1 -y").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg -t hello@{THREE} -y --suffix x").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg --image hello:multi -y").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg --image hello:v1").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg --image hello:kept -y").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg --repository hello -y").on(Scene::Content),
    line("repository delete -n premreg --image hello:nosuch -y").on(Scene::Content),
    line("repository delete -n premreg --image hello@{NONE} -y").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg --image hello:v1 --username '' --password ''").on(Scene::Content).reads_differ(BY_DIGEST),
    line("repository delete -n premreg -y"),
    line("repository delete -n premreg --repository hello --image hello:v1 -y").on(Scene::Content),
    line("repository delete -n premreg --image team/app: -y").on(Scene::Content).we_refuse(EMPTY),
    line("repository delete -n premreg --image team/app@ -y").on(Scene::Content).we_refuse(EMPTY),
    line("repository delete -n premreg --repository '' --image hello:v1 -y").on(Scene::Content).we_refuse(EMPTY),
    line("repository show -n premreg --image hello:v1@{NONE}").on(Scene::Content).we_refuse(TWICE),
];

//! Imports of images from one registry into another.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

pub(super) const LINES: &[Line] = &[
    line("import -n basicreg --source hello:v1 -r premreg").on(Scene::Content),
    line("import --name basicreg --resource-group rg1 --source hello:v1 --registry PREMREG --image other:v2 -t third -o table")
        .on(Scene::Content),
    line("import -n basicreg --source premreg{SUFFIX}/hello:multi --repository copy --force")
        .on(Scene::Content),
    line("import -n basicreg --source hello@{ONE} -r premreg --query x").on(Scene::Content),
    line("import -n basicreg --source hello -r premreg").on(Scene::Content),
    line("import -n basicreg --source premreg{SUFFIX}/hello:v1 -r premreg -t a:b").on(Scene::Content),
    line("import -n basicreg --source hello:v1 -t a:b -r /subscriptions/{SUB}/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/premreg")
        .on(Scene::Content),
    line("import -n basicreg --source hello:v1 -t a:b -r /subscriptions/{SUB}/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/nosuchreg"),
    line("import -n premreg --source hello:v1 -r premreg -t hello:stable").on(Scene::Content),
    line("import -n premreg --source hello:v2 -r premreg -t hello:v1").on(Scene::Content),
    line("import -n premreg --source hello:v2 -r premreg -t hello:v1 --force").on(Scene::Content),
    line("import -n basicreg --source hello:v1 -r premreg --no-wait").on(Scene::Content),
    line("import -n basicreg --source nothing:v1 -r premreg").on(Scene::Content),
    line("import -n basicreg --source hello:v1 -r premreg -t BAD").on(Scene::Content),
    line("import -n basicreg --source premreg{SUFFIX}/hello:v1 --username premreg --password wrong")
        .on(Scene::Content),
    line("import -n basicreg --source premreg{SUFFIX}/hello:v1 -p wrong -t a").on(Scene::Content),
    line("import -n basicreg --source 127.0.0.1:1/hello:v1 -t a"),
    line("import -n basicreg --source hello:v1"),
    line("import -n basicreg --source /hello:v1"),
    line("import -n basicreg --source nodots/hello:v1"),
    line("import -n basicreg --source ''"),
    line("import -n basicreg --source x.y/hello:v1 -u me"),
    line("import -n basicreg --source hello:v1 -r nosuchreg"),
    line("import -n basicreg --source hello:v1 -r ''"),
    line("import -n nosuchreg --source x.y/hello:v1"),
    line("import -n basicreg"),
    line("import --source x.y/hello:v1 -t"),
];

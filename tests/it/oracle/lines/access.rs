//! Scope maps and tokens.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

pub(super) const LINES: &[Line] = &[
    // scope-map
    line("scope-map list -r stdreg --query \"sort_by(@,&name)[].{n:name,t:scopeMapType}\""),
    line("scope-map list -r stdreg -g rg2 -o table").on(Scene::Access),
    line("scope-map show -r stdreg -n readers").on(Scene::Access),
    line("scope-map show --registry stdreg --name readers --resource-group rg2 -o table")
        .on(Scene::Access),
    line("scope-map show -r stdreg -n _repositories_pull"),
    line("scope-map show -r stdreg -n nosuchmap"),
    line("scope-map create -r stdreg -n writers --repository App content/write content/read"),
    line(
        "scope-map create -r stdreg -g rg2 -n writers --repository a content/read --repository b/* metadata/read --gateway edge config/read message/read --description 'to write'",
    ),
    line("scope-map create -r stdreg -n writers --repository a"),
    line("scope-map create -r stdreg -n writers --repository a nonsense"),
    line("scope-map create -r stdreg"),
    line("scope-map update -r stdreg -n readers --add-repository a content/read")
        .on(Scene::Access),
    line("scope-map update -r stdreg -n readers --add b content/read --remove a content/read")
        .on(Scene::Access),
    line(
        "scope-map update -r stdreg -g rg2 -n readers --remove-repository a content/read --add-gateway e config/read --remove-gateway f config/read --description changed",
    )
    .on(Scene::Access),
    line("scope-map update -r stdreg -n readers --add-repository a content/read --remove-repository a content/read")
        .on(Scene::Access),
    line("scope-map update -r stdreg -n readers").on(Scene::Access),
    line("scope-map delete -r stdreg -n readers -y").on(Scene::Access),
    line("scope-map delete -r stdreg -g rg2 -n readers --yes").on(Scene::Access),
    line("scope-map delete -r stdreg -n readers").on(Scene::Access),
    // token
    line("token list -r stdreg"),
    line("token list -r stdreg -g rg2 -o table").on(Scene::Access),
    line("token show -r stdreg -n reader1").on(Scene::Access),
    line("token show --registry stdreg --name reader1 --resource-group rg2 -o table")
        .on(Scene::Access),
    line("token show -r stdreg -n nosuchtoken"),
    line("token create -r stdreg -n reader2 --scope-map readers --no-passwords")
        .on(Scene::Access),
    line("token create -r stdreg -n reader2 --scope-map readers --status disabled")
        .on(Scene::Access),
    line("token create -r stdreg -g rg2 -n reader2 --repository a content/read --expiration 2100-12-31T12:59:59Z"),
    line("token create -r stdreg -n reader2 --gateway edge config/read --no-passwords true"),
    line("token create -r stdreg -n reader2 --scope-map readers --repository a content/read"),
    line("token create -r stdreg -n reader2"),
    line("token create -r stdreg -n reader2 --scope-map readers --no-passwords --expiration-in-days 3"),
    line("token create -r stdreg -n reader2 --scope-map readers --expiration tomorrow"),
    line("token update -r stdreg -n reader1 --status disabled").on(Scene::Access),
    line("token update -r stdreg -g rg2 -n reader1 --scope-map _repositories_pull --status enabled")
        .on(Scene::Access),
    line("token delete -r stdreg -n reader1 -y").on(Scene::Access),
    line("token delete -r stdreg -g rg2 -n reader1 --yes").on(Scene::Access),
    line("token delete -r stdreg -n reader1").on(Scene::Access),
    line("token credential generate -r stdreg -n reader1").on(Scene::Access),
    line("token credential generate -r stdreg -n reader1 --password1 -o table --query username")
        .on(Scene::Access),
    line("token credential generate -r stdreg -g rg2 -n reader1 --password2 --expiration 2100-12-31T12:59:59Z")
        .on(Scene::Access),
    line("token credential generate -r stdreg -n reader1 --expiration-in-days x"),
    line("token credential delete -r stdreg -n reader1").on(Scene::Access),
    line("token credential delete -r stdreg -g rg2 -n reader1 --password1").on(Scene::Access),
    line("token credential delete -r stdreg -n reader1 --password1 --password2")
        .on(Scene::Access),
    line("token credential delete -r stdreg -n reader1 --password2").on(Scene::Access),
];

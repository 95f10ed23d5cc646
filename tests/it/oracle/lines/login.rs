//! Logins that are shown and not kept: the rest of `login` needs a Docker, which az asks and we do not.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

pub(super) const LINES: &[Line] = &[
    line("login -n premreg --expose-token --query loginServer"),
    line("login --name premreg -t --query 'keys(@)' -o tsv"),
    line(
        "login -n premreg --expose-token --resource-group rg1 --suffix x --query \"[loginServer, username]\"",
    ),
    line("login -n premreg{SUFFIX} -t --query loginServer -o table"),
    line("login -n premreg --expose-token --username '' --password '' --query loginServer"),
    line("login -n premreg --expose-token --username premreg --password secret"),
    line("login -n premreg --expose-token --endpoint westus").on(Scene::Content),
    line("login -n nosuchreg --expose-token"),
    line("login -n no --expose-token"),
    line("login --expose-token=maybe -n premreg"),
];

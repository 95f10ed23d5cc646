//! `acr show-endpoints`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::{Ctx, Located};
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use crate::cli::ui::table::Column;
use serde_json::{Value, json};

/// Show the hosts that clients of a registry need to reach.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = &[
    Column::rows(rows),
    Column::path("loginServer", "loginServer"),
    Column::path("region", "region"),
    Column::path("endpoint", "endpoint"),
];

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let properties = &registry["properties"];
    let data_endpoints = match properties["dataEndpointEnabled"] == true {
        true => hosts(&properties["dataEndpointHostNames"]),
        false => undedicated(ctx, &located, &registry).await?,
    };
    let mut endpoints = json!({
        "loginServer": properties["loginServer"],
        "dataEndpoints": data_endpoints,
    });
    if properties["regionalEndpoints"] == "Enabled" {
        endpoints["regionalEndpoints"] = hosts(&properties["regionalEndpointHostNames"]).into();
    }
    Ok(Reply::value(endpoints).table(TABLE))
}

/// Where blobs come from without endpoints of their own: in Azure from storage accounts. A server of our own sends them
/// itself; az, which takes every cloud for one with storage accounts, names hosts there that nobody has.
async fn undedicated(
    ctx: &Ctx,
    located: &Located,
    registry: &Value,
) -> Result<Vec<Value>, CliError> {
    let host = match &ctx.backend()?.cloud.storage_suffix {
        Some(suffix) => {
            ctx.console.warn(&format!(
                "Blobs come from storage accounts whose names change. To open a firewall for one host instead, \
                 use `acr update --name {} --data-endpoint-enabled`.",
                located.name
            ));
            format!("*.blob.{suffix}").into()
        }
        None => registry["properties"]["loginServer"].clone(),
    };
    let arm = ctx.arm().await?;
    let replications = arm
        .registry_children(&located.group, &located.name, "replications")
        .list()
        .await?;
    let regions: Vec<&Value> = match replications.is_empty() {
        true => vec![&registry["location"]],
        false => replications.iter().map(|copy| &copy["location"]).collect(),
    };
    let endpoint = |region: &Value| json!({ "region": region, "endpoint": host });
    Ok(regions.into_iter().map(endpoint).collect())
}

/// A row for each endpoint, with the login server in front.
fn rows(endpoints: &Value) -> Vec<Value> {
    let hosts = endpoints["dataEndpoints"].as_array();
    let hosts = hosts.map(Vec::as_slice).unwrap_or_default();
    let row = |host: &Value| {
        json!({
            "loginServer": endpoints["loginServer"],
            "region": host["region"],
            "endpoint": host["endpoint"],
        })
    };
    hosts.iter().map(row).collect()
}

/// Hosts with the region that is the second part of each name.
fn hosts(names: &Value) -> Vec<Value> {
    let names = names.as_array().map(Vec::as_slice).unwrap_or_default();
    names
        .iter()
        .filter_map(Value::as_str)
        .map(|host| json!({ "region": host.split('.').nth(1), "endpoint": host }))
        .collect()
}

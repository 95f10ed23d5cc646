//! `acr token create`

use crate::cli::actions::{self, GrantArgs};
use crate::cli::args::{InRegistryArgs, choice, true_or_false};
use crate::cli::ctx::{Ctx, Located};
use crate::cli::error::CliError;
use crate::cli::passwords::{ExpiryArgs, generate};
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::TOKENS;
use crate::cli::ui::table::Column;
use acr_http::StatusCode;
use serde_json::{Value, json};

/// Create a token, with two passwords.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: InRegistryArgs,
    /// The name of the token.
    #[arg(short, long, value_name = "NAME")]
    name: String,
    /// The scope map that says what the token may do.
    #[arg(long, value_name = "SCOPE_MAP")]
    scope_map: Option<String>,
    #[command(flatten)]
    actions: GrantArgs,
    /// Whether the token works.
    #[arg(long, value_name = "STATUS", default_value = "enabled", ignore_case = true, value_parser = choice(&["enabled", "disabled"]))]
    status: &'static str,
    /// Make no passwords.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    no_passwords: Option<bool>,
    #[command(flatten)]
    expiry: ExpiryArgs,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TOKENS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if args.actions.is_empty() == args.scope_map.is_none() {
        return Err(CliError::failed(
            "usage error: can't use --scope-map and --repository | --gateway",
        ));
    }
    let has_passwords = args.no_passwords != Some(true);
    if !has_passwords && args.expiry.is_given() {
        return Err(CliError::failed(
            "usage error: --no-passwords and expiration arguments are mutually exclusive.",
        ));
    }
    args.expiry.check()?;
    let located = ctx.find(&args.registry).await?;
    let arm = ctx.arm().await?;
    let scope_map = match &args.scope_map {
        None => own_scope_map(ctx, &located, &args).await?,
        Some(name) => {
            let registry = ctx.registry_id(&located.name).await?;
            ScopeMap::Given(format!("{registry}/scopeMaps/{name}"))
        }
    };
    let body = json!({ "properties": { "scopeMapId": scope_map.id(), "status": args.status } });
    let _progress = ctx.console.progress("Running ..");
    let tokens = arm.registry_children(&located.group, &located.name, "tokens");
    let created = match tokens.put(&args.name, &body).await {
        Ok(created) => created,
        Err(error) => {
            // Without a refusal the token may have been made all the same.
            if let (ScopeMap::Made(_), Some(_)) = (&scope_map, error.status()) {
                withdraw_scope_map(ctx, &located, &args).await;
            }
            return Err(error.into());
        }
    };
    let mut created = shape::token(created);
    if has_passwords {
        let made = generate(ctx, &located, &args.name, None, &args.expiry).await?;
        let registry = arm.registries().get(&located.group, &located.name).await?;
        let login_server = registry["properties"]["loginServer"].as_str();
        ctx.console.warn(&format!(
            "The passwords are shown only now. They work with: docker login {} -u {}",
            login_server.unwrap_or_default(),
            args.name
        ));
        created["credentials"] = made;
    }
    Ok(Reply::value(created).table(TABLE))
}

/// What says what the token may do.
enum ScopeMap {
    /// It was there.
    Given(String),
    /// It was made for this token.
    Made(String),
}

impl ScopeMap {
    fn id(&self) -> &str {
        let (Self::Given(id) | Self::Made(id)) = self;
        id
    }
}

fn own_name(args: &Args) -> String {
    format!("{}-scope-map", args.name)
}

/// Takes back the scope map of a token that the service refused.
async fn withdraw_scope_map(ctx: &Ctx, located: &Located, args: &Args) {
    let name = own_name(args);
    let deleted = async {
        let arm = ctx.arm().await?;
        let maps = arm.registry_children(&located.group, &located.name, "scopeMaps");
        Ok::<_, CliError>(maps.delete(&name).await?)
    };
    if let Err(error) = deleted.await {
        ctx.console.warn(&format!(
            "The scope map '{name}' was made and is left over: {}",
            error.message()
        ));
    }
}

/// Makes the scope map that belongs to the token alone; one that allows the same already will do.
async fn own_scope_map(ctx: &Ctx, located: &Located, args: &Args) -> Result<ScopeMap, CliError> {
    let mut wanted = actions::parse(&args.actions.repositories, &args.actions.gateways)?;
    let arm = ctx.arm().await?;
    let maps = arm.registry_children(&located.group, &located.name, "scopeMaps");
    let name = own_name(args);
    let id = |map: &Value| map["id"].as_str().unwrap_or_default().to_owned();
    match maps.get(&name).await {
        Ok(map) => {
            let mut now: Vec<&str> = map["properties"]["actions"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            now.sort_unstable();
            wanted.sort_unstable();
            if now == wanted {
                return Ok(ScopeMap::Given(id(&map)));
            }
            Err(CliError::failed(
                "The default scope map was already configured with different repository permissions.",
            )
            .hint(format!(
                "Change it with `acr scope-map update -r {} -n {name}`.",
                located.name
            )))
        }
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            let description = format!("Created by token: {}", args.name);
            let body = json!({ "properties": { "description": description, "actions": wanted } });
            Ok(ScopeMap::Made(id(&maps.put(&name, &body).await?)))
        }
        Err(error) => Err(error.into()),
    }
}

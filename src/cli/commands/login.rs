//! `acr login`

use crate::cli::ctx::Ctx;
use crate::cli::data_plane::{Entrance, LEAST_LEFT, LoginArgs, Proof, Tokens};
use crate::cli::error::CliError;
use crate::cli::keychain::{Engine, keychain};
use crate::cli::reply::Reply;
use acr_auth::docker::{Credential, OWN_PROGRAM, Stored};
use acr_auth::exchange::TOKEN_USERNAME;
use acr_http::Secret;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Log in to a registry, for Docker, Podman and whatever else reads their logins.
///
/// Neither Docker nor Podman has to be installed. The login of an Azure identity ends after three
/// hours; with --helper it never does.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    login: LoginArgs,
    /// Read the password of --username from standard input.
    #[arg(long, conflicts_with = "password", requires = "username")]
    password_stdin: bool,
    /// Print a refresh token instead of logging in.
    #[arg(short = 't', long)]
    expose_token: bool,
    /// Log in to the endpoint of this region only.
    #[arg(long, value_name = "REGION")]
    endpoint: Option<String>,
    /// Keep no login, but have docker-credential-acr (this program under that name, on the PATH)
    /// answer with a fresh token whenever one is needed.
    #[arg(long, conflicts_with_all = ["expose_token", "username", "path_style"])]
    helper: bool,
    /// Log in to the server's own host and port too, for images named HOST:PORT/REGISTRY/….
    #[arg(long, conflicts_with_all = ["expose_token", "endpoint"])]
    path_style: bool,
    /// Whose login it becomes: Podman's own, or Docker's, which Podman, Buildah, Skopeo, Helm and ORAS read too. Without
    /// this it is Docker's, unless DOCKER_COMMAND is podman.
    #[arg(long, value_enum, value_name = "PROGRAM")]
    engine: Option<Engine>,
}

pub(crate) async fn run(ctx: &Ctx, mut args: Args) -> Result<Reply, CliError> {
    if args.expose_token {
        return expose(ctx, &args).await;
    }
    if args.password_stdin {
        args.login.credential.password =
            Some(ctx.console.secret("Password").await?.expose().to_owned());
    }
    let entrance = ctx.entrance(&args.login, Tokens::New).await?;
    warn_of_case(ctx, &args, &entrance);
    let host = match &args.endpoint {
        Some(region) => regional_host(ctx, &entrance, region)?,
        None => entrance.login_server.clone(),
    };
    let engine = args.engine.unwrap_or_else(|| Engine::usual(&ctx.settings));
    let logins = keychain(&ctx.settings, engine);
    if args.helper {
        return match &entrance.proof {
            Proof::Azure(_) => {
                logins.use_program(&host, OWN_PROGRAM).await?;
                Ok(Reply::Text("Login Succeeded\n".to_owned()))
            }
            Proof::Password { .. } => Err(CliError::failed(format!(
                "docker-credential-{OWN_PROGRAM} makes tokens of an Azure identity, and {host} gave none to yours."
            ))
            .hint("Log in without --helper.")),
        };
    }
    let (credential, ends_at) = credential(ctx, &entrance).await?;
    let stored = logins.store(&host, &credential).await?;
    if args.path_style {
        let own_host = own_host(ctx)?;
        logins.store(&own_host, &credential).await?;
        ctx.console.note(&format!(
            "Under {own_host} it opens the images of {} only: a login there for another registry takes its place.",
            entrance.name
        ));
    }
    ctx.console.note(&told(&stored, &host, ends_at));
    Ok(Reply::Text("Login Succeeded\n".to_owned()))
}

async fn expose(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let given = &args.login.credential;
    if given.username().is_some() || given.password().is_some() {
        return Err(CliError::failed(
            "`--expose-token` cannot be combined with `--username` or `--password`.",
        ));
    }
    if args.endpoint.is_some() {
        return Err(CliError::failed(
            "`--expose-token` cannot be combined with `--endpoint`.",
        ));
    }
    let entrance = ctx.entrance(&args.login, Tokens::New).await?;
    let token = match &entrance.proof {
        Proof::Azure(tokens) => tokens.refresh_token(LEAST_LEFT).await?.secret,
        Proof::Password { password, .. } => password.clone(),
    };
    ctx.console.warn(
        "Both accessToken and refreshToken hold a refresh token of the registry. Requests to the registry take an access token, which /oauth2/token gives for it.",
    );
    ctx.console.warn(&format!(
        "It can be used to log in elsewhere, as in: docker login LOGIN_SERVER -u {TOKEN_USERNAME} -p REFRESH_TOKEN"
    ));
    Ok(Reply::value(exposed(&entrance.login_server, &token)))
}

fn exposed(login_server: &str, token: &Secret) -> Value {
    json!({
        "loginServer": login_server,
        "username": TOKEN_USERNAME,
        "accessToken": token.expose(),
        "refreshToken": token.expose(),
    })
}

/// What is kept, and when it ends. A password is tried first.
async fn credential(
    ctx: &Ctx,
    entrance: &Entrance,
) -> Result<(Credential, Option<DateTime<Utc>>), CliError> {
    match &entrance.proof {
        Proof::Azure(tokens) => {
            let token = tokens.refresh_token(LEAST_LEFT).await?;
            let credential = Credential::of_refresh_token(token.secret);
            Ok((credential, Some(token.expires_at)))
        }
        Proof::Password { username, password } => {
            ctx.enter(&entrance.login_server, &entrance.proof)?
                .ping()
                .await?;
            let credential = Credential::Password {
                username: username.clone(),
                password: password.clone(),
            };
            Ok((credential, None))
        }
    }
}

fn warn_of_case(ctx: &Ctx, args: &Args, entrance: &Entrance) {
    let label = entrance.login_server.split('.').next().unwrap_or_default();
    let given = args.login.name.as_deref().unwrap_or(label);
    let given = given.split('.').next().unwrap_or_default();
    if given != label && given.to_lowercase() == label {
        ctx.console.warn(&format!(
            "The name of the registry has upper-case letters. Write '{}' in the names of images: clients do not find the login otherwise.",
            entrance.login_server
        ));
    }
}

/// The host of a region, which begins as the login server does.
fn regional_host(ctx: &Ctx, entrance: &Entrance, region: &str) -> Result<String, CliError> {
    let registry = entrance.known.as_ref().map_err(Clone::clone)?;
    let properties = &registry["properties"];
    let label = entrance.login_server.split('.').next().unwrap_or_default();
    let beginning = format!("{label}.{region}.geo.").to_lowercase();
    let hosts = match properties["regionalEndpoints"] == "Enabled" {
        true => properties["regionalEndpointHostNames"].as_array(),
        false => None,
    };
    let mut hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
    let found = hosts.find(|host| host.trim().to_lowercase().starts_with(&beginning));
    match found {
        Some(host) => {
            ctx.console
                .warn(&format!("Logging in to regional endpoint: {host}"));
            Ok(host.trim().to_owned())
        }
        None => Err(CliError::failed(format!(
            "Regional endpoint for '{region}' not found. Aborting login."
        ))
        .hint(format!(
            "`acr show-endpoints -n {}` lists the regional endpoints that there are.",
            entrance.name
        ))),
    }
}

/// The host and port of a server of our own, which answers for all of its registries.
fn own_host(ctx: &Ctx) -> Result<String, CliError> {
    let backend = ctx.backend()?;
    if !backend.is_server {
        return Err(CliError::usage(
            "--path-style is for a server of your own: images of Azure are named after their registry.",
        ));
    }
    let endpoint = &backend.cloud.resource_manager;
    let host = endpoint
        .split_once("://")
        .map_or(endpoint.as_str(), |(_, host)| host);
    Ok(host.to_owned())
}

fn told(stored: &Stored, host: &str, ends_at: Option<DateTime<Utc>>) -> String {
    let place = match stored {
        Stored::Program(name) if name == OWN_PROGRAM => {
            return format!(
                "No login is kept: docker-credential-{name} answers for {host}, with a fresh token whenever one is needed."
            );
        }
        Stored::File(path) => format!("in {}", path.display()),
        Stored::Program(name) => format!("by docker-credential-{name}"),
    };
    match ends_at {
        Some(end) => format!(
            "The login is kept {place} and ends at {} UTC; `acr login --helper` makes one that does not end.",
            end.format("%Y-%m-%d %H:%M")
        ),
        None => format!("The login is kept {place}."),
    }
}

//! The command tree: the path of a file is the words of its command.

mod check_name;
mod completion;
mod config;
mod context;
mod create;
mod credential;
mod delete;
mod encryption;
mod help;
mod identity;
mod import;
mod list;
mod login;
mod manifest;
mod network_rule;
mod pull;
mod purge;
mod push;
mod quickstart;
mod repository;
mod scope_map;
mod serve;
mod show;
mod show_endpoints;
mod show_usage;
mod tag;
mod token;
mod update;
mod util;
mod version;

use super::ctx::Ctx;
use super::error::CliError;
use super::reply::Reply;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    CheckName(check_name::Args),
    Completion(completion::Args),
    #[command(subcommand)]
    Config(config::Command),
    #[command(subcommand)]
    Context(context::Command),
    Create(create::Args),
    #[command(subcommand)]
    Credential(credential::Command),
    Delete(delete::Args),
    #[command(subcommand)]
    Encryption(encryption::Command),
    Help(help::Args),
    #[command(subcommand)]
    Identity(identity::Command),
    Import(import::Args),
    List(list::Args),
    Login(login::Args),
    #[command(subcommand)]
    Manifest(manifest::Command),
    #[command(subcommand)]
    NetworkRule(network_rule::Command),
    Purge(purge::Args),
    Pull(pull::Args),
    Push(push::Args),
    Quickstart(quickstart::Args),
    #[command(subcommand)]
    Repository(repository::Command),
    #[command(subcommand)]
    ScopeMap(scope_map::Command),
    Serve(serve::Args),
    Show(show::Args),
    ShowEndpoints(show_endpoints::Args),
    ShowUsage(show_usage::Args),
    Tag(tag::Args),
    #[command(subcommand)]
    Token(token::Command),
    Update(update::Args),
    #[command(subcommand, hide = true)]
    Util(util::Command),
    Version(version::Args),
}

impl Command {
    /// Whether the command runs a server in this process.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Quickstart(_))
    }

    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Reply, CliError> {
        match self {
            Self::CheckName(args) => check_name::run(ctx, args).await,
            Self::Completion(args) => completion::run(args),
            Self::Config(command) => command.run(ctx).await,
            Self::Context(command) => command.run(ctx).await,
            Self::Create(args) => create::run(ctx, args).await,
            Self::Credential(command) => command.run(ctx).await,
            Self::Delete(args) => delete::run(ctx, args).await,
            Self::Encryption(command) => command.run(ctx).await,
            Self::Help(args) => help::run(ctx, args),
            Self::Identity(command) => command.run(ctx).await,
            Self::Import(args) => import::run(ctx, args).await,
            Self::List(args) => list::run(ctx, args).await,
            Self::Login(args) => login::run(ctx, args).await,
            Self::Manifest(command) => command.run(ctx).await,
            Self::NetworkRule(command) => command.run(ctx).await,
            Self::Purge(args) => purge::run(ctx, args).await,
            Self::Pull(args) => pull::run(ctx, args).await,
            Self::Push(args) => push::run(ctx, args).await,
            Self::Quickstart(args) => quickstart::run(ctx, args).await,
            Self::Repository(command) => command.run(ctx).await,
            Self::ScopeMap(command) => command.run(ctx).await,
            Self::Serve(args) => serve::run(ctx, args).await,
            Self::Show(args) => show::run(ctx, args).await,
            Self::ShowEndpoints(args) => show_endpoints::run(ctx, args).await,
            Self::ShowUsage(args) => show_usage::run(ctx, args).await,
            Self::Tag(args) => tag::run(ctx, args).await,
            Self::Token(command) => command.run(ctx).await,
            Self::Update(args) => update::run(ctx, args).await,
            Self::Util(command) => command.run(ctx),
            Self::Version(args) => version::run(args),
        }
    }
}

//! One run of the program: arguments, the command, its answer, the exit code.

use super::args::GlobalArgs;
use super::commands::Command;
use super::config::{self, Settings};
use super::console::Console;
use super::credential_helper;
use super::ctx::Ctx;
use super::error::CliError;
use super::file_argument;
use super::log;
use super::mistake;
use super::reply::Reply;
use super::ui::progress::Progress;
use super::ui::{self, query};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use clap_complete::env::CompleteEnv;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Manage container registries: Azure's, or your own.
#[derive(Debug, clap::Parser)]
#[command(
    name = "acr",
    version,
    infer_long_args = true,
    args_override_self = true,
    disable_help_subcommand = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Start here:\n  acr quickstart        see a registry at work on this machine\n  acr serve --detach    run a registry of your own\n  az login              or use the registries of your Azure subscription"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

/// Runs the program on the process's own arguments.
pub(crate) fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    if credential_helper::is_called(arguments.next().as_deref()) {
        return credential_helper::main(arguments);
    }
    // Answers a shell that asks for candidates, and ends the process then.
    CompleteEnv::with_factory(Cli::command).complete();
    let line = match file_argument::expand(std::env::args_os(), &config::home()) {
        Ok(line) => line,
        Err(error) => return plain_console().end(&error),
    };
    let cli = match parse(line) {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    log::start(cli.global.verbose, cli.global.debug);
    let settings = match Settings::load(cli.global) {
        Ok(settings) => settings,
        Err(error) => return plain_console().end(&error),
    };
    let console = Console::of(&settings);
    match run(cli.command, settings, console.clone()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => console.end(&error),
    }
}

fn parse(line: Vec<OsString>) -> Result<Cli, ExitCode> {
    let parsed = Cli::command()
        .try_get_matches_from(&line)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that went away wanted no more help.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => plain_console().end(&mistake::explain(error, &Cli::command(), &line)),
    })
}

fn plain_console() -> Console {
    Console {
        is_quiet: false,
        progress: Progress::on_stderr(true, false),
    }
}

fn run(command: Command, settings: Settings, console: Console) -> Result<(), CliError> {
    let expression = settings
        .global
        .query
        .as_deref()
        .map(query::Expression::parse)
        .transpose()
        .map_err(|error| CliError::usage(format!("--query: {error}")))?;
    let format = settings.format;
    let style = ui::Style {
        colour: settings.has_colour,
    };
    let reply = answer(command, &Ctx::new(settings, console, Cli::command))?;
    let mut failed = None;
    let output = match reply {
        Reply::None => return Ok(()),
        Reply::Text(text) => text.into_bytes(),
        Reply::Value {
            value,
            columns,
            failure,
        } => {
            failed = failure;
            ui::render(&value, columns, expression.as_ref(), format, style)?.into_bytes()
        }
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&output)?;
    stdout.flush()?;
    failed.map_or(Ok(()), Err)
}

/// Runs a command: a client on this thread, a server on all. A server hears of Ctrl-C by itself.
fn answer(command: Command, ctx: &Ctx) -> Result<Reply, CliError> {
    if command.is_server() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        return runtime.block_on(command.run(ctx));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reply = runtime.block_on(async {
        tokio::select! {
            reply = command.run(ctx) => reply,
            stop = stopped() => Err(stop),
        }
    });
    // A thread that still reads from a terminal or a pipe is not waited for.
    runtime.shutdown_background();
    reply
}

/// Waits for somebody who wants the command to end: it takes away what nobody has a use for then.
///
/// To hang up is not among it: `nohup` could not keep a command alive any more.
async fn stopped() -> CliError {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = tokio::signal::ctrl_c() => CliError::interrupted(),
                _ = terminate.recv() => CliError::terminated(),
            };
        }
    }
    // Without an answer to it, the signal ends the process as it always does.
    let _ = tokio::signal::ctrl_c().await;
    CliError::interrupted()
}

impl Console {
    /// Shows an error and gives its exit code.
    fn end(&self, error: &CliError) -> ExitCode {
        self.fail(error);
        error.exit_code()
    }
}

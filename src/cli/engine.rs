//! Images of the container engines on this machine.

use super::ctx::Ctx;
use super::error::CliError;
use super::keychain::Engine as Named;
use acr_client::engine::{Engine, Kind};
use acr_client::transfer::{Input, Local};

/// The engine that was named, else the first that answers.
pub(crate) async fn find(ctx: &Ctx, named: Option<Named>) -> Result<Engine, CliError> {
    let kinds: &[Kind] = match named {
        Some(Named::Docker) => &[Kind::Docker],
        Some(Named::Podman) => &[Kind::Podman],
        None => &[Kind::Docker, Kind::Podman],
    };
    Ok(Engine::find(kinds, &ctx.settings.environment, &ctx.settings.home).await?)
}

/// An image of an engine, by the first of these names that it has.
pub(crate) async fn save(
    ctx: &Ctx,
    named: Option<Named>,
    names: &[String],
) -> Result<Local, CliError> {
    let engine = find(ctx, named).await?;
    let mut found = None;
    for name in names {
        if engine.has(name).await? {
            found = Some(name);
            break;
        }
    }
    let Some(name) = found else {
        return Err(CliError::failed(format!(
            "The engine at {} has no image {}.",
            engine.place(),
            names.join(" or ")
        ))
        .hint("--source-image names it, --from takes it from a folder or an archive."));
    };
    let spinner = ctx.console.progress("Taking the image from the engine ..");
    let saved = engine
        .save(name, |bytes| {
            let megabytes = bytes / 1_000_000;
            spinner.set_message(format!(
                "Taking the image from the engine .. {megabytes} MB"
            ));
        })
        .await?;
    let input = Input::Path(saved.path().to_owned());
    Ok(Local::open(input, None).await?)
}

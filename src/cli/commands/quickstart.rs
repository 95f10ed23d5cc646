//! `acr quickstart`

use crate::cli::context::{Admin, LOCAL, SERVER_GROUP, Server};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::image::ImageArgs;
use crate::cli::reply::Reply;
use crate::cli::sample;
use crate::cli::shape;
use crate::cli::tables::{REGISTRIES, USAGES};
use crate::cli::target::Backend;
use crate::cli::ui::table::Column;
use crate::cli::ui::{self, Format, Style};
use acr_client::transfer::{Copy, Input, Local, Options, Source, Target};
use acr_server::config::{Config, Layers, Setting};
use acr_server::lifecycle::Control;
use comfy_table::{ContentArrangement, Table, TableStyle};
use serde_json::{Value, json};
use std::path::Path;

const NAME: &str = "quickstart";

/// Columns of the images that went over.
const IMAGES: &[Column] = &[
    Column::path("IMAGE", "image"),
    Column::path("DIGEST", "digest"),
];

/// What a person may want to do next.
const NEXT: &[(&str, &str)] = &[
    ("acr serve --detach", "run a server that stays"),
    (
        "acr create --name NAME --sku standard",
        "create a registry on it",
    ),
    ("acr push IMAGE", "push an image of Docker or Podman to it"),
    (
        "eval \"$(acr serve env)\"; az acr list",
        "drive it with the real az",
    ),
    (
        "acr completion bash",
        "complete commands and names with Tab",
    ),
    ("acr --help", "see everything else"),
];

/// See a registry at work on this machine, in a few seconds.
///
/// A server starts on a free port and an empty folder, and everything goes through HTTP as for
/// everyone else. Nothing is left behind.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(ctx: &Ctx, _args: Args) -> Result<Reply, CliError> {
    let folder = tempfile::tempdir()?;
    let config = alone(folder.path())?;
    let (handle, control) = Control::manual();
    let (started, starting) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(acr_server::run(config, control, || {
        // Nobody waits any more if the tour was broken off.
        let _ = started.send(());
    }));
    if starting.await.is_err() {
        return match server.await {
            Ok(Err(error)) => Err(error.into()),
            _ => Err(CliError::failed("The server ended before it could start.")),
        };
    }
    let files = Server {
        admin_file: folder.path().join("admin.json"),
    };
    let admin = files.admin(LOCAL)?;
    let story = tokio::select! {
        story = tour(ctx, admin, folder.path()) => story,
        _ = tokio::signal::ctrl_c() => Err(CliError::interrupted()),
    };
    handle.stop();
    match server.await {
        Ok(ended) => ended?,
        Err(error) => return Err(CliError::failed(error.to_string())),
    }
    Ok(Reply::Text(story?))
}

/// The settings of a server that takes nothing from its surroundings: a free port, this folder.
fn alone(folder: &Path) -> Result<Config, CliError> {
    let layers = Layers {
        flags: [(Setting::Listen, "127.0.0.1:0".to_owned())].into(),
        default_data_dir: folder.to_owned(),
        ..Layers::default()
    };
    Ok(Config::resolve(&layers)?)
}

/// Creates a registry, works with an image in it, and tells what was done.
async fn tour(ctx: &Ctx, admin: Admin, folder: &Path) -> Result<String, CliError> {
    let mut story = format!("A server of our own answers at {}\n", admin.endpoint);
    let settings = ctx.settings.alone(folder);
    let backend = Backend::server(&settings, LOCAL.to_owned(), admin);
    let ctx = Ctx::at(backend, settings, ctx.console.clone(), ctx.tree);
    let registries = ctx.arm().await?.registries();
    let body = json!({ "location": "local", "sku": { "name": "Standard" } });
    let created = registries.put(SERVER_GROUP, NAME, &body).await?;
    let command = format!("acr create --name {NAME} --sku standard");
    tell(&mut story, &command, &shape::registry(created), REGISTRIES)?;

    story.push_str("\nA small image with one file in it, made on this machine a moment ago:\n");
    image(&ctx, &mut story, folder).await?;

    let usages = registries.usages(SERVER_GROUP, NAME).await?;
    let command = format!("acr show-usage --name {NAME}");
    tell(&mut story, &command, &shape::usages(usages), USAGES)?;

    registries.delete(SERVER_GROUP, NAME).await?;
    story.push_str(&format!("\n$ acr delete --name {NAME} --yes\n"));
    story.push_str("\nThe server is stopped and its folder is gone. Try next:\n");
    story.push_str(&next());
    Ok(story)
}

/// Pushes an image, lists what is there, and pulls it.
async fn image(ctx: &Ctx, story: &mut String, folder: &Path) -> Result<(), CliError> {
    let here = folder.join("hello");
    sample::write(&here)?;
    let args = ImageArgs {
        name: Some(NAME.to_owned()),
        ..ImageArgs::default()
    };
    let image = ctx.image("hello:v1", &args).await?;
    let there = (image.registry.clone(), image.repository.clone());
    let tag = || image.reference();
    let push = Copy {
        source: Source::Local(Local::open(Input::Path(here), None).await?),
        from: None,
        target: Target::Registry(there.0.clone(), there.1.clone()),
        to: tag(),
    };
    let pushed = push.run(&Options::default()).await?;
    let shown = json!({ "image": image.full_name(), "digest": pushed.digest.to_string() });
    tell(story, "acr push hello:v1 --from hello", &shown, IMAGES)?;

    let repositories = there.0.catalog(None).all().await?;
    story.push_str("\n$ acr repository list -o tsv\n");
    story.push_str(&lines(&repositories));
    let tags = there.0.tags(&there.1, None).all().await?;
    story.push_str("\n$ acr repository show-tags --repository hello -o tsv\n");
    story.push_str(&lines(&tags));

    let pull = Copy {
        source: Source::Registry(there.0, there.1),
        from: tag(),
        target: Target::layout(folder.join("back"), None).await?,
        to: tag(),
    };
    let pulled = pull.run(&Options::default()).await?;
    let shown = json!({ "image": image.full_name(), "digest": pulled.digest.to_string() });
    tell(story, "acr pull hello:v1 --to back", &shown, IMAGES)?;
    match pulled.digest == pushed.digest {
        true => story.push_str("Every byte that came back was held against its digest.\n"),
        false => {
            return Err(CliError::failed("Another image came back than was pushed."));
        }
    }
    Ok(())
}

fn lines(names: &[String]) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// Adds a command and its table to the story.
fn tell(
    story: &mut String,
    command: &str,
    value: &Value,
    columns: &[Column],
) -> Result<(), CliError> {
    story.push_str(&format!("\n$ {command} -o table\n"));
    story.push_str(&ui::render(
        value,
        Some(columns),
        None,
        Format::Table,
        Style::default(),
    )?);
    Ok(())
}

fn next() -> String {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new())
        .set_content_arrangement(ContentArrangement::Disabled);
    for (command, why) in NEXT {
        table.add_row([format!("  {command}"), (*why).to_owned()]);
    }
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

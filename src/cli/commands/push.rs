//! `acr push`

use crate::cli::ctx::Ctx;
use crate::cli::engine;
use crate::cli::error::CliError;
use crate::cli::image::{Image, ImageArgs};
use crate::cli::keychain::Engine;
use crate::cli::reply::Reply;
use crate::cli::transfer::{self, TRANSFERS, TransferArgs};
use crate::cli::ui::table::Column;
use acr_api::oci::{Reference, Tag};
use acr_client::registry::Unfinished;
use acr_client::transfer::{Copy, Input, Local, Source, Target};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Push an image to a registry: from a folder, an archive, standard input or a container engine.
///
/// What the registry has already is not sent again, and of a large blob not even the part that a killed run
/// got across. Folders and archives may be OCI layouts; archives may also be what `docker save` writes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it is called in the registry, such as app:v1 or myregistry.azurecr.io/team/app:v1.
    image: String,
    #[command(flatten)]
    registry: ImageArgs,
    /// A layout folder, an archive, or `-` for an archive on standard input; without it, the image of
    /// that name in Docker or Podman.
    #[arg(short, long, value_name = "PATH")]
    from: Option<PathBuf>,
    /// What it is called where it is now, if it is called differently or there are several: its whole name,
    /// an end of it such as the tag, or its digest.
    #[arg(long, value_name = "NAME")]
    source_image: Option<String>,
    /// Which container engine to take it from: the first that answers, unless told.
    #[arg(long, value_enum, value_name = "PROGRAM", conflicts_with = "from")]
    engine: Option<Engine>,
    /// One more tag for it; may be given several times.
    #[arg(short, long = "tag", value_name = "TAG")]
    tags: Vec<Tag>,
    #[command(flatten)]
    transfer: TransferArgs,
}

/// Where large uploads are noted down, in our settings folder.
const UNFINISHED: &str = "unfinished";

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TRANSFERS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let mut image = ctx.image(&args.image, &args.registry).await?;
    let notes = ctx.settings.environment.config_folder().join(UNFINISHED);
    image.registry = image.registry.noting(Unfinished::in_folder(notes));
    let local = open(ctx, &args, &image).await?;
    let copy = Copy {
        source: Source::Local(local),
        from: None,
        target: Target::Registry(image.registry.clone(), image.repository.clone()),
        to: image.tag.clone().map(Into::into),
    };
    let platform = args.transfer.platform.clone();
    if let Some(wanted) = image.digest {
        let found = copy.digest(platform.as_ref()).await?;
        if found != wanted {
            return Err(CliError::failed(format!(
                "The image has the digest {found} and not {wanted}: nothing was pushed."
            )));
        }
    }
    let (copied, tally) = transfer::run(ctx, "Pushing", copy, platform, &args.transfer).await?;
    let mut tags: Vec<Tag> = image.tag.iter().cloned().collect();
    if !args.tags.is_empty() {
        let digest = Reference::Digest(copied.digest);
        let document = image
            .registry
            .get_manifest(&image.repository, &digest)
            .await?;
        for tag in args.tags {
            image
                .registry
                .put_manifest(&image.repository, &tag.clone().into(), &document)
                .await?;
            tags.push(tag);
        }
    }
    let mut told = transfer::told(&image, &copied, tally);
    let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
    told.insert("tags".to_owned(), json!(tags));
    Ok(Reply::value(told).table(TABLE))
}

async fn open(ctx: &Ctx, args: &Args, image: &Image) -> Result<Local, CliError> {
    let wanted = args.source_image.clone();
    let input = match args.from.as_deref() {
        None => {
            let names = match wanted {
                Some(wanted) => vec![wanted],
                None if args.image == image.full_name() => vec![args.image.clone()],
                None => vec![image.full_name(), args.image.clone()],
            };
            return engine::save(ctx, args.engine, &names).await;
        }
        Some(path) if path == Path::new("-") => Input::Stream(Box::new(std::io::stdin())),
        Some(path) => Input::Path(path.to_owned()),
    };
    Ok(Local::open(input, wanted).await?)
}

//! `acr pull`

use crate::cli::ctx::Ctx;
use crate::cli::engine;
use crate::cli::error::CliError;
use crate::cli::image::{Image, ImageArgs};
use crate::cli::keychain::Engine;
use crate::cli::reply::Reply;
use crate::cli::transfer::{self, TRANSFERS, TransferArgs, own_platform};
use crate::cli::ui::table::Column;
use acr_client::transfer::{ArchiveFormat, Copy, Output, Source, Target};
use clap::ValueEnum;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Pull an image from a registry: into a folder, an archive, standard output or a container engine.
///
/// Without --to the image goes into Docker or Podman, whichever answers. A path that ends with .tar
/// becomes an archive, any other one an OCI layout folder, to which images can be added: each is found
/// there by its whole name, and by its tag as long as no other image has it. What a broken run left in a
/// folder is taken up again. Of a list of images comes the one for this machine, unless
/// --platform or --all-platforms says otherwise. Every byte is held against its digest.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which image, such as app:v1, app@sha256:… or myregistry.azurecr.io/team/app:v1.
    image: String,
    #[command(flatten)]
    registry: ImageArgs,
    /// A folder, a file whose name ends with .tar, or `-` for an archive on standard output.
    #[arg(short, long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// The form of an archive: what `docker load` has always read, unless there are several images
    /// to hold.
    #[arg(long, value_enum, value_name = "FORMAT", requires = "to")]
    format: Option<Format>,
    /// Which container engine to put it into: the first that answers, unless told.
    #[arg(long, value_enum, value_name = "PROGRAM", conflicts_with = "to")]
    engine: Option<Engine>,
    #[command(flatten)]
    transfer: TransferArgs,
}

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What `docker save` writes: one image.
    Docker,
    /// An OCI layout.
    Oci,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = TRANSFERS;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let Some(to) = args.to.as_deref() else {
        return into_engine(ctx, &args).await;
    };
    let image = ctx.image(&args.image, &args.registry).await?;
    let name = image.tag.is_some().then(|| image.full_name());
    let target = if to == Path::new("-") {
        if std::io::stdout().is_terminal() {
            return Err(CliError::usage(
                "An archive is not written to a terminal; send it to a file or a program, as in `| docker load`.",
            ));
        }
        let output = Output::Stream(Box::new(std::io::stdout()));
        Target::archive(output, archive_format(&args), name)?
    } else if is_archive(to)? {
        Target::archive(Output::File(to.to_owned()), archive_format(&args), name)?
    } else if args.format == Some(Format::Docker) {
        return Err(CliError::usage(
            "A folder is always an OCI layout; --format docker needs --to with a name that ends with .tar.",
        ));
    } else {
        Target::layout(to.to_owned(), name).await?
    };
    let told = copy(ctx, &args, &image, target).await?;
    // Data on standard output stays alone there.
    match to == Path::new("-") {
        true => Ok(Reply::None),
        false => Ok(Reply::value(told).table(TABLE)),
    }
}

async fn into_engine(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    if args.transfer.all_platforms || args.transfer.referrers {
        return Err(CliError::usage(
            "A container engine takes one image; --all-platforms and --referrers need --to.",
        ));
    }
    let engine = engine::find(ctx, args.engine).await?;
    let image = ctx.image(&args.image, &args.registry).await?;
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("image.tar");
    let name = image.tag.is_some().then(|| image.full_name());
    let target = Target::archive(Output::File(archive.clone()), ArchiveFormat::Docker, name)?;
    let told = copy(ctx, args, &image, target).await?;
    let _spinner = ctx.console.progress("Loading the image into the engine ..");
    engine.load(&archive).await?;
    Ok(Reply::value(told).table(TABLE))
}

async fn copy(ctx: &Ctx, args: &Args, image: &Image, target: Target) -> Result<Value, CliError> {
    let copy = Copy {
        source: Source::Registry(image.registry.clone(), image.repository.clone()),
        from: image.reference(),
        target,
        to: image.tag.clone().map(Into::into),
    };
    let platform = match args.transfer.all_platforms {
        true => None,
        false => Some(args.transfer.platform.clone().unwrap_or_else(own_platform)),
    };
    let (copied, tally) = transfer::run(ctx, "Pulling", copy, platform, &args.transfer).await?;
    let tag = image.tag.as_ref().map(ToString::to_string);
    if let (Some(name), Some(tag)) = (&copied.found_by, tag)
        && *name != tag
    {
        ctx.console.warn(&format!(
            "Another image has the tag {tag} in this folder and keeps it: other tools find this one as {name}."
        ));
    }
    Ok(transfer::told(image, &copied, tally).into())
}

/// Whether a path is to be an archive, and no folder. What it can be neither of is refused before anything is pulled.
fn is_archive(to: &Path) -> Result<bool, CliError> {
    let ending = to.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_folder = to.is_dir();
    let why = match ending {
        "tar" if is_folder => "it is a folder",
        "tar" => return Ok(true),
        _ if is_folder => return Ok(false),
        _ if to.exists() => "it is a file",
        "tgz" | "gz" | "txz" | "xz" | "tzst" | "zst" | "tbz2" | "bz2" | "zip" => {
            "archives are not compressed: the layers in them are"
        }
        _ => return Ok(false),
    };
    Err(CliError::usage(format!(
        "--to {}: {why}. A name that ends with .tar becomes an archive, any other one a folder.",
        to.display()
    )))
}

fn archive_format(args: &Args) -> ArchiveFormat {
    let holds_many = args.transfer.all_platforms || args.transfer.referrers;
    match args.format {
        Some(Format::Oci) => ArchiveFormat::Oci,
        None if holds_many => ArchiveFormat::Oci,
        Some(Format::Docker) | None => ArchiveFormat::Docker,
    }
}

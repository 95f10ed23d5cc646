//! What `push` and `pull` have in common: how much of an image goes along, and what is told of it.

use super::ctx::Ctx;
use super::error::CliError;
use super::ui::bars::{Bars, Tally};
use super::ui::table::Column;
use acr_api::oci::Platform;
use acr_client::transfer::{Copied, Copy, Options};
use serde_json::{Map, Value, json};
use std::num::NonZeroUsize;

/// Which images of a list, and how.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TransferArgs {
    /// Of a list of images, the one for this platform, such as linux/arm64.
    #[arg(long, value_name = "OS/ARCHITECTURE[/VARIANT]", value_parser = platform, conflicts_with = "all_platforms")]
    pub platform: Option<Platform>,
    /// All images of a list, and the list.
    #[arg(long)]
    pub all_platforms: bool,
    /// Signatures, bills of materials and whatever else refers to the image, too.
    #[arg(long, alias = "recursive")]
    pub referrers: bool,
    /// How many blobs are on their way at once.
    #[arg(long, value_name = "N", default_value = "5")]
    pub parallel: NonZeroUsize,
}

/// Columns of `-o table`.
pub(crate) const TRANSFERS: &[Column] = &[
    Column::path("IMAGE", "image"),
    Column::path("DIGEST", "digest"),
    Column::path("SIZE", "size"),
    Column::path("TRANSFERRED", "transferredBytes"),
];

/// Runs a transfer and shows it.
pub(crate) async fn run(
    ctx: &Ctx,
    title: &'static str,
    copy: Copy,
    platform: Option<Platform>,
    args: &TransferArgs,
) -> Result<(Copied, Tally), CliError> {
    warn_of_platform(ctx, &copy, args).await?;
    let bars = Bars::begin(&ctx.console.progress, title);
    let options = Options {
        platform,
        has_referrers: args.referrers,
        parallel: args.parallel,
        events: bars.events(),
    };
    let copied = copy.run(&options).await;
    let tally = bars.end();
    match copied {
        Ok(copied) => Ok((copied, tally)),
        Err(error) => Err(error.into()),
    }
}

/// An image that is no list comes whatever --platform says; what it is made for may be a surprise.
async fn warn_of_platform(ctx: &Ctx, copy: &Copy, args: &TransferArgs) -> Result<(), CliError> {
    let Some(wanted) = &args.platform else {
        return Ok(());
    };
    let other = copy
        .source
        .other_platform(copy.from.as_ref(), wanted)
        .await?;
    if let Some(other) = other {
        ctx.console.warn(&format!(
            "--platform chooses from a list, and this image is none: it is made for {other}."
        ));
    }
    Ok(())
}

/// What is told of a transfer.
pub(crate) fn told(
    image: &super::image::Image,
    copied: &Copied,
    tally: Tally,
) -> Map<String, Value> {
    let tags: Vec<String> = image.tag.iter().map(ToString::to_string).collect();
    let told = json!({
        "image": image.full_name(),
        "registry": image.registry.host(),
        "repository": image.repository.to_string(),
        "tags": tags,
        "digest": copied.digest.to_string(),
        "mediaType": copied.media_type,
        "size": tally.size,
        "blobs": tally.blobs,
        "transferredBlobs": tally.sent,
        "transferredBytes": tally.sent_bytes,
    });
    match told {
        Value::Object(told) => told,
        _ => Map::new(),
    }
}

/// The platform of this machine, as images are made for it.
pub(crate) fn own_platform() -> Platform {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    Platform {
        os: "linux".to_owned(),
        architecture: architecture.to_owned(),
        ..Platform::default()
    }
}

fn platform(text: &str) -> Result<Platform, String> {
    let mut parts = text.split('/');
    let (os, architecture, variant) = (parts.next(), parts.next(), parts.next());
    match (os, architecture, parts.next()) {
        (Some(os), Some(architecture), None)
            if !os.is_empty() && !architecture.is_empty() && variant != Some("") =>
        {
            Ok(Platform {
                os: os.to_owned(),
                architecture: architecture.to_owned(),
                variant: variant.map(str::to_owned),
                ..Platform::default()
            })
        }
        _ => Err("a platform is written like linux/amd64 or linux/arm/v7".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::platform;

    #[test]
    fn a_platform_has_two_parts_or_three() {
        let amd = platform("linux/amd64").unwrap();
        assert_eq!(
            (amd.os.as_str(), amd.architecture.as_str()),
            ("linux", "amd64")
        );
        assert_eq!(amd.variant, None);
        let arm = platform("linux/arm/v7").unwrap();
        assert_eq!(arm.variant.as_deref(), Some("v7"));
        for odd in ["", "linux", "linux/", "/amd64", "linux/arm/", "a/b/c/d"] {
            assert!(platform(odd).is_err(), "{odd}");
        }
    }
}

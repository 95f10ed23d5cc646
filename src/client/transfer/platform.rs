//! Which image of a list is made for a platform.

use super::Error;
use acr_api::oci::{Descriptor, ImageIndex, Platform};

/// The entry of `index` that runs on `wanted`.
pub(super) fn choose<'a>(
    index: &'a ImageIndex,
    wanted: &Platform,
) -> Result<&'a Descriptor, Error> {
    let fits = |entry: &&Descriptor| {
        entry
            .platform
            .as_ref()
            .is_some_and(|have| is_fit(have, wanted))
    };
    index.manifests.iter().find(fits).ok_or_else(|| {
        let named = index.manifests.iter().filter_map(|e| e.platform.as_ref());
        Error::NoPlatform {
            wanted: name(wanted),
            found: named
                .filter(|platform| platform.os != "unknown")
                .map(name)
                .collect(),
        }
    })
}

/// The platform in the configuration of an image, if it is told there and is not `wanted`.
pub(super) fn told_other(config: &[u8], wanted: &Platform) -> Option<String> {
    let told: Platform = serde_json::from_slice(config).ok()?;
    let is_told = !told.os.is_empty() && !told.architecture.is_empty();
    (is_told && !is_fit(&told, wanted)).then(|| name(&told))
}

/// What is not asked for may be anything. Windows images are asked for by the head of their version.
fn is_fit(have: &Platform, wanted: &Platform) -> bool {
    let version = wanted.os_version.as_deref().unwrap_or("");
    have.os == wanted.os
        && have.architecture == wanted.architecture
        && variant(have).starts_with(variant(wanted))
        && have
            .os_version
            .as_deref()
            .unwrap_or("")
            .starts_with(version)
}

/// On `arm64` the variant `v8` is what is meant where none is named.
fn variant(platform: &Platform) -> &str {
    match platform.variant.as_deref().unwrap_or("") {
        "v8" if platform.architecture == "arm64" => "",
        variant => variant,
    }
}

fn name(platform: &Platform) -> String {
    let mut name = format!("{}/{}", platform.os, platform.architecture);
    for more in [&platform.variant, &platform.os_version] {
        if let Some(more) = more.as_deref().filter(|more| !more.is_empty()) {
            name.push('/');
            name.push_str(more);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use acr_api::oci::{Digest, media_type};

    fn platform(text: &str) -> Platform {
        let mut parts = text.split('/').map(str::to_owned);
        Platform {
            os: parts.next().unwrap(),
            architecture: parts.next().unwrap(),
            variant: parts.next(),
            ..Platform::default()
        }
    }

    fn chosen(have: &[&str], wanted: &str) -> Result<usize, Error> {
        let entries = have.iter().enumerate().map(|(n, have)| {
            let digest = Digest::Sha256([n as u8; 32]);
            let mut entry = Descriptor::new(media_type::IMAGE_MANIFEST, digest, 1);
            entry.platform = Some(platform(have));
            entry
        });
        let index = ImageIndex::of(entries.collect());
        let entry = choose(&index, &platform(wanted))?;
        Ok(entry.digest.as_bytes()[0].into())
    }

    #[test]
    fn takes_the_first_that_fits() {
        let have = [
            "linux/amd64",
            "linux/arm/v6",
            "linux/arm/v7",
            "linux/arm64/v8",
        ];
        assert_eq!(chosen(&have, "linux/amd64").unwrap(), 0);
        assert_eq!(chosen(&have, "linux/arm/v7").unwrap(), 2);
        assert_eq!(chosen(&have, "linux/arm").unwrap(), 1);
        assert_eq!(chosen(&have, "linux/arm64").unwrap(), 3);
    }

    #[test]
    fn a_configuration_may_tell_of_another_platform() {
        let arm = platform("linux/arm64");
        let told = |config: &str| told_other(config.as_bytes(), &arm);
        let amd = r#"{"os": "linux", "architecture": "amd64", "config": {}}"#;
        assert_eq!(told(amd).unwrap(), "linux/amd64");
        let same = r#"{"os": "linux", "architecture": "arm64", "variant": "v8"}"#;
        for config in [same, "{}", r#"{"os": "linux"}"#, "no JSON"] {
            assert_eq!(told(config), None, "{config}");
        }
    }

    #[test]
    fn names_what_there_is_when_none_fits() {
        let error = chosen(&["linux/arm64", "unknown/unknown"], "linux/amd64").unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no image for linux/amd64; there is one for linux/arm64"
        );
    }
}

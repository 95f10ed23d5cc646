//! Manifests of every form, good and hostile.

use serde_json::{Value, json};

use super::{InvalidManifest, MAX_DESCRIPTORS, MAX_MANIFEST_BYTES, Manifest, Role};
use crate::oci::media_type as types;
use crate::testing::Random;

const DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

fn descriptor(media_type: &str) -> Value {
    json!({"mediaType": media_type, "digest": DIGEST, "size": 2})
}

fn image() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": types::IMAGE_MANIFEST,
        "config": descriptor(types::IMAGE_CONFIG),
        "layers": [descriptor(types::LAYER_GZIP), descriptor(types::FOREIGN_LAYER_GZIP)],
        "subject": descriptor(types::IMAGE_MANIFEST),
        "annotations": {"k": "v"},
    })
}

fn index() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": types::IMAGE_INDEX,
        "manifests": [descriptor(types::IMAGE_MANIFEST), descriptor(types::IMAGE_INDEX)],
    })
}

fn parse(document: &Value, content_type: Option<&str>) -> Result<Manifest, InvalidManifest> {
    Manifest::parse(document.to_string().as_bytes(), content_type)
}

/// `document` with the member at a JSON pointer set.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => document.pointer_mut(parent).unwrap()[key] = value,
    }
    document
}

fn without(mut document: Value, key: &str) -> Value {
    document.as_object_mut().unwrap().shift_remove(key).unwrap();
    document
}

fn roles(manifest: &Manifest) -> Vec<Role> {
    manifest
        .references()
        .map(|reference| reference.role)
        .collect()
}

#[test]
fn reads_the_four_forms() {
    let docker_image = with(
        without(image(), "subject"),
        "/mediaType",
        json!(types::DOCKER_MANIFEST),
    );
    let docker_list = with(index(), "/mediaType", json!(types::DOCKER_MANIFEST_LIST));
    for (document, media_type) in [
        (image(), types::IMAGE_MANIFEST),
        (index(), types::IMAGE_INDEX),
        (docker_image, types::DOCKER_MANIFEST),
        (docker_list, types::DOCKER_MANIFEST_LIST),
    ] {
        let parameters = format!("{media_type}; charset=utf-8");
        for header in [
            None,
            Some(""),
            Some("application/json"),
            Some(types::OCTET_STREAM),
            Some(media_type),
            Some(&*parameters),
        ] {
            let manifest = parse(&document, header).unwrap_or_else(|e| panic!("{header:?}: {e}"));
            assert_eq!(manifest.media_type(), media_type, "{header:?}");
            assert_eq!(manifest.as_image().is_some(), manifest.as_index().is_none());
        }
        // OCI 1.0 had no member mediaType: the header is enough.
        let untyped = without(document, "mediaType");
        assert_eq!(
            parse(&untyped, Some(media_type)).unwrap().media_type(),
            media_type
        );
    }
    assert!(matches!(
        parse(&without(image(), "mediaType"), None),
        Ok(Manifest::Image(_))
    ));
    assert!(matches!(
        parse(&without(index(), "mediaType"), None),
        Ok(Manifest::Index(_))
    ));
}

#[test]
fn tells_what_it_refers_to() {
    let manifest = parse(&image(), None).unwrap();
    assert_eq!(
        roles(&manifest),
        [Role::Config, Role::Layer, Role::ForeignLayer, Role::Subject]
    );
    let optional: Vec<bool> = roles(&manifest)
        .into_iter()
        .map(Role::is_optional)
        .collect();
    assert_eq!(optional, [false, false, true, true]);

    // BuildKit keeps caches as an index of layers.
    let entries = json!([
        descriptor(types::IMAGE_MANIFEST),
        descriptor(types::LAYER_GZIP),
        descriptor(types::BUILDKIT_CACHE),
        descriptor("a/b")
    ]);
    let manifest = parse(&with(index(), "/manifests", entries), None).unwrap();
    assert_eq!(
        roles(&manifest),
        [Role::Child, Role::Entry, Role::Entry, Role::Entry]
    );
    assert_eq!(
        [Role::Layer, Role::Child, Role::Entry].map(Role::is_blob),
        [Some(true), Some(false), None]
    );
}

#[test]
fn docker_manifests_have_no_subject() {
    let docker = with(image(), "/mediaType", json!(types::DOCKER_MANIFEST));
    let manifest = parse(&docker, None).unwrap();
    assert!(manifest.subject().is_none());
    assert_eq!(roles(&manifest).last(), Some(&Role::ForeignLayer));
}

#[test]
fn a_referrer_is_listed_by_its_artifact_type() {
    let of = |document: Value| {
        parse(&document, None)
            .unwrap()
            .artifact_type()
            .map(str::to_owned)
    };
    let typed = |document: Value, value: Value| with(document, "/artifactType", value);
    assert_eq!(of(typed(image(), json!("a/b"))).as_deref(), Some("a/b"));
    for absent in [
        image(),
        typed(image(), json!("")),
        typed(image(), json!(null)),
    ] {
        assert_eq!(of(absent).as_deref(), Some(types::IMAGE_CONFIG));
    }
    assert_eq!(of(typed(index(), json!("a/b"))).as_deref(), Some("a/b"));
    assert_eq!(of(typed(index(), json!(""))), None);
    assert_eq!(of(index()), None);
}

#[test]
fn takes_what_is_unusual_but_valid() {
    let empty = descriptor(types::EMPTY);
    for document in [
        with(image(), "/layers", json!([])),
        with(image(), "/layers", json!(null)),
        with(index(), "/manifests", json!([])),
        with(index(), "/manifests", json!(null)),
        with(image(), "/annotations", json!(null)),
        with(image(), "/subject", json!(null)),
        with(image(), "/org.example", json!({"deep": [1, {"er": null}]})),
        with(image(), "/config", with(empty, "/data", json!("e30="))),
        with(image(), "/layers/0/size", json!(i64::MAX)),
        with(
            image(),
            "/layers/0/mediaType",
            json!("text/plain; charset=utf-8"),
        ),
        with(
            image(),
            "/layers/0/digest",
            json!(format!("sha512:{}", "0".repeat(128))),
        ),
        with(
            index(),
            "/manifests/0/platform",
            json!({"architecture": "unknown", "os": "unknown"}),
        ),
    ] {
        parse(&document, None).unwrap_or_else(|e| panic!("{document}: {e}"));
    }
}

#[test]
fn an_error_names_the_member() {
    let blake = format!("blake3:{}", "a".repeat(64));
    for (document, member) in [
        (
            with(image(), "/layers/1/digest", json!("sha256:ab")),
            "layers[1].digest",
        ),
        (
            with(image(), "/layers/1/digest", json!(blake)),
            "layers[1].digest",
        ),
        (with(image(), "/layers/0/size", json!(-1)), "layers[0].size"),
        (
            with(image(), "/layers/0/size", json!(1u64 << 63)),
            "layers[0].size",
        ),
        (
            with(image(), "/layers/0/size", json!(1.5)),
            "layers[0].size",
        ),
        (
            with(image(), "/layers/0/mediaType", json!("")),
            "layers[0].mediaType",
        ),
        (
            with(image(), "/layers/0/mediaType", json!("a/b\n")),
            "layers[0].mediaType",
        ),
        (with(image(), "/layers/0", json!(7)), "layers[0]"),
        (with(image(), "/layers", json!({})), "layers"),
        (
            with(image(), "/config/digest", json!(null)),
            "config.digest",
        ),
        (
            with(image(), "/config/mediaType", json!("nonsense")),
            "config.mediaType",
        ),
        (with(image(), "/subject/size", json!("2")), "subject.size"),
        (
            with(image(), "/subject/mediaType", json!("ä/b")),
            "subject.mediaType",
        ),
        (
            with(image(), "/artifactType", json!("nonsense")),
            "artifactType",
        ),
        (with(image(), "/annotations/k", json!(7)), "annotations.k"),
        (with(image(), "/schemaVersion", json!(3)), "schemaVersion"),
        (with(image(), "/schemaVersion", json!("2")), "schemaVersion"),
        (without(image(), "schemaVersion"), "schemaVersion"),
        (with(image(), "/mediaType", json!(7)), "mediaType"),
        (
            with(index(), "/manifests/1/digest", json!("latest")),
            "manifests[1].digest",
        ),
        (
            with(index(), "/manifests/0/platform", json!({"os": 1})),
            "manifests[0].platform.os",
        ),
        (json!({"schemaVersion": 2}), "mediaType"),
        (json!({}), "mediaType"),
    ] {
        match parse(&document, None) {
            Err(InvalidManifest::Member { member: named, .. }) => assert_eq!(named, member),
            other => panic!("{member}: {other:?}"),
        }
    }
    for (document, missing) in [
        (without(image(), "config"), "config"),
        (without(image(), "layers"), "layers"),
        (without(index(), "manifests"), "manifests"),
    ] {
        let error = parse(&document, None).unwrap_err().to_string();
        assert!(error.contains(missing), "{missing}: {error}");
    }
}

#[test]
fn lists_of_values_are_no_objects() {
    let values = json!([types::IMAGE_CONFIG, DIGEST, 2]);
    for (document, member) in [
        (with(image(), "/config", values.clone()), "config"),
        (with(image(), "/layers/1", values.clone()), "layers[1]"),
        (with(image(), "/subject", values.clone()), "subject"),
        (with(index(), "/manifests/0", values), "manifests[0]"),
        (
            json!([
                2,
                types::IMAGE_MANIFEST,
                null,
                descriptor(types::IMAGE_CONFIG),
                null,
                null
            ]),
            "manifest",
        ),
    ] {
        match parse(&document, None) {
            Err(InvalidManifest::Member { member: named, .. }) => assert_eq!(named, member),
            other => panic!("{member}: {other:?}"),
        }
    }
}

#[test]
fn a_known_member_is_given_once() {
    let twice = |member: &str| {
        image()
            .to_string()
            .replacen('{', &format!("{{{member},"), 1)
    };
    for member in [
        r#""mediaType":"a/b""#,
        r#""config":{}"#,
        r#""layers":[]"#,
        r#""subject":null"#,
        r#""schemaVersion":2"#,
    ] {
        let error = Manifest::parse(twice(member).as_bytes(), None).unwrap_err();
        assert!(error.to_string().contains("duplicate"), "{member}: {error}");
    }
    let nested = image()
        .to_string()
        .replacen(r#""size":2"#, r#""size":2,"size":3"#, 1);
    assert!(Manifest::parse(nested.as_bytes(), None).is_err());
}

#[test]
fn header_and_body_must_agree() {
    for (document, header) in [
        (image(), types::IMAGE_INDEX),
        (image(), types::DOCKER_MANIFEST),
        (image(), "application/vnd.example+json"),
        (index(), types::IMAGE_MANIFEST),
    ] {
        let error = parse(&document, Some(header)).unwrap_err();
        assert!(
            matches!(error, InvalidManifest::MediaTypeMismatch { .. }),
            "{header}: {error}"
        );
    }
}

#[test]
fn no_document_is_two_things_at_once() {
    let both = with(image(), "/manifests", json!([]));
    for (document, header) in [
        (both.clone(), types::IMAGE_MANIFEST),
        (
            with(without(both.clone(), "mediaType"), "/config", json!(null)),
            types::IMAGE_INDEX,
        ),
        (without(both, "mediaType"), types::IMAGE_INDEX),
        (with(index(), "/config", json!({})), types::IMAGE_INDEX),
    ] {
        let error = parse(&document, Some(header)).unwrap_err();
        assert!(
            matches!(error, InvalidManifest::Ambiguous { .. }),
            "{document}: {error}"
        );
    }
}

#[test]
fn refuses_other_forms_by_name() {
    let signed = json!({"schemaVersion": 1, "name": "a", "tag": "b", "fsLayers": [], "history": [], "signatures": []});
    assert_eq!(parse(&signed, None), Err(InvalidManifest::Schema1));
    assert_eq!(
        parse(&signed, Some("application/json")),
        Err(InvalidManifest::Schema1)
    );
    assert_eq!(
        parse(&image(), Some(types::DOCKER_SCHEMA1_SIGNED)),
        Err(InvalidManifest::Schema1)
    );
    for media_type in [
        types::OCI_ARTIFACT_MANIFEST,
        types::ORAS_ARTIFACT_MANIFEST,
        types::IMAGE_CONFIG,
        "text/plain",
    ] {
        let document = json!({"schemaVersion": 2, "mediaType": media_type, "blobs": []});
        assert_eq!(
            parse(&document, None),
            Err(InvalidManifest::UnsupportedMediaType(media_type.into()))
        );
    }
}

#[test]
fn refuses_what_is_no_document() {
    for bytes in [
        &b""[..],
        b" ",
        b"{",
        b"[]",
        b"null",
        b"7",
        b"\"a\"",
        b"{}{}",
        b"{\"a\":1}x",
        b"\xef\xbb\xbf{}",
        b"\0",
        b"{\"a\":\"\xff\"}",
        b"{'a':1}",
    ] {
        assert!(Manifest::parse(bytes, None).is_err(), "{bytes:?}");
    }
    let trailing = format!("{} ]", image());
    assert!(matches!(
        Manifest::parse(trailing.as_bytes(), None),
        Err(InvalidManifest::Syntax(_))
    ));
    let padded = format!("\n{}\n  ", image());
    assert!(Manifest::parse(padded.as_bytes(), None).is_ok());
}

#[test]
fn holds_its_limits() {
    let padded = |length: usize| {
        let mut text = image().to_string();
        text.push_str(&" ".repeat(length - text.len()));
        Manifest::parse(text.as_bytes(), None)
    };
    assert!(padded(MAX_MANIFEST_BYTES).is_ok());
    assert_eq!(
        padded(MAX_MANIFEST_BYTES + 1),
        Err(InvalidManifest::TooLarge(MAX_MANIFEST_BYTES + 1))
    );

    let entries = |count: usize| {
        parse(
            &with(
                index(),
                "/manifests",
                vec![descriptor(types::IMAGE_MANIFEST); count].into(),
            ),
            None,
        )
    };
    assert!(entries(MAX_DESCRIPTORS).is_ok());
    assert_eq!(
        entries(MAX_DESCRIPTORS + 1),
        Err(InvalidManifest::TooManyDescriptors(MAX_DESCRIPTORS + 1))
    );

    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!(
            "{{\"x\":{}1{}}}",
            open.repeat(500_000),
            close.repeat(500_000)
        );
        assert!(
            Manifest::parse(deep.as_bytes(), None).is_err(),
            "no stack is that deep"
        );
    }
    let long = with(image(), "/schemaVersion", "x".repeat(1_000_000).into());
    assert!(
        parse(&long, None).unwrap_err().to_string().len() < 1_000,
        "a message repeats no megabyte"
    );
}

#[test]
fn reads_the_descriptor_of_a_referrers_answer() {
    let text = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{{"mediaType":"{}","digest":"{DIGEST}","size":1234,"annotations":{{"a":"b"}},"artifactType":"application/vnd.example.sbom.v1"}}]}}"#,
        types::IMAGE_INDEX,
        types::IMAGE_MANIFEST
    );
    let Ok(Manifest::Index(index)) = Manifest::parse(text.as_bytes(), Some(types::IMAGE_INDEX))
    else {
        panic!("it is an index");
    };
    assert_eq!(
        serde_json::to_string(&super::ImageIndex::of(index.manifests)).unwrap(),
        text
    );
}

#[test]
fn survives_any_text() {
    let mut random = Random::new(23);
    let samples = [image().to_string(), index().to_string()];
    for _ in 0..3_000 {
        let sample = random.pick(&samples);
        let text = match random.below(4) {
            0 => random.noise(),
            _ => random.mutated(sample),
        };
        if let Ok(manifest) = Manifest::parse(text.as_bytes(), None) {
            assert!(manifest.references().count() <= 4, "{text}");
        }
    }
}

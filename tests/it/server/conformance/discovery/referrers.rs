//! Section "Listing Referrers".

use crate::server::conformance::repository::{
    IMAGE, INDEX, Repository, descriptor, sha256, sha512,
};
use acr_http::Link;
use serde_json::{Value, json};

const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// An artifact about a manifest.
fn artifact(repository: &Repository, subject: &Value, kind: &str, note: &str) -> Value {
    json!({
        "schemaVersion": 2, "mediaType": IMAGE, "artifactType": kind,
        "config": repository.part(EMPTY, "{}"), "layers": [],
        "subject": subject, "annotations": {"note": note},
    })
}

fn listed(repository: &Repository, subject: &Value, query: &str) -> Vec<Value> {
    let path = format!("referrers/{}{query}", subject["digest"].as_str().unwrap());
    let list = repository.get(&path).is(200).json();
    list["manifests"].as_array().unwrap().clone()
}

/// The answer is 200, an image index by its header and its body, of the manifests of this repository whose subject it
/// is, with their annotations.
#[test]
fn referrers_are_listed_as_an_index() {
    let repository = Repository::new("referrers/list");
    let image = repository.image("a");
    repository.push("v1", &image);
    let subject = descriptor(&image);
    let found = artifact(&repository, &subject, "application/vnd.example", "yes");
    repository.push("found", &found);
    let of_another = artifact(
        &repository,
        &descriptor(&found),
        "application/vnd.example",
        "no",
    );
    repository.push("of-another", &of_another);
    let elsewhere = Repository::on(&repository.shared, "referrers/elsewhere");
    elsewhere.push(
        "v1",
        &artifact(&elsewhere, &subject, "application/vnd.example", "elsewhere"),
    );
    let path = format!("referrers/{}", subject["digest"].as_str().unwrap());
    let answer = repository.get(&path).is(200);
    assert_eq!(answer.need("content-type"), INDEX);
    let mut expected = descriptor(&found);
    expected["artifactType"] = "application/vnd.example".into();
    expected["annotations"] = json!({"note": "yes"});
    assert_eq!(
        answer.json(),
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [expected]})
    );
}

/// `artifactType` is the manifest's own, else the type of an image's configuration; an index without one is listed
/// without it.
#[test]
fn referrers_have_their_type() {
    let repository = Repository::new("referrers/type");
    let subject = descriptor(&repository.image("subject"));
    let index =
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [], "subject": subject});
    let mut own = artifact(&repository, &subject, "application/vnd.own", "");
    repository.push("own", &own);
    own.as_object_mut().unwrap().remove("artifactType");
    own["config"] = repository.part("application/vnd.config", "{ }");
    repository.push("config", &own);
    own["artifactType"] = "".into();
    repository.push("empty", &own);
    repository.push("index", &index);
    let mut index_with_type = index.clone();
    index_with_type["artifactType"] = "application/vnd.index".into();
    repository.push("index-with-type", &index_with_type);
    let mut types: Vec<Option<String>> = listed(&repository, &subject, "")
        .iter()
        .map(|found| {
            found
                .get("artifactType")
                .map(|kind| kind.as_str().unwrap().to_owned())
        })
        .collect();
    types.sort();
    let expected =
        ["config", "config", "index", "own"].map(|kind| Some(format!("application/vnd.{kind}")));
    assert_eq!(types, [&[None][..], &expected].concat());
}

/// Where nothing refers to it the list is empty, and never 404: not for a manifest nor a repository that is not there.
#[test]
fn nothing_refers_to_it() {
    let repository = Repository::new("referrers/none");
    let empty = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []});
    let look = |digest: &str| {
        let answer = repository.get(&format!("referrers/{digest}")).is(200);
        assert_eq!(
            (answer.need("content-type"), answer.json()),
            (INDEX, empty.clone())
        );
    };
    look(&sha256("no repository"));
    let digest = repository.push_image("v1");
    look(&digest);
    look(&sha256("no manifest"));
    look(&sha512("no manifest"));
}

/// A digest that is none is refused with 400.
#[test]
fn a_subject_is_a_digest() {
    let repository = Repository::new("referrers/invalid");
    repository.push_image("v1");
    for bad in ["v1", "sha256:abc", "sha256:", "md5:00"] {
        repository.get(&format!("referrers/{bad}")).is(400);
    }
}

/// `artifactType` in the query leaves only those of that type, and `OCI-Filters-Applied` says so, also where none is
/// left; without the filter the header is not sent.
#[test]
fn referrers_are_filtered_by_type() {
    let repository = Repository::new("referrers/filter");
    let subject = descriptor(&repository.image("subject"));
    for kind in ["sbom", "signature"] {
        let kind = format!("application/vnd.{kind}+json");
        repository.push("x", &artifact(&repository, &subject, &kind, ""));
    }
    let ask = |query: &str| {
        let path = format!("referrers/{}{query}", subject["digest"].as_str().unwrap());
        let answer = repository.get(&path).is(200);
        let count = answer.json()["manifests"].as_array().unwrap().len();
        (
            count,
            answer.header("oci-filters-applied").map(str::to_owned),
        )
    };
    let applied = Some("artifactType".to_owned());
    assert_eq!(ask(""), (2, None));
    assert_eq!(
        ask("?artifactType=application%2Fvnd.sbom%2Bjson"),
        (1, applied.clone())
    );
    assert_eq!(ask("?artifactType=application/vnd.nothing"), (0, applied));
    let found = listed(
        &repository,
        &subject,
        "?artifactType=application%2Fvnd.sbom%2Bjson",
    );
    assert_eq!(found[0]["artifactType"], "application/vnd.sbom+json");
}

/// A list that is longer than one answer goes on behind a `Link` with the relation `next`, which keeps the filter; the
/// answers differ in what they list and together have all.
#[test]
fn a_long_list_of_referrers_has_pages() {
    let repository = Repository::new("referrers/pages");
    let subject = descriptor(&repository.image("subject"));
    let mut expected = Vec::new();
    for n in 0..7 {
        let kind = if n == 0 { "a/other" } else { "a/b" };
        let manifest = artifact(&repository, &subject, kind, &n.to_string());
        let digest = repository.push("x", &manifest);
        expected.extend((n > 0).then_some(digest));
    }
    expected.sort();
    let mut seen = Vec::new();
    let digest = subject["digest"].as_str().unwrap();
    let mut target = format!("referrers/{digest}?n=2&artifactType=a/b");
    loop {
        let answer = repository.get(&target).is(200);
        assert_eq!(answer.need("content-type"), INDEX);
        assert_eq!(answer.need("oci-filters-applied"), "artifactType");
        let page = answer.json()["manifests"].as_array().unwrap().clone();
        seen.extend(
            page.iter()
                .map(|found| found["digest"].as_str().unwrap().to_owned()),
        );
        let Some(link) = answer.header("link") else {
            break;
        };
        let links = Link::parse_all(link);
        assert_eq!((links.len(), links[0].rel.as_str()), (1, "next"), "{link}");
        target = links[0].target.clone();
    }
    assert_eq!(seen, expected);
}

/// A referrer that is deleted is no longer listed, and one that loses its tag still is.
#[test]
fn referrers_are_those_that_are_there() {
    let repository = Repository::new("referrers/deleted");
    let subject = descriptor(&repository.image("subject"));
    let untagged = repository.push("a", &artifact(&repository, &subject, "a/b", "one"));
    let deleted = repository.push("b", &artifact(&repository, &subject, "a/b", "two"));
    repository.delete("manifests/a").is(202);
    repository.delete(&format!("manifests/{deleted}")).is(202);
    let found = listed(&repository, &subject, "");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["digest"], untagged);
}

/// Enabling the Referrers API: what older clients wrote down in the index under the fallback tag is in the answer,
/// once, as everything that has the subject.
#[test]
fn referrers_of_older_clients_are_listed() {
    let repository = Repository::new("referrers/fallback");
    let subject = descriptor(&repository.image("subject"));
    let manifest = artifact(&repository, &subject, "a/b", "");
    let digest = sha256(manifest.to_string());
    repository.put(&digest, &manifest).is(201);
    let tag = subject["digest"].as_str().unwrap().replace(':', "-");
    let index =
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(&manifest)]});
    repository.push(&tag, &index);
    let found = listed(&repository, &subject, "");
    assert_eq!((found.len(), &found[0]["digest"]), (1, &json!(digest)));
}

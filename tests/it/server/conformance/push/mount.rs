//! Section "Mounting a blob from another repository".

use crate::server::conformance::repository::{Repository, Shared, sha256};
use acr_api::auth::{Action, Challenge, Scope};

const BLOB: &str = "a blob that is mounted";

/// A client that may push to one repository and pull from the other.
fn both(shared: &std::sync::Arc<Shared>, target: &str, source: &str) -> Repository {
    let scopes = [
        format!("repository:{target}:pull,push"),
        format!("repository:{source}:pull"),
    ];
    Repository {
        shared: shared.clone(),
        name: target.to_owned(),
        authorization: shared.token(&scopes.each_ref().map(String::as_str)),
    }
}

/// A blob that is in the other repository is mounted: 201, with a `Location` from which it can be pulled and its digest.
#[test]
fn a_blob_is_mounted() {
    let source = Repository::new("mount/source");
    let digest = source.push_blob(BLOB);
    let target = both(&source.shared, "mount/target", "mount/source");
    let path = format!("blobs/uploads/?mount={digest}&from=mount/source");
    let mounted = target.post(&path).is(201);
    assert_eq!(mounted.need("docker-content-digest"), digest);
    target.has_blob(mounted.need("location"), BLOB);
    source.delete(&format!("blobs/{digest}")).is(202);
    target.has_blob(mounted.need("location"), BLOB);
}

/// `from` may be left out: a blob is found where the caller may read it, and nowhere else.
#[test]
fn a_blob_is_mounted_from_wherever_it_can_be_read() {
    let source = Repository::new("mount/somewhere");
    let digest = source.push_blob("a blob somewhere");
    let path = format!("blobs/uploads/?mount={digest}");
    let reader = both(&source.shared, "mount/anonymous", "mount/somewhere");
    let mounted = reader.post(&path).is(201);
    reader.has_blob(mounted.need("location"), "a blob somewhere");
    let stranger = Repository::on(&source.shared, "mount/stranger");
    stranger.post(&path).is(202);
    stranger.get(&format!("blobs/{digest}")).is(404);
}

/// What cannot be mounted begins an upload: 202, and the client goes on with it.
#[test]
fn a_blob_that_cannot_be_mounted_is_uploaded() {
    let source = Repository::new("mount/empty");
    source.push_blob("something else");
    let target = both(&source.shared, "mount/fallback", "mount/empty");
    let digest = sha256("not there");
    for from in ["mount/empty", "mount/fallback", "A%20B"] {
        let path = format!("blobs/uploads/?mount={digest}&from={from}");
        let begun = target.post(&path).is(202);
        let put = format!("{}?digest={digest}", begun.need("location"));
        let done = target.send("PUT", &put, &[], "not there").is(201);
        target.has_blob(done.need("location"), "not there");
        Repository::on(&target.shared, &target.name)
            .delete(&format!("blobs/{digest}"))
            .is(202);
    }
}

/// Who asks without a token, or with one for the target alone, learns the scopes of both repositories, gets a token for
/// both, and mounts.
#[test]
fn a_challenge_names_both_repositories() {
    let source = Repository::new("mount/asked-source");
    let digest = source.push_blob("a blob to ask for");
    let target = Repository::on(&source.shared, "mount/asked-target");
    let path = format!(
        "/v2/{}/blobs/uploads/?mount={digest}&from={}",
        target.name, source.name
    );
    let nobody = target.shared.send(("POST", &path), &[], b"");
    let narrow = target.post(&path);
    for refused in [nobody, narrow] {
        let challenges = Challenge::parse_all(refused.is(401).need("www-authenticate"));
        let [Challenge::Bearer(challenge)] = challenges.as_slice() else {
            panic!("{challenges:?}");
        };
        let scope = challenge.scope.as_deref().unwrap();
        let scopes = Scope::parse_list(scope).unwrap();
        let asked: Vec<_> = scopes
            .iter()
            .map(|s| (s.name.as_str(), &s.actions[..]))
            .collect();
        assert_eq!(
            asked,
            [
                (target.name.as_str(), &[Action::Pull, Action::Push][..]),
                (source.name.as_str(), &[Action::Pull][..]),
            ]
        );
        let allowed = Repository {
            shared: target.shared.clone(),
            name: target.name.clone(),
            authorization: target.shared.token(&[scope]),
        };
        allowed.post(&path).is(201);
    }
    // A password is worth all that its user may do.
    let basic = target.shared.basic();
    let proof = [("Authorization", basic.as_str())];
    target.shared.send(("POST", &path), &proof, b"").is(201);
}

/// Who may not read the source is not asked for a token that would not help: the registry is unable to mount, so the
/// upload begins with 202, and nothing tells whether the blob is there.
#[test]
fn who_may_not_read_the_source_uploads() {
    let source = Repository::new("mount/secret");
    let (there, missing) = (source.push_blob("a secret"), sha256("no secret"));
    let proof = source.shared.token_of_registry("limited", "mount/limited");
    let scopes = [
        "repository:mount/limited:pull,push",
        "repository:mount/secret:pull",
    ];
    for authorization in [proof.clone(), source.shared.token_for(&proof, &scopes)] {
        let limited = Repository {
            shared: source.shared.clone(),
            name: "mount/limited".to_owned(),
            authorization,
        };
        for digest in [&there, &missing] {
            let path = format!("blobs/uploads/?mount={digest}&from=mount/secret");
            limited.post(&path).is(202);
            limited.get(&format!("blobs/{digest}")).is(404);
        }
    }
}

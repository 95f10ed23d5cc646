//! Section "Registry Proxying".

use super::repository::Repository;

/// This registry stands for no other one, so `ns` is ignored, and `OCI-Namespace` does not claim the contrary.
#[test]
fn a_namespace_is_ignored() {
    let repository = Repository::new("proxying/ns");
    let digest = repository.push_image("v1");
    for path in ["manifests/v1?ns=docker.io", "tags/list?ns=docker.io"] {
        let answer = repository.get(path).is(200);
        assert_eq!(answer.header("oci-namespace"), None);
    }
    let answer = repository
        .get(&format!("manifests/{digest}?ns=docker.io"))
        .is(200);
    assert_eq!(answer.need("docker-content-digest"), digest);
}

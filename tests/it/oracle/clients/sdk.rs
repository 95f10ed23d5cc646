//! Azure's SDK for Python, with a service principal of `azure-identity`.

use super::content;
use super::image::{Image, TAG};
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, WRONG, play};
use crate::process::Outcome;
use serde_json::Value;
use std::path::{Path, PathBuf};

struct Sdk<'a> {
    stand: &'a Stand,
    layout: PathBuf,
}

impl Sdk<'_> {
    fn call(&self, secret: &str, words: &[&str]) -> Call {
        let server = &self.stand.server;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/oracle/clients/sdk.py");
        self.stand
            .call("sdk")
            .words(&[script.display().to_string()])
            .words(words)
            .variable("AZURE_TENANT_ID", server.admin("tenantId"))
            .variable("AZURE_CLIENT_ID", server.admin("clientId"))
            .variable("AZURE_CLIENT_SECRET", secret)
            .variable("AZURE_AUTHORITY_HOST", server.admin("endpoint"))
            .variable("CA_FILE", server.ca_file())
    }

    fn run(&self, image: &Image, verb: &[&str], rest: &[&str]) -> Outcome {
        let secret = self.stand.server.admin("clientSecret");
        let place = [&*format!("https://{}", image.host), &image.path];
        self.call(secret, &[verb, &place, rest].concat()).run()
    }

    fn ask(&self, image: &Image, verb: &[&str], rest: &[&str]) -> Value {
        let outcome = self.run(image, verb, rest);
        assert_eq!(outcome.code, 0, "{verb:?}: {}", outcome.stderr);
        serde_json::from_str(&outcome.stdout).expect("JSON")
    }
}

impl Peer for Sdk<'_> {
    const KEEPS_BYTES: bool = true;

    /// Every run logs in anew, always as the service principal.
    fn log_in(&self, _image: &Image, _user: &str, password: &str) -> Outcome {
        let own = self.stand.server.admin("clientSecret");
        let secret = if password == WRONG { password } else { own };
        self.call(secret, &["login"]).run()
    }

    fn push(&self, image: &Image) -> String {
        let layout = self.layout.display().to_string();
        let told = self.ask(image, &["push", &layout], &[TAG]);
        told.as_str().expect("a digest").to_owned()
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        let listed = self.ask(image, &["tags"], &[]);
        serde_json::from_value(listed).expect("a list")
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let outcome = self.run(image, &["pull"], &[TAG]);
        if outcome.code != 0 {
            return Err(outcome);
        }
        let pulled: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        Ok(Pulled {
            digest: pulled["digest"].as_str().expect("a digest").to_owned(),
            contents: serde_json::from_value(pulled["contents"].clone()).expect("a list"),
        })
    }

    fn delete(&self, image: &Image) -> bool {
        assert_eq!(self.ask(image, &["delete"], &[TAG]), 0);
        true
    }
}

#[test]
fn the_python_sdk_pushes_lists_pulls_and_deletes() {
    let Some(stand) = Stand::of(&["sdk"]) else {
        return;
    };
    let layout = stand.folder().join("layout");
    content::layout(&layout);
    play(
        &stand,
        &Sdk {
            stand: &stand,
            layout,
        },
    );
}

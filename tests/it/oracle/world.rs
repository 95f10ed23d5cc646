//! Everything the oracle needs at once: a server, the recorder before it, and both command lines.

use std::path::Path;
use tempfile::TempDir;

use super::client::Client;
use super::content;
use super::driver::Driver;
use super::line::Line;
use super::recorded::Recorded;
use super::recorder::Recorder;
use super::stage::{self, Scene, Stage};
use crate::process::{Outcome, Server};

/// A running world.
pub(super) struct World {
    pub(super) az: Driver,
    pub(super) stage: Stage,
    pub(super) recorder: Recorder,
    pub(super) server: Server,
    /// What the blanks of a line are filled with.
    blanks: Vec<(&'static str, String)>,
    folder: TempDir,
}

/// What a command line did.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) outcome: Outcome,
    /// Without those for signing in.
    pub(super) requests: Vec<Recorded>,
    /// How many tokens it asked for.
    pub(super) tokens: usize,
}

impl World {
    /// Starts everything, and has `az` know the cloud; nobody is signed in yet.
    pub(super) fn start(python: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let recorder = Recorder::bind();
        // Registries are called NAME.localhost:PORT after the server's port, and that is where clients look
        // for them: so the recorder has the same port.
        let behind = format!("127.0.0.2:{}", recorder.port);
        let server = Server::start_with(folder.path(), &["--listen", &behind]);
        let recorder = recorder.start(&server, folder.path());
        let mut az = Driver::start(python, &folder.path().join("az"), Some(&recorder.ca_file));
        let release = az.must(&["version", "--query", "\"azure-cli\"", "-o", "tsv"]);
        assert_eq!(
            release.trim(),
            super::az::VERSION,
            "the measure is another az"
        );
        az.must(&[
            "cloud",
            "register",
            "-n",
            "local",
            "--endpoint-resource-manager",
            &recorder.endpoint,
        ]);
        az.must(&["cloud", "set", "-n", "local"]);
        az.must(&["config", "set", "core.instance_discovery=false"]);
        let suffix = az.must(&[
            "cloud",
            "show",
            "--query",
            "suffixes.acrLoginServerEndpoint",
            "-o",
            "tsv",
        ]);
        let subscription = server.admin("subscriptionId").to_owned();
        let identity = format!(
            "/subscriptions/{subscription}/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"
        );
        let mut blanks = vec![
            ("{SUBNET}", stage::subnet(&subscription)),
            ("{SUB}", subscription),
            ("{SUFFIX}", suffix.trim().to_owned()),
            ("{ID1}", identity),
        ];
        blanks.extend(content::blanks());
        let stage = Stage::new(&server);
        Self {
            az,
            stage,
            recorder,
            server,
            blanks,
            folder,
        }
    }

    /// Signs `az` in as the administrator.
    pub(super) fn log_in(&mut self) {
        let [client, secret, tenant] = ["clientId", "clientSecret", "tenantId"]
            .map(|member| self.server.admin(member).to_owned());
        self.az.must(&[
            "login",
            "--service-principal",
            "-u",
            &client,
            "-p",
            &secret,
            "-t",
            &tenant,
        ]);
        let name = self
            .az
            .must(&["account", "show", "--query", "name", "-o", "tsv"]);
        self.blanks.push(("{SUBNAME}", name.trim().to_uppercase()));
    }

    /// Our command line with nothing but what `az` left behind.
    pub(super) fn with_profile(&self) -> Client {
        let home = self.home("profile");
        Client::with_profile(
            &home,
            &self.folder.path().join("az"),
            &self.recorder.ca_file,
        )
    }

    /// Our command line with a context that leads through the recorder.
    pub(super) fn with_context(&self) -> Client {
        let mut admin = self.server.admin.clone();
        admin["endpoint"] = self.recorder.endpoint.clone().into();
        admin["caFile"] = self.recorder.ca_file.display().to_string().into();
        Client::with_context(&self.home("context"), &admin, &self.recorder.ca_file)
    }

    /// Runs a line with `az`.
    pub(super) fn run_az(&mut self, line: &Line) -> Run {
        let mut words = vec!["acr".to_owned()];
        words.extend(self.prepare(line));
        let outcome = self.az.run(&words, line.variables);
        self.finish(outcome)
    }

    /// Runs a line with us.
    pub(super) fn run_acr(&mut self, client: &Client, line: &Line) -> Run {
        let words = self.prepare(line);
        let outcome = client.run(&words, line.variables);
        self.finish(outcome)
    }

    /// Sets the scene and clears the tape.
    fn prepare(&mut self, line: &Line) -> Vec<String> {
        self.stage.set(line.scene);
        self.recorder.take();
        let blanks: Vec<(&str, &str)> = self
            .blanks
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        line.words(&blanks)
    }

    fn finish(&mut self, outcome: Outcome) -> Run {
        let all = self.recorder.take();
        if all.iter().any(Recorded::is_change) {
            self.stage.spoil();
        }
        Run {
            outcome,
            tokens: all.iter().filter(|request| request.is_for_token()).count(),
            requests: all
                .into_iter()
                .filter(|request| !request.is_of_login())
                .collect(),
        }
    }

    fn home(&self, name: &str) -> std::path::PathBuf {
        let home = self.folder.path().join(name);
        std::fs::create_dir_all(&home).expect("the folder is writable");
        home
    }

    /// Makes the plain scene stand.
    pub(super) fn set_plain(&mut self) {
        self.stage.set(Scene::Plain);
        self.recorder.take();
    }
}

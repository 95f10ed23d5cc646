//! Docker: an engine of its own, an image built from nothing, and a container of what came back.

use super::content;
use super::image::{Image, TAG};
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long an engine may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// An engine and its command line. The engine is the first process of a namespace, so that all it has started ends
/// with it.
struct Docker<'a> {
    stand: &'a Stand,
    engine: Child,
}

impl<'a> Docker<'a> {
    fn start(stand: &'a Stand) -> Self {
        let folder = stand.folder().join("engine");
        std::fs::create_dir(&folder).expect("the folder is writable");
        let log = File::create(folder.join("log")).expect("the folder is writable");
        let engine = stand
            .command(&["--pid", "--fork", "--kill-child", "--mount-proc"])
            .arg(stand.program("dockerd"))
            .args([
                "--bridge=none",
                "--iptables=false",
                "--storage-driver=overlay2",
            ])
            .arg("--data-root")
            .arg(folder.join("data"))
            .arg("--exec-root")
            .arg(folder.join("exec"))
            .arg("--pidfile")
            .arg(folder.join("pid"))
            .arg("--host")
            .arg(Self::address(stand))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("one more handle"))
            .stderr(log)
            .spawn()
            .expect("the engine starts");
        let docker = Self { stand, engine };
        let start = Instant::now();
        while docker.call(&["version"]).run().code != 0 {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(
                start.elapsed() < PATIENCE,
                "the engine is not ready:\n{log}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        docker
    }

    fn address(stand: &Stand) -> String {
        format!("unix://{}", stand.folder().join("engine/socket").display())
    }

    fn call(&self, words: &[&str]) -> Call {
        self.stand
            .call("docker")
            .words(words)
            .variable("DOCKER_HOST", Self::address(self.stand))
            .variable("DOCKER_CONFIG", self.stand.folder().join("docker"))
            .variable("DOCKER_BUILDKIT", "0")
    }

    /// The image's id, which is the digest of its config.
    fn id(&self, image: &Image) -> String {
        let words = ["image", "inspect", "--format", "{{.Id}}", &image.name()];
        self.call(&words).must().trim().to_owned()
    }

    fn forget(&self, image: &Image) {
        self.call(&["image", "rm", "--force", &image.name()]).must();
    }
}

impl Drop for Docker<'_> {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.engine.kill();
        let _ = self.engine.wait();
    }
}

impl Peer for Docker<'_> {
    const KEEPS_BYTES: bool = false;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        self.call(&["login", "-u", user, "--password-stdin", &image.host])
            .input(password)
            .run()
    }

    fn push(&self, image: &Image) -> String {
        let told = self.call(&["push", &image.name()]).must();
        digest_after(&told, "digest: ")
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        self.forget(image);
        let source = image.source();
        self.call(&["pull", "--all-tags", &source]).must();
        let words = ["image", "ls", "--format", "{{.Tag}}", &source];
        let listed = self.call(&words).must();
        listed.lines().map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        self.forget(image);
        let outcome = self.call(&["pull", &image.name()]).run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        let words = ["run", "--rm", "--network", "none", &image.name()];
        let said = self.call(&words).must();
        assert_eq!(said.trim(), content::GREETING);
        Ok(Pulled {
            digest: digest_after(&outcome.stdout, "Digest: "),
            contents: [self.id(image)].into(),
        })
    }

    fn delete(&self, _image: &Image) -> bool {
        false
    }
}

fn digest_after(told: &str, word: &str) -> String {
    let (_, rest) = told.split_once(word).expect("docker tells the digest");
    let digest = rest.split_whitespace().next();
    digest.expect("docker tells the digest").to_owned()
}

#[test]
fn docker_pushes_lists_pulls_and_runs() {
    let Some(stand) = Stand::of(&["docker", "dockerd", "busybox"]) else {
        return;
    };
    let context = stand.folder().join("context");
    content::context(&context, stand.program("busybox"));
    let [by_host, by_path] = stand.images();
    // An engine needs no authority for the server's own host: on loopback it does without TLS.
    let trusted: PathBuf = stand.etc().join("docker/certs.d").join(&by_host.host);
    std::fs::create_dir_all(&trusted).expect("the folder is writable");
    std::fs::copy(stand.server.ca_file(), trusted.join("ca.crt")).expect("a certificate");

    let docker = Docker::start(&stand);
    let context = context.display().to_string();
    for image in [by_host, by_path] {
        assert!(image.name().ends_with(TAG));
        docker
            .call(&["build", "--quiet", "--tag", &image.name(), &context])
            .must();
    }
    play(&stand, &docker);
}

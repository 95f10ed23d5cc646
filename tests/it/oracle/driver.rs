//! `az` kept running: `drive.py` in one process, asked line by line.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::process::Outcome;

/// A running driver.
pub(super) struct Driver {
    python: PathBuf,
    config_dir: PathBuf,
    ca_file: Option<PathBuf>,
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it with a profile folder, and the authority to trust where it is to reach a server.
    pub(super) fn start(python: &Path, config_dir: &Path, ca_file: Option<&Path>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/oracle/drive.py");
        let mut child = command(python, config_dir, ca_file)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the driver starts");
        let requests = child.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self {
            python: python.to_owned(),
            config_dir: config_dir.to_owned(),
            ca_file: ca_file.map(Path::to_owned),
            child,
            requests,
            answers,
        }
    }

    /// Runs a command line in a process of its own, on the same profile.
    pub(super) fn run_afresh(&self, words: &[&str]) -> Outcome {
        let output = command(&self.python, &self.config_dir, self.ca_file.as_deref())
            .args(["-m", "azure.cli"])
            .args(words)
            .stdin(Stdio::null())
            .output();
        Outcome::of(output.expect("python starts"))
    }

    /// Runs one command line, without the leading `az`.
    pub(super) fn run(&mut self, words: &[String], variables: &[(&str, &str)]) -> Outcome {
        let variables: serde_json::Map<String, Value> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let answer = self.ask(&json!({ "run": words, "variables": variables }));
        let text = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
        Outcome {
            code: serde_json::from_value(answer["code"].clone()).expect("a code"),
            stdout: text("stdout"),
            stderr: text("stderr"),
        }
    }

    /// Runs a command line that must succeed, and gives what it printed.
    pub(super) fn must(&mut self, words: &[&str]) -> String {
        let owned: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let outcome = self.run(&owned, &[]);
        assert_eq!(outcome.code, 0, "az {words:?}: {}", outcome.stderr);
        outcome.stdout
    }

    /// The options of a command, all spellings of each.
    pub(super) fn options(&mut self, command: &str) -> Vec<Vec<String>> {
        let answer = self.ask(&json!({ "options": command }));
        serde_json::from_value(answer["options"].clone()).expect("lists of words")
    }

    /// The commands of a group, each with all of its words.
    pub(super) fn commands(&mut self, group: &str) -> Vec<String> {
        let answer = self.ask(&json!({ "commands": group }));
        serde_json::from_value(answer["commands"].clone()).expect("a list of commands")
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("the driver listens");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the driver answers");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer to {request}: {line:?}"))
    }
}

fn command(python: &Path, config_dir: &Path, ca_file: Option<&Path>) -> Command {
    let mut command = Command::new(python);
    command
        .env("AZURE_CONFIG_DIR", config_dir)
        .env("AZURE_CORE_COLLECT_TELEMETRY", "0")
        .env("AZURE_CORE_NO_COLOR", "1");
    if let Some(ca_file) = ca_file {
        command.env("REQUESTS_CA_BUNDLE", ca_file);
    }
    command
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

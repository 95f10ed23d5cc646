//! A server in another process: this test program started again, as `--detach` does with the real one.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::fixture::{config, read_to_end, router};
use crate::{
    Error,
    config::Setting,
    http::middleware::Site,
    lifecycle::{
        Control, DataDir, Identity, Instance, Launch, Shell, State, detach, environment, lock,
        record::Record, serve, status, stop,
    },
};

const NAME: &str = "lifecycle::tests::background::the_other_process";

fn launch(dir: &Path, listen: &str) -> Launch {
    // The test runner takes what follows for names of further tests, of which there are none.
    let arguments = ["--exact", "--ignored", NAME, "--", listen];
    let mut arguments: Vec<OsString> = arguments.map(OsString::from).to_vec();
    arguments.push(dir.into());
    Launch {
        program: std::env::current_exe().unwrap(),
        arguments,
        wait: Duration::from_secs(60),
    }
}

#[test]
#[ignore = "the body of the process that the other tests here start"]
fn the_other_process() -> Result<(), Error> {
    let arguments: Vec<_> = std::env::args().collect();
    let Some(marker) = arguments.iter().position(|argument| argument == "--") else {
        return Ok(());
    };
    let (listen, dir) = (&arguments[marker + 1], Path::new(&arguments[marker + 2]));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        crate::lifecycle::leave_session()?;
        let control = Control::from_signals()?;
        let config = config(dir, &[(Setting::Listen, listen)]);
        let instance = Instance::open(config).await?;
        let echo = axum::routing::post(async |body: String| body);
        serve(instance, Site::new(router().route("/echo", echo)), control).await
    })
}

#[tokio::test]
async fn it_starts_answers_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("new"));
    let launch = launch(data_dir.path(), "127.0.0.1:0");
    let record = detach(&data_dir, &launch).await.unwrap();
    let seen = status(&data_dir).await.unwrap();
    assert!(seen.running && seen.ready);
    assert_eq!(seen.pid, Some(record.pid));
    assert!(matches!(
        detach(&data_dir, &launch).await,
        Err(Error::Locked { .. })
    ));

    let stopped = stop(&data_dir, Duration::from_secs(60)).await.unwrap();
    assert_eq!(stopped.pid, record.pid);
    assert!(!status(&data_dir).await.unwrap().running);
    let again = stop(&data_dir, Duration::from_secs(60)).await;
    assert!(matches!(again, Err(Error::NotRunning { .. })));
}

#[tokio::test]
async fn it_finishes_what_it_has_begun_however_often_it_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path());
    let record = detach(&data_dir, &launch(dir.path(), "127.0.0.1:0"))
        .await
        .unwrap();
    let mut running = TcpStream::connect(record.address).await.unwrap();
    let head = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    running.write_all(head).await.unwrap();
    let mut begun = [0; 12];
    running.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100");
    for _ in 0..2 {
        let waited = stop(&data_dir, Duration::ZERO).await;
        assert!(matches!(waited, Err(Error::StillRunning { .. })));
        let is_draining = || Record::read(&data_dir).unwrap().unwrap().state == State::Draining;
        while !is_draining() {
            tokio::task::yield_now().await;
        }
    }
    running.write_all(b"hello").await.unwrap();
    let answer = read_to_end(running).await;
    assert!(answer.ends_with("hello"), "{answer}");
    while lock::is_held(&data_dir).unwrap() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_killed_server_leaves_the_folder_free() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path());
    let launch = launch(dir.path(), "127.0.0.1:0");
    let first = detach(&data_dir, &launch).await.unwrap();
    let pid = Pid::from_raw(first.pid.try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, Signal::KILL).unwrap();
    while lock::is_held(&data_dir).unwrap() {
        tokio::task::yield_now().await;
    }
    assert!(
        dir.path().join("serve.json").exists(),
        "it had no time to clean up"
    );
    assert!(!status(&data_dir).await.unwrap().running);
    let second = detach(&data_dir, &launch).await.unwrap();
    assert_ne!(first.pid, second.pid);
    stop(&data_dir, Duration::from_secs(60)).await.unwrap();
}

#[tokio::test]
async fn a_failed_start_shows_its_log() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path());
    std::fs::write(data_dir.log_file(), "from another day\n").unwrap();
    let error = detach(&data_dir, &launch(dir.path(), &listen))
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("the server ended at once"), "{message}");
    assert!(message.contains("Address already in use"), "{message}");
    assert!(!message.contains("from another day"), "{message}");
}

#[tokio::test]
async fn a_stranger_is_never_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path());
    let mut record = detach(&data_dir, &launch(dir.path(), "127.0.0.1:0"))
        .await
        .unwrap();
    let honest = record.clone();
    let mut stranger = Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    record.pid = stranger.id();
    record.write(&data_dir).unwrap();
    let refused = stop(&data_dir, Duration::from_secs(60)).await;
    assert!(matches!(refused, Err(Error::Stranger { .. })));
    assert!(stranger.try_wait().unwrap().is_none(), "still alive");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    honest.write(&data_dir).unwrap();
    stop(&data_dir, Duration::from_secs(60)).await.unwrap();
}

#[tokio::test]
async fn a_shell_gets_lines_that_work() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = DataDir::new(dir.path().join("it's here"));
    let variables = BTreeMap::new();
    let before = environment(&data_dir, Shell::Posix, &variables, None);
    assert!(matches!(before, Err(Error::NotRunning { .. })));
    let instance = Instance::open(config(data_dir.path(), &[])).await.unwrap();
    let identity = Identity {
        tenant_id: "t".to_owned(),
        subscription_id: "s".to_owned(),
        client_id: "c".to_owned(),
        client_secret: "hunter2".to_owned(),
    };
    instance.write_admin(identity).unwrap();
    let lines = environment(&data_dir, Shell::Posix, &variables, None).unwrap();
    assert!(!lines.contains("hunter2"));
    let script = format!(
        "{lines}\ncat \"$SSL_CERT_FILE\" \"$AZURE_CONFIG_DIR/clouds.config\"; echo $ACR_ENDPOINT"
    );
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&std::fs::read_to_string(data_dir.ca_file()).unwrap()));
    assert!(text.contains(&format!(
        "endpoint_resource_manager = {}\n",
        instance.endpoint()
    )));
    assert!(text.ends_with(&format!("{}\n", instance.endpoint())));
    let own = data_dir.path().join("az/config");
    std::fs::write(&own, "[defaults]\nacr = mine\n").unwrap();
    environment(&data_dir, Shell::Fish, &variables, None).unwrap();
    assert!(
        std::fs::read_to_string(own).unwrap().contains("mine"),
        "the user's settings stay"
    );
}

//! Docker's and Podman's ways through their files and programs, with programs of our own.

use crate::docker::testing::Programs;
use crate::docker::{Credential, Error, Keychain, OWN_PROGRAM, Places, Stored};
use crate::testing::Home;
use acr_http::Secret;
use std::path::Path;

const HOST: &str = "contoso.azurecr.io";
/// Keeps each secret in a file named after the registry, as `docker-credential-pass` does.
const KEEPER: &str = r#"
kept="$0.kept"; mkdir -p "$kept"; input=$(cat)
name() { printf '%s' "$1" | tr '/:' '__'; }
case "$1" in
store) server=$(printf '%s' "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/')
  printf '%s\n' "$input" > "$kept/$(name "$server")" ;;
get) cat "$kept/$(name "$input")" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
erase) rm "$kept/$(name "$input")" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
list) echo '{"contoso.azurecr.io":"me"}' ;;
esac"#;

struct World {
    home: Home,
    programs: Programs,
}

impl World {
    fn new() -> Self {
        Self {
            home: Home::new(),
            programs: Programs::new(),
        }
    }

    fn docker_with(&self, variables: &[(&str, &str)]) -> Keychain {
        let mut all = vec![("PATH", self.programs.search_path())];
        all.extend(variables);
        let environment = self.home.environment(&all);
        Keychain::new(&environment, Places::docker(&environment, self.home.path()))
    }

    fn docker(&self) -> Keychain {
        self.docker_with(&[])
    }

    fn podman(&self) -> Keychain {
        let session = self.home.path().join("run");
        std::fs::create_dir_all(&session).unwrap();
        let session = session.to_str().unwrap();
        let variables = [
            ("PATH", self.programs.search_path()),
            ("XDG_RUNTIME_DIR", session),
        ];
        let environment = self.home.environment(&variables);
        Keychain::new(&environment, Places::podman(&environment, self.home.path()))
    }

    fn docker_file(&self, content: &str) {
        self.home.write(".docker/config.json", content);
    }

    fn docker_text(&self) -> String {
        std::fs::read_to_string(self.home.path().join(".docker/config.json")).unwrap()
    }
}

fn password(secret: &str) -> Credential {
    Credential::Password {
        username: "me".to_owned(),
        password: Secret::new(secret),
    }
}

#[tokio::test]
async fn a_first_login_makes_the_file() {
    let world = World::new();
    let docker = world.docker();
    assert_eq!(docker.find(HOST).await.unwrap(), None);
    assert!(!docker.erase(HOST).await.unwrap());
    let stored = docker.store(HOST, &password("hunter2")).await.unwrap();
    let path = world.home.path().join(".docker/config.json");
    assert_eq!(stored, Stored::File(path));
    let expected = "{\n\t\"auths\": {\n\t\t\"contoso.azurecr.io\": {\n\t\t\t\"auth\": \"bWU6aHVudGVyMg==\"\n\t\t}\n\t}\n}";
    assert_eq!(world.docker_text(), expected);
    let found = docker.find("https://Contoso.azurecr.io/v2/").await.unwrap();
    assert_eq!(found, Some(password("hunter2")));
    assert!(docker.erase(HOST).await.unwrap());
    assert_eq!(world.docker_text(), "{\n\t\"auths\": {}\n}");
}

#[tokio::test]
async fn a_program_keeps_what_docker_would_give_it() {
    let world = World::new();
    world.programs.add("keeper", KEEPER);
    world.docker_file(
        r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6b2xk"}}, "credsStore": "keeper", "x": [1.0]}"#,
    );
    let docker = world.docker();
    // The file's own is not looked at, as Docker does not.
    assert_eq!(docker.find(HOST).await.unwrap(), None);
    let stored = docker.store(HOST, &password("hunter2")).await.unwrap();
    assert_eq!(stored, Stored::Program("keeper".to_owned()));
    let text = world.docker_text();
    assert!(text.contains("\"contoso.azurecr.io\": {}"), "{text}");
    assert!(text.contains("1.0"), "{text}");
    assert_eq!(docker.find(HOST).await.unwrap(), Some(password("hunter2")));
    docker.store("docker.io", &password("hub")).await.unwrap();
    let hub = docker.find("registry-1.docker.io").await.unwrap();
    assert_eq!(hub, Some(password("hub")));
    assert!(world.docker_text().contains("https://index.docker.io/v1/"));
    assert_eq!(docker.list_program().await.unwrap().len(), 1);
    assert!(docker.erase(HOST).await.unwrap());
    assert!(!docker.erase(HOST).await.unwrap());
    assert_eq!(docker.find(HOST).await.unwrap(), None);
}

#[tokio::test]
async fn a_registry_s_own_program_beats_the_one_for_all() {
    let world = World::new();
    world
        .programs
        .add("own", r#"echo '{"Username":"me","Secret":"own"}'"#);
    world.docker_file(
        r#"{"auths": {"plain.azurecr.io": {"auth": "bWU6cGxhaW4="}, "other.azurecr.io": {"auth": "bWU6cGxhaW4="}},
            "credsStore": "gone", "credHelpers": {"contoso.azurecr.io": "own", "plain.azurecr.io": ""}}"#,
    );
    let docker = world.docker();
    assert_eq!(docker.find(HOST).await.unwrap(), Some(password("own")));
    let plain = docker.find("plain.azurecr.io").await.unwrap();
    assert_eq!(plain, Some(password("plain")));
    let error = docker.find("other.azurecr.io").await.unwrap_err();
    assert!(matches!(error, Error::Missing { .. }), "{error}");
}

#[tokio::test]
async fn a_broken_program_is_named_with_the_way_out_and_nothing_changes() {
    let world = World::new();
    world
        .programs
        .add("broken", "echo 'cannot autolaunch D-Bus'; exit 1");
    for (program, words) in [("broken", "D-Bus"), ("dev-containers-1", "not on the PATH")] {
        let content = format!("{{\"credsStore\": \"{program}\"}}");
        world.docker_file(&content);
        let docker = world.docker();
        let error = docker.store(HOST, &password("hunter2")).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(error.hint().contains("credsStore"));
        assert_eq!(world.docker_text(), content);
        assert!(docker.find(HOST).await.is_err());
        assert!(docker.erase(HOST).await.is_err());
    }
}

#[tokio::test]
async fn our_own_program_can_answer_for_one_registry() {
    let world = World::new();
    world.docker_file(r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6b2xk"}}, "x": 1}"#);
    let docker = world.docker();
    let missing = docker.use_program(HOST, OWN_PROGRAM).await.unwrap_err();
    assert!(matches!(missing, Error::Missing { .. }), "{missing}");
    world
        .programs
        .add(OWN_PROGRAM, r#"echo '{"Username":"me","Secret":"new"}'"#);
    docker.use_program(HOST, OWN_PROGRAM).await.unwrap();
    let expected = "{\n\t\"auths\": {},\n\t\"x\": 1,\n\t\"credHelpers\": {\n\t\t\"contoso.azurecr.io\": \"acr\"\n\t}\n}";
    assert_eq!(world.docker_text(), expected);
    assert_eq!(docker.hosts_of(OWN_PROGRAM).unwrap(), [HOST]);
    assert!(docker.hosts_of("other").unwrap().is_empty());
    assert_eq!(docker.find(HOST).await.unwrap(), Some(password("new")));
}

#[tokio::test]
async fn a_variable_beats_docker_s_file() {
    let world = World::new();
    world.docker_file(r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6b2xk"}}}"#);
    let given = r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6dmFy"}}}"#;
    for (value, expected) in [
        (given, "var"),
        ("{\"auths\": {}}", "old"),
        ("{broken", "old"),
    ] {
        let docker = world.docker_with(&[("DOCKER_AUTH_CONFIG", value)]);
        let found = docker.find(HOST).await.unwrap();
        assert_eq!(found, Some(password(expected)));
    }
}

#[tokio::test]
async fn podman_goes_through_its_files_and_knows_no_program_for_all() {
    let world = World::new();
    let podman = world.podman();
    world.docker_file(
        r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6ZG9ja2Vy"}}, "credsStore": "gone"}"#,
    );
    let found = podman.find(HOST).await.unwrap();
    assert_eq!(found, Some(password("docker")));
    let lasting = r#"{"auths": {"contoso.azurecr.io": {"auth": "bWU6bGFzdGluZw=="}}}"#;
    world.home.write(".config/containers/auth.json", lasting);
    let found = podman.find(HOST).await.unwrap();
    assert_eq!(found, Some(password("lasting")));
    let stored = podman.store(HOST, &password("session")).await.unwrap();
    let file = world.home.path().join("run/containers/auth.json");
    assert_eq!(stored, Stored::File(file));
    let found = podman.find(HOST).await.unwrap();
    assert_eq!(found, Some(password("session")));
    podman.store("docker.io", &password("hub")).await.unwrap();
    let found = podman.find("docker.io").await.unwrap();
    assert_eq!(found, Some(password("hub")));
}

#[tokio::test]
async fn podman_s_own_program_for_a_registry_is_used() {
    let world = World::new();
    world.programs.add("keeper", KEEPER);
    let podman = world.podman();
    let content = r#"{"credHelpers": {"contoso.azurecr.io": "keeper"}}"#;
    world.home.write("run/containers/auth.json", content);
    podman.store(HOST, &password("hunter2")).await.unwrap();
    let file = world.home.path().join("run/containers/auth.json");
    assert_eq!(std::fs::read_to_string(file).unwrap(), content);
    assert_eq!(podman.find(HOST).await.unwrap(), Some(password("hunter2")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_logins_at_once_are_both_kept() {
    let world = World::new();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let docker = world.docker();
        tasks.spawn(async move {
            let host = format!("r{number}.azurecr.io");
            docker.store(&host, &password("hunter2")).await
        });
    }
    for stored in tasks.join_all().await {
        stored.unwrap();
    }
    for number in 0..8 {
        let found = world.docker().find(&format!("r{number}.azurecr.io")).await;
        assert_eq!(found.unwrap(), Some(password("hunter2")));
    }
    assert!(!Path::new(&world.home.path().join(".docker/config.json.lockfile")).exists());
}

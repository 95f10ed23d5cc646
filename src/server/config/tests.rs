//! Tests of the layers, their order and their messages.

use std::{path::Path, time::Duration};

use super::{file::File, *};

fn layers(flags: &[(Setting, &str)], variables: &[(&str, &str)]) -> Layers {
    Layers {
        flags: flags
            .iter()
            .map(|(setting, text)| (*setting, (*text).to_owned()))
            .collect(),
        variables: variables
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        file: None,
        default_data_dir: "/nowhere/acr".into(),
    }
}

fn with_file(text: &str) -> (tempfile::TempDir, Layers) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.toml");
    std::fs::write(&path, text).unwrap();
    let layers = Layers {
        file: Some(path),
        ..layers(&[], &[])
    };
    (dir, layers)
}

fn message(layers: &Layers) -> String {
    Config::resolve(layers).unwrap_err().to_string()
}

#[test]
fn defaults_need_nothing() {
    let config = Config::resolve(&layers(&[], &[])).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:5480");
    assert_eq!(config.domain, "localhost");
    assert_eq!(config.data_dir, Path::new("/nowhere/acr"));
    assert_eq!(
        config.database,
        Database::Sqlite("/nowhere/acr/acr.db".into())
    );
    assert_eq!(config.region, "local");
    assert!(config.tier_limits && !config.allow_plain_http && !config.sparse_images);
    assert_eq!(config.gc_grace, Duration::from_secs(86_400));
    assert_eq!(config.gc_interval, Some(Duration::from_secs(3_600)));
    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!(config.drain_timeout, Duration::from_secs(30));
}

#[test]
fn a_flag_beats_a_variable_beats_the_file() {
    let (_dir, mut layers) =
        with_file("region = \"file\"\ndomain = \"file.test\"\nlisten = \"[::1]:1\"");
    layers
        .variables
        .insert("ACR_SERVE_REGION".into(), "variable".into());
    layers
        .variables
        .insert("ACR_SERVE_DOMAIN".into(), "variable.test".into());
    layers
        .variables
        .insert("ACR_SERVE_LISTEN".into(), String::new());
    layers.flags.insert(Setting::Region, "flag".into());
    let config = Config::resolve(&layers).unwrap();
    assert_eq!(config.region, "flag");
    assert_eq!(config.domain, "variable.test");
    assert_eq!(
        config.listen.to_string(),
        "[::1]:1",
        "an empty variable is none"
    );
}

#[test]
fn the_data_folder_holds_a_settings_file_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("serve.toml"),
        "tier_limits = false\ndrain_timeout = 5",
    )
    .unwrap();
    let flags = [(Setting::DataDir, dir.path().to_str().unwrap())];
    let config = Config::resolve(&layers(&flags, &[])).unwrap();
    assert!(!config.tier_limits);
    assert_eq!(config.drain_timeout, Duration::from_secs(5));

    std::fs::write(dir.path().join("serve.toml"), "data_dir = \"/elsewhere\"").unwrap();
    assert!(message(&layers(&flags, &[])).contains("cannot move it"));
}

#[test]
fn an_asked_for_file_must_be_there() {
    let asked = Layers {
        file: Some("/nowhere/settings.toml".into()),
        ..layers(&[], &[])
    };
    assert!(message(&asked).starts_with("cannot read the settings file /nowhere/settings.toml"));
}

#[test]
fn a_wrong_file_is_named_with_its_line() {
    let parse = |text: &str| {
        File::parse(Path::new("s.toml"), text)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        parse("region = \"a\"\ntier-limits = \"on\"\n"),
        "s.toml:2: tier-limits: unknown key; did you mean `tier_limits`?"
    );
    assert!(
        parse("\n\nport = 1").starts_with("s.toml:3: port: unknown key; known are listen, domain")
    );
    assert!(parse("region = [1]").contains("s.toml:1: region: must be a string"));
    assert!(parse("[listen]\nhost = 1").contains("s.toml:1: listen: must be"));
    assert!(parse("region = \"a\"\nregion = \"b\"").starts_with("s.toml:2: "));
    assert!(parse("a = 1\nb = = 2").starts_with("s.toml:2: "));
    assert!(parse("\u{0}").starts_with("s.toml:1: "));
}

#[test]
fn wrong_values_say_where_they_came_from() {
    let flag = |setting, text| message(&layers(&[(setting, text)], &[]));
    for text in [
        "5480",
        ":5480",
        "host:",
        "host:70000",
        "[::1]",
        "::1:5480",
        "[127.0.0.1]:1",
        "a b:1",
        "-x:1",
    ] {
        assert!(
            flag(Setting::Listen, text).starts_with("--listen: "),
            "{text}"
        );
    }
    for text in ["", "a..b", "127.0.0.1", "x_y", "https://a"] {
        assert!(
            flag(Setting::Domain, text).starts_with("--domain: "),
            "{text}"
        );
    }
    assert!(flag(Setting::TierLimits, "maybe").contains("neither `on` nor `off`"));
    assert!(flag(Setting::Database, "mysql://x").contains("`mysql://` is no database"));
    assert!(flag(Setting::DrainTimeout, "-1").contains("number of seconds"));
    assert!(flag(Setting::Region, "West US").contains("is not a region name"));
    assert!(flag(Setting::LogLevel, "loud").contains("is no level"));
    assert!(flag(Setting::DataDir, "").starts_with("--data-dir: "));
    let variable = message(&layers(&[], &[("ACR_SERVE_LOG_FORMAT", "xml")]));
    assert!(variable.starts_with("ACR_SERVE_LOG_FORMAT: "));
    let (_dir, file) = with_file("\nallow_plain_http = 3");
    assert!(message(&file).contains("settings.toml:2: allow_plain_http: `3` is neither"));
}

#[test]
fn lengths_of_time_have_units() {
    let grace = |text| Config::resolve(&layers(&[(Setting::GcGrace, text)], &[]));
    for (text, seconds) in [
        ("0", 0),
        ("90s", 90),
        ("30m", 1_800),
        ("24h", 86_400),
        ("7d", 604_800),
    ] {
        assert_eq!(grace(text).unwrap().gc_grace.as_secs(), seconds, "{text}");
    }
    for text in [
        "",
        "h",
        "1w",
        "-1s",
        "1.5h",
        "366d",
        "99999999999999999999d",
        "1 h",
    ] {
        let told = message(&layers(&[(Setting::GcGrace, text)], &[]));
        assert!(
            told.starts_with("--gc-grace: ") && told.contains("like 90s"),
            "{told}"
        );
    }
}

#[test]
fn a_collection_can_be_switched_off() {
    let interval = |text| Config::resolve(&layers(&[(Setting::GcInterval, text)], &[]));
    assert_eq!(interval("off").unwrap().gc_interval, None);
    assert_eq!(
        interval("10m").unwrap().gc_interval,
        Some(Duration::from_secs(600))
    );
    assert!(message(&layers(&[(Setting::GcInterval, "0")], &[])).contains("`off` is never"));
    let (_dir, file) = with_file("gc_interval = \"off\"\ngc_grace = 3600");
    let config = Config::resolve(&file).unwrap();
    assert_eq!(
        (config.gc_interval, config.gc_grace.as_secs()),
        (None, 3600)
    );
}

#[test]
fn a_certificate_needs_its_key() {
    let text = message(&layers(&[(Setting::TlsCert, "/a.pem")], &[]));
    assert!(text.starts_with("--tls-cert: given without --tls-key"));
    let text = message(&layers(&[], &[("ACR_SERVE_TLS_KEY", "/a.key")]));
    assert!(text.starts_with("ACR_SERVE_TLS_KEY: given without --tls-cert"));
}

#[test]
fn foreign_variables_are_left_alone() {
    let kubernetes = [
        ("ACR_SERVE_PORT", "tcp://10.0.0.1:5480"),
        ("ACR_SERVE_SERVICE_HOST", "10.0.0.1"),
    ];
    assert!(Config::resolve(&layers(&[], &kubernetes)).is_ok());
}

#[test]
fn a_database_password_is_not_shown() {
    let flags = [(Setting::Database, "postgres://acr:hunter2@db/acr")];
    let config = Config::resolve(&layers(&flags, &[])).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    assert!(
        !message(&layers(
            &[(Setting::Database, "postgres://acr:hunter2@:x/")],
            &[]
        ))
        .contains("hunter2")
    );
}

#[test]
fn trusted_issuers_are_tables_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys.json");
    let key = r#"{"keys": [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}]}"#;
    std::fs::write(&keys, key).unwrap();
    let (_dir, layers) = with_file(&format!(
        "region = \"here\"\n[[trusted_issuers]]\nissuer = \"https://a.test\"\n\n[[trusted_issuers]]\nissuer = \"http://localhost:1/b\"\njwks_file = {keys:?}\n"
    ));
    let config = Config::resolve(&layers).unwrap();
    let issuers: Vec<_> = config
        .trusted_issuers
        .iter()
        .map(|trusted| (trusted.issuer.as_str(), trusted.jwks.is_some()))
        .collect();
    assert_eq!(
        issuers,
        [("https://a.test", false), ("http://localhost:1/b", true)]
    );
}

#[test]
fn a_fault_of_a_trusted_issuer_is_named_by_its_line() {
    for (line, text, complaint) in [
        (1, "trusted_issuers = \"https://a.test\"", "is a table"),
        (1, "trusted_issuers = [1]", "is a table"),
        (2, "\n[[trusted_issuers]]\n", "is a table"),
        (3, "\n[[trusted_issuers]]\nissuer = 1", "must be a string"),
        (
            3,
            "\n[[trusted_issuers]]\nissuer = \"a.test\"",
            "`a.test` is no issuer",
        ),
        (
            3,
            "\n[[trusted_issuers]]\nurl = \"https://a.test\"",
            "unknown key `url`",
        ),
        (
            3,
            "[[trusted_issuers]]\nissuer = \"https://a.test\"\njwks_file = \"/nowhere/keys\"",
            "no JSON Web Key Set in /nowhere/keys",
        ),
        (
            3,
            "[[trusted_issuers]]\nissuer = \"https://a.test\"\n[[trusted_issuers]]\nissuer = \"https://a.test\"",
            "is trusted twice",
        ),
    ] {
        let (_dir, layers) = with_file(text);
        let message = message(&layers);
        let place = format!("settings.toml:{line}: trusted_issuers: ");
        assert!(message.contains(&place), "{message}");
        assert!(message.contains(complaint), "{message}");
    }
}

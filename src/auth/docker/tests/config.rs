//! Files as Docker and Podman write them, and as nobody should.

use crate::docker::Credential;
use crate::docker::config::Config;
use acr_http::Secret;
use std::path::Path;

/// As Docker Desktop leaves it.
const DOCKER: &str = r#"{
	"auths": {
		"contoso.azurecr.io": {
			"auth": "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==",
			"identitytoken": "hunter2"
		},
		"https://index.docker.io/v1/": {
			"auth": "bWU6aHVudGVyMg==",
			"email": "me@example.org"
		},
		"https://old.example:5000/v1/": {
			"auth": "bWU6YTpiAAA="
		},
		"desktop.example": {}
	},
	"HttpHeaders": {
		"User-Agent": "Docker-Client/27.1.1 (linux)"
	},
	"credsStore": "desktop",
	"credHelpers": {
		"other.azurecr.io": "acr",
		"plain.azurecr.io": ""
	},
	"currentContext": "desktop-linux",
	"plugins": {
		"-x-cli-hints": {
			"enabled": "true"
		}
	},
	"aliases": {
		"builder": "buildx"
	}
}"#;

fn path() -> &'static Path {
    Path::new("/d/config.json")
}

fn docker() -> Config {
    Config::parse(path(), DOCKER).unwrap()
}

fn found(config: &Config, key: &str) -> Option<Credential> {
    config.credential(path(), key).unwrap()
}

fn password(username: &str, password: &str) -> Credential {
    Credential::Password {
        username: username.to_owned(),
        password: Secret::new(password),
    }
}

fn rendered(config: &Config) -> String {
    String::from_utf8(config.render().unwrap()).unwrap()
}

#[test]
fn a_file_of_docker_is_understood_and_written_back_byte_for_byte() {
    let config = docker();
    assert_eq!(rendered(&config), DOCKER);
    assert_eq!(config.program(), Some("desktop"));
    assert_eq!(config.program_of("other.azurecr.io"), Some("acr"));
    assert_eq!(config.program_of("plain.azurecr.io"), Some(""));
    assert_eq!(config.program_of("contoso.azurecr.io"), None);
    let token = Credential::IdentityToken(Secret::new("hunter2"));
    assert_eq!(found(&config, "contoso.azurecr.io"), Some(token));
    let hub = found(&config, "https://index.docker.io/v1/");
    assert_eq!(hub, Some(password("me", "hunter2")));
    let old = found(&config, "old.example:5000");
    assert_eq!(old, Some(password("me", "a:b")));
    assert_eq!(found(&config, "desktop.example"), None);
    assert_eq!(found(&config, "old.example"), None);
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_change_touches_its_entry_only() {
    let mut config = docker();
    let credential = password("you", "secret");
    assert!(config.put("https://index.docker.io/v1/", &credential));
    assert!(!config.put("https://index.docker.io/v1/", &credential));
    let new = "\t\t\t\"email\": \"me@example.org\",\n\t\t\t\"auth\": \"eW91OnNlY3JldA==\"\n";
    let old = "\t\t\t\"auth\": \"bWU6aHVudGVyMg==\",\n\t\t\t\"email\": \"me@example.org\"\n";
    assert_eq!(rendered(&config), DOCKER.replace(old, new));
    assert!(config.put("new.azurecr.io", &credential));
    assert!(config.put_mark("https://index.docker.io/v1/"));
    assert_eq!(found(&config, "https://index.docker.io/v1/"), None);
    assert!(rendered(&config).contains("me@example.org"));
    let names = |config: &Config| format!("{config:?}");
    assert_eq!(names(&config), names(&docker()));
}

#[test]
fn what_is_removed_is_gone_in_all_its_forms_and_order_stays() {
    let mut config = docker();
    config.put("old.example:5000", &password("a", "b"));
    assert!(config.remove("old.example:5000"));
    assert!(!config.remove("old.example:5000"));
    assert_eq!(found(&config, "old.example:5000"), None);
    let text = rendered(&config);
    let order = ["contoso.azurecr.io", "index.docker.io", "desktop.example"];
    let places = order.map(|host| text.find(host).unwrap());
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn a_program_takes_the_place_of_a_stored_credential() {
    let mut config = docker();
    assert!(config.set_program_of("contoso.azurecr.io", "acr"));
    assert!(!config.set_program_of("contoso.azurecr.io", "acr"));
    assert_eq!(config.program_of("contoso.azurecr.io"), Some("acr"));
    assert!(!rendered(&config).contains("identitytoken"));
    let mut empty = Config::parse(path(), "{\"auths\": null}").unwrap();
    assert!(empty.set_program_of("a", "acr"));
    assert!(empty.put("b", &password("x", "y")));
}

#[test]
fn both_kinds_of_credential_are_read_as_they_were_written() {
    let mut config = Config::default();
    for credential in [
        password("me", "pass:word\u{e9}"),
        Credential::of_refresh_token(Secret::new("ey.J.x")),
        Credential::IdentityToken(Secret::new("ey.J.x")),
    ] {
        config.put("h", &credential);
        assert_eq!(found(&config, "h"), Some(credential));
    }
    let split = "{\"auths\": {\"h\": {\"username\": \"me\", \"password\": \"p\"}}}";
    let split = Config::parse(path(), split).unwrap();
    assert_eq!(found(&split, "h"), Some(password("me", "p")));
}

#[test]
fn a_broken_file_is_named_with_the_place_and_without_its_secrets() {
    for (text, words) in [
        ("{\"auths\": {},}", "line 1 column 14"),
        (
            "{\n\t\"auths\": {\n\t\t\"h\": {\"auth\": \"hunter2\",}\n",
            "line 3 column",
        ),
        ("{\"a\": 1}{", "trailing characters"),
        ("[]", "no JSON object"),
        ("{\"auths\": \"hunter2\"}", "\"auths\" is no JSON object"),
        ("{\"auths\": {\"h\": \"hunter2\"}}", "the entry \"h\""),
        (
            "{\"credHelpers\": {\"h\": 5}}",
            "\"credHelpers\" is no text",
        ),
        ("{\"credsStore\": []}", "\"credsStore\""),
        (&"[".repeat(100_000), "recursion limit"),
    ] {
        let error = Config::parse(path(), text).unwrap_err().to_string();
        assert!(error.starts_with("/d/config.json"), "{error}");
        assert!(error.contains(words), "{words}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_broken_entry_hurts_its_own_registry_only() {
    for auth in ["\"hunter2 !\"", "\"aHVudGVyMg==\"", "\"/////w==\"", "5"] {
        let text = format!("{{\"auths\": {{\"h\": {{\"auth\": {auth}}}, \"i\": {{}}}}}}");
        let config = Config::parse(path(), &text).unwrap();
        let error = config.credential(path(), "h").unwrap_err().to_string();
        assert!(error.contains("the entry \"h\""), "{error}");
        assert!(!error.contains("unter"), "{error}");
        assert_eq!(found(&config, "i"), None);
    }
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", " \n", "{}"] {
        assert_eq!(Config::parse(path(), text).unwrap(), Config::default());
    }
}

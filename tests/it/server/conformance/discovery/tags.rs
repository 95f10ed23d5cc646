//! Section "Listing Tags".

use crate::server::conformance::repository::Repository;
use crate::server::conformance::wire::Answer;
use acr_http::Link;
use serde_json::json;

/// One image under these tags.
fn tagged(name: &str, tags: &[&str]) -> Repository {
    let repository = Repository::new(name);
    let image = repository.image("a");
    for tag in tags {
        repository.push(tag, &image);
    }
    repository
}

fn tags(answer: &Answer) -> Vec<String> {
    let listed = answer.json()["tags"].clone();
    serde_json::from_value(listed).unwrap()
}

/// The answer is 200 and a document with the name and the tags, sorted by their bytes.
#[test]
fn tags_are_listed_in_order() {
    let repository = tagged("tags/order", &["b", "a", "B", "_", "10", "9", "a.1", "a-1"]);
    let answer = repository.get("tags/list").is(200);
    let expected = json!({
        "name": "tags/order",
        "tags": ["10", "9", "B", "_", "a", "a-1", "a.1", "b"],
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("link"), None);
}

/// A repository without tags has an empty list; one that is not there is 404, and so is one without any manifest.
#[test]
fn a_list_may_be_empty() {
    let repository = Repository::new("tags/none");
    repository.get("tags/list").is(404);
    repository.push_blob("a");
    repository.get("tags/list").is(404);
    repository.push_image("v1");
    repository.delete("manifests/v1").is(202);
    let answer = repository.get("tags/list").is(200);
    assert_eq!(answer.json(), json!({"name": "tags/none", "tags": []}));
}

/// `n` gives so many, from the beginning; there are fewer only if there are no more or a `Link` follows; `n=0` gives
/// none and no `Link`.
#[test]
fn a_list_is_cut_after_n() {
    let repository = tagged("tags/n", &["a", "b", "c", "d", "e"]);
    for (n, expected) in [
        ("1", "a"),
        ("3", "abc"),
        ("5", "abcde"),
        ("9", "abcde"),
        ("100000", "abcde"),
    ] {
        let answer = repository.get(&format!("tags/list?n={n}")).is(200);
        assert_eq!(tags(&answer).concat(), expected);
        assert_eq!(answer.header("link").is_some(), expected.len() < 5, "{n}");
    }
    let none = repository.get("tags/list?n=0").is(200);
    assert_eq!((tags(&none), none.header("link")), (Vec::new(), None));
    for bad in ["-1", "x", "1.5"] {
        repository.get(&format!("tags/list?n={bad}")).is(400);
    }
}

/// `Link` has the relation `next`, and whoever follows it sees every tag once, in order.
#[test]
fn a_link_leads_to_the_next_page() {
    let names: Vec<String> = (0..7).map(|n| format!("t{n}")).collect();
    let repository = tagged(
        "tags/link",
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let mut seen = Vec::new();
    let mut target = "tags/list?n=3".to_owned();
    loop {
        let answer = repository.get(&target).is(200);
        let page = tags(&answer);
        assert!(page.len() == 3 || answer.header("link").is_none());
        seen.extend(page);
        let Some(link) = answer.header("link") else {
            break;
        };
        let links = Link::parse_all(link);
        assert_eq!((links.len(), links[0].rel.as_str()), (1, "next"), "{link}");
        target = links[0].target.clone();
    }
    assert_eq!(seen, names);
}

/// `last` is a tag, which the list begins behind, with `n` and without; it need not be there any more.
#[test]
fn a_list_begins_behind_last() {
    let repository = tagged("tags/last", &["a", "b", "c", "d"]);
    for (query, expected) in [
        ("n=2&last=a", "bc"),
        ("last=b", "cd"),
        ("n=9&last=c", "d"),
        ("last=d", ""),
        ("n=2&last=aa", "bc"),
        ("n=1&last=A", "a"),
    ] {
        let answer = repository.get(&format!("tags/list?{query}")).is(200);
        assert_eq!(tags(&answer).concat(), expected, "{query}");
    }
    repository.delete("manifests/b").is(202);
    let answer = repository.get("tags/list?last=b").is(200);
    assert_eq!(tags(&answer).concat(), "cd");
}

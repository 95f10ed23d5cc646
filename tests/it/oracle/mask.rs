//! Takes out of an answer what no two runs have alike: times and new secrets.

/// The text with the letters of every time and secret replaced, and everything else as it was.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_word_letter) {
        let end = rest[start..]
            .find(|letter| !is_word_letter(letter))
            .map_or(rest.len(), |length| start + length);
        masked.push_str(&rest[..start]);
        masked.push_str(&mask_word(&rest[start..end]));
        rest = &rest[end..];
    }
    masked.push_str(rest);
    masked
}

fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-+.:/=".contains(letter)
}

fn mask_word(word: &str) -> String {
    if is_time(word) {
        let zone = word
            .trim_start_matches(|letter: char| letter.is_ascii_digit() || "-:.T".contains(letter));
        // The fraction is as long as its last digit wants.
        let dot = if word.contains('.') { "." } else { "" };
        format!("TIME{dot}{zone}")
    } else if is_secret(word) {
        "SECRET".to_owned()
    } else {
        word.to_owned()
    }
}

/// `2026-11-01T10:00:00`, with or without a fraction and a zone.
fn is_time(word: &str) -> bool {
    let shape = "0000-00-00T00:00:00";
    word.len() >= shape.len()
        && word.bytes().zip(shape.bytes()).all(|(byte, expected)| {
            if expected == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == expected
            }
        })
}

/// A long run of letters of all kinds; ids, paths and addresses have none.
fn is_secret(word: &str) -> bool {
    word.len() >= 30
        && !word.contains(['-', '.', ':'])
        && !word.starts_with('/')
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
}

#[test]
fn only_times_and_secrets_go() {
    let id =
        "/subscriptions/0d5B6a7c-0000/resourceGroups/rg1/providers/Microsoft.ContainerRegistry";
    for (text, masked) in [
        ("2026-11-01T10:00:00Z  False", "TIMEZ  False"),
        ("\"2026-11-01T10:00:00.123456+00:00\",", "\"TIME.+00:00\","),
        (
            "{\"value\": \"Ab1/45678901234567890123456789+ACRx==\"}",
            "{\"value\": \"SECRET\"}",
        ),
        (id, id),
        (
            "basicreg.localhost:5480\tBasic",
            "basicreg.localhost:5480\tBasic",
        ),
    ] {
        assert_eq!(mask(text), masked);
    }
}

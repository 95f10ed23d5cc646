//! The headers that name parts of a content, and the next page: a part lies inside what there is.
//!
//! The first line of the input is the size of the content; the rest is the value of a header.

use acr_api::oci::{ByteRange, ContentRange, MAX_RANGES, RangeRequest, Received, Selection};
use acr_http::Link;
use url::Url;

use super::{first_line, is_fit_for_a_log};

pub fn check(input: &[u8]) {
    let Some((size, header)) = first_line(input) else {
        return;
    };
    let (Ok(size), Ok(header)) = (size.parse::<u64>(), str::from_utf8(header)) else {
        return;
    };
    match header.parse::<RangeRequest>() {
        Ok(request) => is_inside(&request.select(size), size),
        Err(refusal) => is_fit_for_a_log(&refusal),
    }
    if let Ok(range) = header.parse::<ByteRange>() {
        assert_eq!(range.to_string().parse(), Ok(range));
        assert_eq!(ByteRange::new(range.first, range.last), Some(range));
        assert_eq!(range.len() - 1, range.last - range.first);
    }
    if let Ok(range) = header.parse::<ContentRange>() {
        assert_eq!(range.to_string().parse(), Ok(range));
        if let ContentRange::Part {
            range,
            total: Some(total),
        } = range
        {
            assert!(range.last < total);
        }
    }
    if let Ok(received) = header.parse::<Received>() {
        assert_eq!(received.to_string().parse(), Ok(received));
    }
    // One byte and none are written alike.
    let count = if size == 1 { 0 } else { size.min(u64::MAX - 1) };
    assert_eq!(
        Received(size.min(u64::MAX - 1)).to_string().parse(),
        Ok(Received(count))
    );
    links(header);
}

fn is_inside(selection: &Selection, size: u64) {
    let parts = match selection {
        Selection::Whole => return assert_eq!(size, 0),
        Selection::Unsatisfiable => return,
        Selection::Part(part) => std::slice::from_ref(part),
        Selection::Parts(parts) => parts,
    };
    assert!((1..=MAX_RANGES).contains(&parts.len()));
    for part in parts {
        assert!(
            part.first <= part.last && part.last < size,
            "{part} of {size}"
        );
        assert!(part.len() <= size);
    }
}

/// A link that was read is read again from what it is written as, and leads to the same place, if it leads to one: of
/// characters that no address has, what is written is only that they end no header.
fn links(header: &str) {
    let base = Url::parse("https://registry.example/v2/").unwrap();
    for link in Link::parse_all(header) {
        let written = link.to_string();
        assert!(!written.contains(|c: char| c.is_control()), "{written:?}");
        let again = Link::parse_all(&written);
        let [again] = again.as_slice() else {
            panic!("{written:?} is not one link");
        };
        assert_eq!(again.is("next"), link.is("next"), "{written:?}");
        if is_address(&link.target)
            && let Ok(before) = link.resolve(&base)
        {
            assert_eq!(again.resolve(&base), Ok(before), "{written:?}");
        }
    }
}

/// Whether a text has only the characters of RFC 3986.
fn is_address(text: &str) -> bool {
    let is_mark = |byte: u8| b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
}

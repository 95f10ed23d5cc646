//! The `Link` header (RFC 8288), by which a listing names its next page.

use std::fmt;

use url::Url;

/// One link of a `Link` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as sent: an address, or a path on the same host.
    pub target: String,
    /// What it is, such as `next`; several words if it is several things.
    pub rel: String,
}

impl Link {
    /// A link to the next page.
    pub fn next_page(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            rel: "next".to_owned(),
        }
    }

    /// The links of one header value, in order. Reading stops at what it cannot make sense of; what
    /// came before is kept. A link without `rel` is left out, and other parameters are skipped.
    pub fn parse_all(header: &str) -> Vec<Self> {
        let mut links = Vec::new();
        let mut rest = header;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let Some((target, after)) =
                rest.strip_prefix('<').and_then(|rest| rest.split_once('>'))
            else {
                return links;
            };
            let (rel, after) = parameters(after);
            if let Some(rel) = rel {
                links.push(Self {
                    target: target.trim().to_owned(),
                    rel,
                });
            }
            match after.strip_prefix(',') {
                Some(after) => rest = after,
                None => return links,
            }
        }
    }

    /// The first link to a next page among the values of the `Link` headers of one answer.
    pub fn find_next<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        headers
            .into_iter()
            .flat_map(Self::parse_all)
            .find(|link| link.is("next"))
    }

    /// Whether `word` is among its relations.
    pub fn is(&self, word: &str) -> bool {
        self.rel
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case(word))
    }

    /// The address it leads to from the page at `base`. It may be on another host: whether to go
    /// there, and with which credentials, is for the caller to decide.
    pub fn resolve(&self, base: &Url) -> Result<Url, url::ParseError> {
        base.join(&self.target)
    }
}

/// Reads `;name=value` as often as it comes: the first `rel`, and what follows.
fn parameters(mut rest: &str) -> (Option<String>, &str) {
    let mut rel = None;
    loop {
        let Some(after) = rest.trim_start_matches([' ', '\t']).strip_prefix(';') else {
            return (rel, rest.trim_start_matches([' ', '\t']));
        };
        let after = after.trim_start_matches([' ', '\t']);
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let Some(after) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let (value, after) = value(after.trim_start_matches([' ', '\t']));
        if rel.is_none() && name.trim_end().eq_ignore_ascii_case("rel") {
            rel = Some(value);
        }
        rest = after;
    }
}

/// A quoted string or a bare word. An open quote reaches to the end.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<")?;
        for byte in self.target.bytes() {
            // What could end the target or the header is escaped.
            if byte.is_ascii_graphic() && !b"<>\"\\".contains(&byte) {
                fmt::Write::write_char(f, byte.into())?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        f.write_str(">; rel=\"")?;
        for c in self.rel.chars() {
            // What a header cannot hold must not vanish: it would make another word of this one.
            let c = match c {
                c if c.is_ascii_graphic() => c,
                c if c.is_ascii_whitespace() => ' ',
                _ => '?',
            };
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            fmt::Write::write_char(f, c)?;
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::Link;

    fn link(target: &str, rel: &str) -> Link {
        Link {
            target: target.into(),
            rel: rel.into(),
        }
    }

    #[test]
    fn writes_what_azure_writes() {
        for text in [
            r#"</v2/_catalog?last=contoso-marketing&n=2&orderby=>; rel="next""#,
            r#"</acr/v1/library%2Fbusybox/_manifests?last=sha256%3A18f9&n=2&orderby=>; rel="next""#,
        ] {
            let links = Link::parse_all(text);
            assert_eq!(links.len(), 1);
            assert_eq!(links[0].to_string(), text);
        }
        assert_eq!(
            Link::next_page("/a?b=c").to_string(),
            r#"</a?b=c>; rel="next""#
        );
    }

    #[test]
    fn reads_every_way_it_is_written() {
        let next = || link("/a", "next");
        let table: Vec<(&str, Vec<Link>)> = vec![
            (r#"</a>; rel="next""#, vec![next()]),
            ("</a>;rel=next", vec![next()]),
            (r#" ,< /a > ; REL = "next" , "#, vec![next()]),
            (
                r#"</a>; title="x;y,\"z\" <q>"; rel=next; rel=prev"#,
                vec![next()],
            ),
            (r#"</a>; crossorigin; rel="next""#, vec![next()]),
            (
                r#"</x>; rel="prev", </a>; rel="next""#,
                vec![link("/x", "prev"), next()],
            ),
            (
                r#"</a,b;c>; rel="next last""#,
                vec![link("/a,b;c", "next last")],
            ),
            (
                r#"<https://h.io:1/a?b=c>; rel=next"#,
                vec![link("https://h.io:1/a?b=c", "next")],
            ),
            ("<>; rel=next", vec![link("", "next")]),
            ("</x>, </a>; rel=next", vec![next()]),
            (r#"</a>; rel="next"#, vec![next()]),
        ];
        for (text, expected) in table {
            assert_eq!(Link::parse_all(text), expected, "{text}");
        }
    }

    #[test]
    fn makes_nothing_of_nonsense() {
        for text in [
            "",
            ",",
            "<",
            ">",
            "</a",
            "/a; rel=next",
            "</a>",
            "</a>; rel",
            "</a>;",
            "</a> rel=next",
            "\0",
            "ä",
            "</a>;;;=,",
        ] {
            assert_eq!(Link::parse_all(text), [], "{text:?}");
        }
        assert_eq!(
            Link::parse_all(r#"</a>; rel=next, nonsense, </b>; rel=next"#),
            [link("/a", "next")]
        );
    }

    #[test]
    fn finds_the_next_page_among_several_headers() {
        let headers = [
            r#"</p>; rel="prev""#,
            r#"</q>; rel=last, </a>; rel="up NEXT""#,
            "</b>; rel=next",
        ];
        assert_eq!(Link::find_next(headers).unwrap().target, "/a");
        assert_eq!(Link::find_next([r#"</p>; rel="nextish""#]), None);
    }

    #[test]
    fn resolves_from_the_page_it_came_with() {
        let base = "https://reg.io/v2/_catalog?n=2".parse().unwrap();
        for (target, expected) in [
            ("/v2/_catalog?last=b", "https://reg.io/v2/_catalog?last=b"),
            ("?last=b", "https://reg.io/v2/_catalog?last=b"),
            ("tags", "https://reg.io/v2/tags"),
            ("//other.io/v2/", "https://other.io/v2/"),
            ("http://other.io/v2/", "http://other.io/v2/"),
        ] {
            assert_eq!(
                link(target, "next").resolve(&base).unwrap().as_str(),
                expected
            );
        }
        assert!(link("https://", "next").resolve(&base).is_err());
    }

    #[test]
    fn a_target_cannot_begin_another_header() {
        let text = Link::next_page("/a>; rel=\"prev\"\r\nX: y\0ä\\").to_string();
        assert_eq!(
            text,
            r#"</a%3E;%20rel=%22prev%22%0D%0AX:%20y%00%C3%A4%5C>; rel="next""#
        );
        assert_eq!(Link::parse_all(&text).len(), 1);
        let odd = link("/a", "ne\u{e9}xt");
        assert!(!Link::parse_all(&odd.to_string())[0].is("next"));
    }

    #[test]
    fn survives_any_text() {
        const PIECES: &[&str] = &[
            "<", ">", ";", ",", "=", "\"", "\\", " ", "rel", "next", "/a", "ä", "\0",
        ];
        let mut state = 29_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                text.push_str(PIECES[(state >> 33) as usize % PIECES.len()]);
            }
            for link in Link::parse_all(&text) {
                assert!(Link::parse_all(&link.to_string()).len() == 1, "{text}");
            }
        }
    }
}

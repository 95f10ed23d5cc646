//! `WWW-Authenticate`: what a server asks for before it answers (RFC 9110 §11.6.1).

use std::fmt;

/// One challenge of a `WWW-Authenticate` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// A token from a token service.
    Bearer(BearerChallenge),
    /// A name and a password.
    Basic {
        /// What they are for.
        realm: Option<String>,
    },
    /// A scheme that is not known here.
    Other {
        /// The name of the scheme, as sent.
        scheme: String,
    },
}

/// Where to get a token and what to ask for. It is written as Azure writes it, without blanks
/// after the commas: az splits the header at every comma and would keep them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BearerChallenge {
    /// The address of the token service.
    pub realm: String,
    /// The registry the token is for.
    pub service: Option<String>,
    /// What the token must allow, as the text of scopes.
    pub scope: Option<String>,
    /// What was wrong with the token that was sent: `invalid_token` or `insufficient_scope`.
    pub error: Option<String>,
}

impl Challenge {
    /// The challenges of one header value, in order. Reading stops at what it cannot make sense of;
    /// what came before is kept. Of a parameter given twice the first counts.
    pub fn parse_all(header: &str) -> Vec<Self> {
        let mut rest = Cursor(header);
        let mut found: Vec<Raw> = Vec::new();
        loop {
            rest.skip(|c| matches!(c, ' ' | '\t' | ','));
            // Without the comma between two parameters the meaning is plain, so it may be missing.
            if let (Some(challenge), Some(parameter)) = (found.last_mut(), rest.parameter()) {
                challenge.parameters.push(parameter);
            } else if let Some(scheme) = rest.token() {
                rest.skip_token68();
                found.push(Raw {
                    scheme,
                    parameters: Vec::new(),
                });
            } else {
                return found.into_iter().map(Raw::into_challenge).collect();
            }
        }
    }
}

struct Raw<'a> {
    scheme: &'a str,
    parameters: Vec<(&'a str, String)>,
}

impl Raw<'_> {
    fn into_challenge(self) -> Challenge {
        let get = |name: &str| {
            let mut named = self
                .parameters
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(name));
            named.next().map(|(_, value)| value.clone())
        };
        if self.scheme.eq_ignore_ascii_case("bearer") {
            Challenge::Bearer(BearerChallenge {
                realm: get("realm").unwrap_or_default(),
                service: get("service"),
                scope: get("scope"),
                error: get("error"),
            })
        } else if self.scheme.eq_ignore_ascii_case("basic") {
            Challenge::Basic {
                realm: get("realm"),
            }
        } else {
            Challenge::Other {
                scheme: self.scheme.to_owned(),
            }
        }
    }
}

/// The part of a header that is still to be read.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(is_skipped);
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.0.strip_prefix(wanted);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn take(&mut self, is_taken: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|c| !is_taken(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        (!taken.is_empty()).then_some(taken)
    }

    fn token(&mut self) -> Option<&'a str> {
        self.take(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
    }

    /// `name = value`, or nothing at all.
    fn parameter(&mut self) -> Option<(&'a str, String)> {
        let mut ahead = *self;
        let is_blank = |c| matches!(c, ' ' | '\t');
        let name = ahead.token()?;
        ahead.skip(is_blank);
        if !ahead.eat('=') {
            return None;
        }
        ahead.skip(is_blank);
        let value = match ahead.eat('"') {
            true => ahead.quoted()?,
            // Outside quotes more is taken than the grammar has: addresses are sent bare.
            false => ahead
                .take(|c| c.is_ascii_graphic() && !matches!(c, ',' | '"' | '='))?
                .to_owned(),
        };
        *self = ahead;
        Some((name, value))
    }

    /// The rest of a quoted string whose first quote is gone.
    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut chars = self.0.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return Some(value);
                }
                '\\' => value.push(chars.next()?.1),
                _ => value.push(c),
            }
        }
        None
    }

    /// Skips the single value some schemes have in place of parameters.
    fn skip_token68(&mut self) {
        self.skip(|c| matches!(c, ' ' | '\t'));
        let mut ahead = *self;
        if ahead.parameter().is_some() {
            return;
        }
        let mut ahead = *self;
        ahead.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        ahead.skip(|c| c == '=');
        ahead.skip(|c| matches!(c, ' ' | '\t'));
        if ahead.0.is_empty() || ahead.0.starts_with(',') {
            *self = ahead;
        }
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer(bearer) => bearer.fmt(f),
            Self::Basic { realm: Some(realm) } => write!(f, "Basic realm={}", Quoted(realm)),
            Self::Basic { realm: None } => f.write_str("Basic"),
            Self::Other { scheme } => f.write_str(scheme),
        }
    }
}

impl fmt::Display for BearerChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer realm={}", Quoted(&self.realm))?;
        let optional = [
            ("service", &self.service),
            ("scope", &self.scope),
            ("error", &self.error),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                write!(f, ",{name}={}", Quoted(value))?;
            }
        }
        Ok(())
    }
}

/// A quoted string. Control characters are dropped, or a value could begin a header of its own.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars().filter(|c| !c.is_control()) {
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
    use super::{BearerChallenge, Challenge};
    use crate::testing::Random;

    fn bearer(
        realm: &str,
        service: Option<&str>,
        scope: Option<&str>,
        error: Option<&str>,
    ) -> Challenge {
        Challenge::Bearer(BearerChallenge {
            realm: realm.into(),
            service: service.map(Into::into),
            scope: scope.map(Into::into),
            error: error.map(Into::into),
        })
    }

    /// What was read, in the one form in which it is written.
    fn normal(header: &str) -> String {
        let challenges = Challenge::parse_all(header);
        challenges
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" | ")
    }

    #[test]
    fn writes_what_azure_writes() {
        for text in [
            r#"Bearer realm="https://contoso.azurecr.io/oauth2/token",service="contoso.azurecr.io",scope="repository:hello-world:pull""#,
            r#"Bearer realm="https://contoso.azurecr.io/oauth2/token",service="contoso.azurecr.io""#,
            r#"Bearer realm="https://c.io/t",service="c.io",scope="repository:a:pull,push",error="insufficient_scope""#,
            r#"Basic realm="c.io""#,
            "Basic",
        ] {
            let challenges = Challenge::parse_all(text);
            assert_eq!(challenges.len(), 1, "{text}");
            assert_eq!(challenges[0].to_string(), text);
        }
    }

    #[test]
    fn reads_every_way_it_is_written() {
        const SIMPLE: &str = r#"Bearer realm="r",service="s""#;
        for (text, expected) in [
            (r#"bearer Realm = "r" , SERVICE="s""#, SIMPLE),
            ("BEARER\trealm=r,service=s", SIMPLE),
            (r#"  , Bearer realm="r" service="s",,"#, SIMPLE),
            (
                r#"Bearer realm="r",service="s",realm="x",service="y""#,
                SIMPLE,
            ),
            (r#"Bearer extra="e, f",realm="r",service="s""#, SIMPLE),
            (r#"Bearer realm="a\"b\\c\d""#, r#"Bearer realm="a\"b\\cd""#),
            (
                "Bearer realm=https://r.io:1/t",
                r#"Bearer realm="https://r.io:1/t""#,
            ),
            (r#"Bearer realm="""#, r#"Bearer realm="""#),
            ("Bearer", r#"Bearer realm="""#),
            (
                r#"Basic realm="a, b", Bearer realm=r"#,
                r#"Basic realm="a, b" | Bearer realm="r""#,
            ),
            (r#"Bearer realm="r", Basic"#, r#"Bearer realm="r" | Basic"#),
            (
                r#"Negotiate, Basic realm="x""#,
                r#"Negotiate | Basic realm="x""#,
            ),
            (
                r#"Negotiate YWJj==, NTLM abc, Basic"#,
                "Negotiate | NTLM | Basic",
            ),
            (r#"Digest realm="d", nonce="n", Basic"#, "Digest | Basic"),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
        let scopes = "repository:a:pull,push repository:b:pull";
        let read = Challenge::parse_all(&format!(r#"Bearer realm="r", scope="{scopes}""#));
        assert_eq!(read, [bearer("r", None, Some(scopes), None)]);
    }

    #[test]
    fn keeps_what_came_before_nonsense() {
        for nonsense in ["", "\"x\"", "=\"x\"", "\0", "ä", "@", "("] {
            let text = format!(r#"Bearer realm="r",{nonsense}"#);
            assert_eq!(normal(&text), r#"Bearer realm="r""#, "{nonsense:?}");
            assert_eq!(normal(nonsense), "", "{nonsense:?}");
        }
        let open = Challenge::parse_all(r#"Bearer realm="r"#);
        assert_eq!(
            open[0],
            bearer("", None, None, None),
            "an open quote is no parameter"
        );
    }

    #[test]
    fn a_value_cannot_begin_another_header() {
        let hostile = bearer("r\"\r\nSet-Cookie: a=b", None, None, None);
        let text = hostile.to_string();
        assert_eq!(text, r#"Bearer realm="r\"Set-Cookie: a=b""#);
        assert_eq!(
            Challenge::parse_all(&text),
            [bearer("r\"Set-Cookie: a=b", None, None, None)]
        );
    }

    #[test]
    fn reads_back_what_it_writes_and_survives_any_text() {
        let mut random = Random::new(17);
        for _ in 0..5_000 {
            let value = |random: &mut Random| random.noise().replace(char::is_control, "");
            let challenge = Challenge::Bearer(BearerChallenge {
                realm: value(&mut random),
                service: Some(value(&mut random)),
                scope: Some(value(&mut random)),
                error: None,
            });
            let text = challenge.to_string();
            assert_eq!(Challenge::parse_all(&text), [challenge], "{text}");
            Challenge::parse_all(&random.mutated(&text));
            Challenge::parse_all(&random.noise());
        }
        assert!(Challenge::parse_all(&"a=b,".repeat(100_000)).len() <= 100_000);
    }
}

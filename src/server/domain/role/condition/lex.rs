//! The words of a condition.

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    Not,
    And,
    Or,
    /// `'text'`, the quotes cut.
    Text(String),
    /// `@Source[path]`
    Attribute {
        source: String,
        path: String,
    },
    /// Anything else: an operator, a function, a bare value.
    Word(String),
}

/// Takes a condition apart; the error says what could not be read and where.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<Option<Token>, String> {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else {
            return Ok(None);
        };
        for (sign, token) in [
            ("(", Token::Open),
            (")", Token::Close),
            ("{", Token::OpenList),
            ("}", Token::CloseList),
            (",", Token::Comma),
            ("&&", Token::And),
            ("||", Token::Or),
            ("!", Token::Not),
        ] {
            if trimmed.starts_with(sign) {
                self.at += sign.len();
                return Ok(Some(token));
            }
        }
        match first {
            '\'' => self.quoted(trimmed).map(Some),
            '@' => self.attribute(trimmed).map(Some),
            _ => self.word(trimmed).map(Some),
        }
    }

    /// A quote inside a text is written twice, or after a backslash.
    fn quoted(&mut self, rest: &str) -> Result<Token, String> {
        let mut value = String::new();
        let mut chars = rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match (c, next) {
                ('\'', Some('\'')) | ('\\', Some('\'' | '\\')) => {
                    value.extend(next);
                    chars.next();
                }
                ('\'', _) => {
                    self.at += at + 1;
                    return Ok(Token::Text(value));
                }
                _ => value.push(c),
            }
        }
        Err(self.complaint("a text has no end"))
    }

    fn attribute(&mut self, rest: &str) -> Result<Token, String> {
        let parts = rest[1..]
            .split_once('[')
            .and_then(|(source, rest)| Some((source, rest.split_once(']')?.0)));
        match parts {
            Some((source, path))
                if source.bytes().all(|byte| byte.is_ascii_alphabetic()) && !path.is_empty() =>
            {
                self.at += source.len() + path.len() + "@[]".len();
                Ok(Token::Attribute {
                    source: source.to_owned(),
                    path: path.trim().to_owned(),
                })
            }
            _ => Err(self.complaint("an attribute is written @Source[path]")),
        }
    }

    fn word(&mut self, rest: &str) -> Result<Token, String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.:/*".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.complaint("this sign means nothing"));
        }
        self.at += end;
        let word = &rest[..end];
        Ok(match word.to_ascii_uppercase().as_str() {
            "AND" => Token::And,
            "OR" => Token::Or,
            "NOT" => Token::Not,
            _ => Token::Word(word.to_owned()),
        })
    }

    fn complaint(&self, what: &str) -> String {
        format!(
            "{what}, at character {}",
            self.text[..self.at].chars().count() + 1
        )
    }
}

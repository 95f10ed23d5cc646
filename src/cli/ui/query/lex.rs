//! From the text of a query to its tokens.

use std::borrow::Cow;

use serde_json::Value;

use super::{error::SyntaxError, node::Comparison};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    QuotedName(String),
    Number(i64),
    Literal(Value),
    Comparison(Comparison),
    Dot,
    Star,
    Comma,
    Colon,
    Current,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Flatten,
    Filter,
    Pipe,
    Or,
    And,
    Not,
    Reference,
    End,
}

/// Reads all tokens, each with the byte at which it starts; the last is always [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, SyntaxError> {
    if text.is_empty() {
        return Err(SyntaxError::Empty);
    }
    let mut lexer = Lexer { text, position: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        let start = lexer.position;
        let token = lexer.next()?;
        let is_end = token == Token::End;
        tokens.push((token, start));
        if is_end {
            return Ok(tokens);
        }
    }
}

/// The error that points at byte `position` of `text`.
pub(super) fn error_at(text: &str, position: usize, problem: impl Into<String>) -> SyntaxError {
    SyntaxError::At {
        problem: problem.into(),
        column: text[..position].chars().count(),
        expression: text.to_owned(),
    }
}

struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Result<Token, SyntaxError> {
        let Some(byte) = self.peek() else {
            return Ok(Token::End);
        };
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => return Ok(self.name()),
            b'0'..=b'9' | b'-' => return self.number(),
            b'"' => return self.quoted_name(),
            b'\'' => return self.raw_string(),
            b'`' => return self.literal(),
            _ => {}
        }
        let start = self.position;
        self.position += 1;
        Ok(match byte {
            b'.' => Token::Dot,
            b'*' => Token::Star,
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'@' => Token::Current,
            b'(' => Token::LeftParen,
            b')' => Token::RightParen,
            b'{' => Token::LeftBrace,
            b'}' => Token::RightBrace,
            b']' => Token::RightBracket,
            b'[' if self.take(b']') => Token::Flatten,
            b'[' if self.take(b'?') => Token::Filter,
            b'[' => Token::LeftBracket,
            b'|' if self.take(b'|') => Token::Or,
            b'|' => Token::Pipe,
            b'&' if self.take(b'&') => Token::And,
            b'&' => Token::Reference,
            b'<' if self.take(b'=') => Token::Comparison(Comparison::LessOrEqual),
            b'<' => Token::Comparison(Comparison::Less),
            b'>' if self.take(b'=') => Token::Comparison(Comparison::GreaterOrEqual),
            b'>' => Token::Comparison(Comparison::Greater),
            b'!' if self.take(b'=') => Token::Comparison(Comparison::NotEqual),
            b'!' => Token::Not,
            b'=' if self.take(b'=') => Token::Comparison(Comparison::Equal),
            b'=' => return Err(self.error(start, "a single `=` compares nothing, write `==`")),
            _ => {
                let problem = match self.text[start..].chars().next() {
                    Some(ch) => format!("`{}` means nothing here", ch.escape_debug()),
                    None => "the query breaks off".to_owned(),
                };
                return Err(self.error(start, problem));
            }
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.position += usize::from(is_next);
        is_next
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) -> &'t str {
        let start = self.position;
        while self.peek().is_some_and(&accept) {
            self.position += 1;
        }
        &self.text[start..self.position]
    }

    fn error(&self, position: usize, problem: impl Into<String>) -> SyntaxError {
        error_at(self.text, position, problem)
    }

    fn name(&mut self) -> Token {
        Token::Name(
            self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                .to_owned(),
        )
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        let start = self.position;
        let is_negative = self.take(b'-');
        let digits = self.skip_while(|byte| byte.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.error(start, "`-` must be followed by a number"));
        }
        // No list is so long that a number beyond the range could tell a difference.
        let magnitude = digits.parse().unwrap_or(i64::MAX);
        Ok(Token::Number(if is_negative {
            -magnitude
        } else {
            magnitude
        }))
    }

    /// The text up to the closing `delimiter`, escapes left in.
    fn delimited(&mut self, delimiter: u8) -> Result<&'t str, SyntaxError> {
        let start = self.position;
        self.position += 1;
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.position) {
            match byte {
                b'\\' => self.position += 2,
                _ if byte == delimiter => {
                    self.position += 1;
                    return Ok(&self.text[start + 1..self.position - 1]);
                }
                _ => self.position += 1,
            }
        }
        Err(self.error(
            start,
            format!("the closing {} is missing", char::from(delimiter)),
        ))
    }

    fn raw_string(&mut self) -> Result<Token, SyntaxError> {
        let text = self.delimited(b'\'')?;
        Ok(Token::Literal(Value::String(text.replace("\\'", "'"))))
    }

    fn quoted_name(&mut self) -> Result<Token, SyntaxError> {
        let start = self.position;
        self.delimited(b'"')?;
        serde_json::from_str(&self.text[start..self.position])
            .map(Token::QuotedName)
            .map_err(|_| self.error(start, "the quoted name is not a JSON string"))
    }

    /// JSON between backticks; anything else there is taken for a string whose quotes were left out.
    fn literal(&mut self) -> Result<Token, SyntaxError> {
        let start = self.position;
        let mut text = Cow::Borrowed(self.delimited(b'`')?);
        if text.contains("\\`") {
            text = Cow::Owned(text.replace("\\`", "`"));
        }
        serde_json::from_str(&text)
            .or_else(|_| serde_json::from_str(&format!("\"{}\"", text.trim_start())))
            .map(Token::Literal)
            .map_err(|_| self.error(start, "the literal is not JSON"))
    }
}

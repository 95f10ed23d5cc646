//! The parser's place among the tokens.

use super::super::{
    error::SyntaxError,
    lex::{self, Token},
};

/// How deep a tree may grow, so that no query can exhaust the stack.
const MAX_DEPTH: usize = 250;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<(Token, usize)>,
    pub(super) next: usize,
    pub(super) depth: usize,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    pub(super) fn peek_second(&self) -> &Token {
        self.tokens
            .get(self.next + 1)
            .map_or(&Token::End, |(token, _)| token)
    }

    /// Moves past the token and gives it away; the end is never passed.
    pub(super) fn advance(&mut self) -> Token {
        if *self.peek() == Token::End {
            return Token::End;
        }
        let token = std::mem::replace(&mut self.tokens[self.next].0, Token::End);
        self.next += 1;
        token
    }

    pub(super) fn expect(&mut self, token: &Token, name: &str) -> Result<(), SyntaxError> {
        if self.peek() != token {
            return Err(self.unexpected(name));
        }
        self.advance();
        Ok(())
    }

    pub(super) fn unexpected(&self, wanted: &str) -> SyntaxError {
        match self.peek() {
            Token::End => self.error(format!("the query breaks off where {wanted} should follow")),
            _ => self.error(format!("{wanted} should stand here")),
        }
    }

    pub(super) fn error(&self, problem: impl Into<String>) -> SyntaxError {
        self.error_at(self.next, problem)
    }

    pub(super) fn error_at(&self, place: usize, problem: impl Into<String>) -> SyntaxError {
        lex::error_at(self.text, self.tokens[place].1, problem)
    }

    pub(super) fn descend(&mut self) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("the query nests more than {MAX_DEPTH} deep")));
        }
        Ok(())
    }
}

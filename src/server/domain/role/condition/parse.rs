//! Reads a condition into a tree.

use std::str::FromStr;

use super::{
    LONGEST_BYTES,
    lex::{Token, tokens},
    operator::Operator,
};

/// How deep brackets and negations can lie in each other.
const DEEPEST: usize = 64;

/// A condition that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition(pub(super) Node);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    /// `ActionMatches{'pattern'}`, in lower case.
    ActionMatches(String),
    /// `SubOperationMatches{'name'}`: no action here has parts.
    SubOperationMatches,
    Exists(Attribute),
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Attribute(Attribute),
    Values(Vec<String>),
}

/// Source and path, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) source: String,
    pub(super) path: String,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST_BYTES {
            return Err("it is longer than 8 KiB".to_owned());
        }
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
        };
        let node = parser.any()?;
        match parser.peek() {
            None => Ok(Self(node)),
            Some(extra) => Err(format!("nothing can follow its end, but {extra:?} does")),
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Result<Token, String> {
        let token = self.peek().cloned();
        self.at += 1;
        token.ok_or_else(|| "it breaks off".to_owned())
    }

    fn eat(&mut self, wanted: &Token) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), String> {
        if self.eat(wanted) {
            return Ok(());
        }
        match self.peek() {
            Some(other) => Err(format!("{wanted:?} is expected instead of {other:?}")),
            None => Err(format!("{wanted:?} is missing at its end")),
        }
    }

    fn any(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.all()?];
        while self.eat(&Token::Or) {
            nodes.push(self.all()?);
        }
        Ok(single(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.one()?];
        while self.eat(&Token::And) {
            nodes.push(self.one()?);
        }
        Ok(single(nodes, Node::All))
    }

    fn one(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("it is nested more than {DEEPEST} deep"));
        }
        let node = if self.eat(&Token::Not) {
            Node::Not(Box::new(self.one()?))
        } else if self.eat(&Token::Open) {
            let node = self.any()?;
            self.expect(&Token::Close)?;
            node
        } else {
            self.leaf()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn leaf(&mut self) -> Result<Node, String> {
        if let Some(Token::Word(word)) = self.peek() {
            let word = word.to_ascii_lowercase();
            if ["actionmatches", "suboperationmatches", "exists"].contains(&word.as_str()) {
                self.at += 1;
                return self.function(&word);
            }
        }
        let left = self.operand()?;
        let operator = match self.take()? {
            Token::Word(word) => word.parse().map_err(|()| {
                format!(
                    "{word:?} is no operator that is known here: StringEquals, StringStartsWith, StringLike and GuidEquals are, with Not, IgnoreCase and For…Of…Values:"
                )
            })?,
            other => return Err(format!("an operator is expected instead of {other:?}")),
        };
        let right = self.operand()?;
        Ok(Node::Compare {
            left,
            operator,
            right,
        })
    }

    fn function(&mut self, word: &str) -> Result<Node, String> {
        if word == "exists" {
            return match self.operand()? {
                Operand::Attribute(attribute) => Ok(Node::Exists(attribute)),
                Operand::Values(_) => Err("Exists asks for an attribute".to_owned()),
            };
        }
        self.expect(&Token::OpenList)?;
        let Token::Text(pattern) = self.take()? else {
            return Err(format!("{word} takes a text in quotes"));
        };
        self.expect(&Token::CloseList)?;
        Ok(match word {
            "actionmatches" => Node::ActionMatches(pattern.to_ascii_lowercase()),
            _ => Node::SubOperationMatches,
        })
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.take()? {
            Token::Attribute { source, path } => Ok(Operand::Attribute(Attribute {
                source: source.to_ascii_lowercase(),
                path: path.to_ascii_lowercase(),
            })),
            Token::Text(text) | Token::Word(text) => Ok(Operand::Values(vec![text])),
            Token::OpenList => self.list(),
            other => Err(format!("a value is expected instead of {other:?}")),
        }
    }

    /// The rest of a list whose bracket is gone.
    fn list(&mut self) -> Result<Operand, String> {
        let mut values = Vec::new();
        loop {
            match self.take()? {
                Token::Text(text) | Token::Word(text) => values.push(text),
                other => return Err(format!("a value is expected instead of {other:?}")),
            }
            if self.eat(&Token::CloseList) {
                return Ok(Operand::Values(values));
            }
            self.expect(&Token::Comma)?;
        }
    }
}

fn single(mut nodes: Vec<Node>, many: impl FnOnce(Vec<Node>) -> Node) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => many(nodes),
    }
}

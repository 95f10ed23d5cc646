//! Expressions and the operators that join them.

use super::{
    super::{
        error::SyntaxError,
        lex::{self, Token},
        node::Node,
    },
    cursor::Parser,
};

const PIPE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const COMPARISON: u8 = 5;
const FLATTEN: u8 = 9;
/// Operators weaker than this end a projection.
const PROJECTION_STOP: u8 = 10;
pub(super) const STAR: u8 = 20;
const FILTER: u8 = 21;
const DOT: u8 = 40;
const NOT: u8 = 45;

pub(in super::super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let tokens = lex::tokens(text)?;
    let mut parser = Parser {
        text,
        tokens,
        next: 0,
        depth: 0,
    };
    let root = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(root),
        _ => Err(parser.unexpected("the end of the query")),
    }
}

impl Parser<'_> {
    /// One expression, as far as its operators bind more strongly than `strength`.
    pub(super) fn expression(&mut self, strength: u8) -> Result<Node, SyntaxError> {
        let outer_depth = self.depth;
        self.descend()?;
        let mut left = self.prefix()?;
        while strength < binding(self.peek()) {
            // Chains of these two grow in breadth.
            if !matches!(self.peek(), Token::Or | Token::And) {
                self.descend()?;
            }
            left = self.infix(left)?;
        }
        self.depth = outer_depth;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Node, SyntaxError> {
        let place = self.next;
        match self.advance() {
            Token::Name(name) => Ok(Node::Field(name)),
            Token::QuotedName(_) if *self.peek() == Token::LeftParen => {
                Err(self.error_at(place, "the name of a function is not quoted"))
            }
            Token::QuotedName(name) => Ok(Node::Field(name)),
            Token::Literal(value) => Ok(Node::Literal(value)),
            Token::Current => Ok(Node::Current),
            Token::Star => {
                let each = self.projected(STAR)?;
                Ok(Node::Values {
                    of: Node::Current.boxed(),
                    each: each.boxed(),
                })
            }
            Token::Filter => self.filter(Node::Current),
            Token::Flatten => self.flatten(Node::Current),
            Token::Not => Ok(Node::Not(self.expression(NOT)?.boxed())),
            Token::LeftParen => {
                let inner = self.expression(0)?;
                self.expect(&Token::RightParen, "a closing `)`")?;
                Ok(inner)
            }
            Token::LeftBrace => self.hash(),
            Token::LeftBracket => match (self.peek(), self.peek_second()) {
                (Token::Number(_) | Token::Colon, _) => self.index(Node::Current),
                (Token::Star, Token::RightBracket) => self.all_items(Node::Current),
                _ => self.list(),
            },
            Token::Reference => {
                Err(self.error_at(place, "`&` may only start an argument of a function"))
            }
            Token::End => Err(self.unexpected("an expression")),
            _ => Err(self.error_at(place, "an expression should start here")),
        }
    }

    fn infix(&mut self, left: Node) -> Result<Node, SyntaxError> {
        let place = self.next;
        match self.advance() {
            Token::Dot => self.dot(left),
            Token::Pipe => Ok(Node::Path(vec![left, self.expression(PIPE)?])),
            Token::Or => {
                let right = self.expression(OR)?;
                Ok(match left {
                    Node::Or(nodes) => Node::Or(appended(nodes, right)),
                    _ => Node::Or(vec![left, right]),
                })
            }
            Token::And => {
                let right = self.expression(AND)?;
                Ok(match left {
                    Node::And(nodes) => Node::And(appended(nodes, right)),
                    _ => Node::And(vec![left, right]),
                })
            }
            Token::Comparison(comparison) => {
                let right = self.expression(COMPARISON)?.boxed();
                Ok(Node::Compare {
                    comparison,
                    left: left.boxed(),
                    right,
                })
            }
            Token::Flatten => self.flatten(left),
            Token::Filter => self.filter(left),
            Token::LeftBracket => match self.peek() {
                Token::Number(_) | Token::Colon => self.index(left),
                Token::Star => self.all_items(left),
                _ => Err(self.unexpected("a number, `:` or `*`")),
            },
            Token::LeftParen => match left {
                Node::Field(name) => self.call(name),
                _ => Err(self.error_at(place, "only a name can be called")),
            },
            _ => Err(self.error_at(place, "an operator should stand here")),
        }
    }

    fn filter(&mut self, left: Node) -> Result<Node, SyntaxError> {
        let condition = self.expression(0)?.boxed();
        self.expect(&Token::RightBracket, "a closing `]`")?;
        let each = self.projected(FILTER)?.boxed();
        Ok(Node::Filter {
            of: left.boxed(),
            each,
            condition,
        })
    }

    fn flatten(&mut self, left: Node) -> Result<Node, SyntaxError> {
        let each = self.projected(FLATTEN)?.boxed();
        Ok(Node::Items {
            of: Node::Flatten(left.boxed()).boxed(),
            each,
        })
    }

    fn dot(&mut self, left: Node) -> Result<Node, SyntaxError> {
        if *self.peek() == Token::Star {
            self.advance();
            let each = self.projected(DOT)?;
            return Ok(Node::Values {
                of: left.boxed(),
                each: each.boxed(),
            });
        }
        let right = self.after_dot(DOT)?;
        Ok(match left {
            Node::Path(nodes) => Node::Path(appended(nodes, right)),
            _ => Node::Path(vec![left, right]),
        })
    }

    /// What each item of a projection goes through.
    pub(super) fn projected(&mut self, strength: u8) -> Result<Node, SyntaxError> {
        match self.peek() {
            Token::LeftBracket | Token::Filter => self.expression(strength),
            Token::Dot => {
                self.advance();
                self.after_dot(strength)
            }
            token if binding(token) < PROJECTION_STOP => Ok(Node::Current),
            _ => Err(self.unexpected("`.`, `[` or an operator")),
        }
    }

    fn after_dot(&mut self, strength: u8) -> Result<Node, SyntaxError> {
        match self.peek() {
            Token::Name(_) | Token::QuotedName(_) | Token::Star => self.expression(strength),
            Token::LeftBracket => {
                self.advance();
                self.list()
            }
            Token::LeftBrace => {
                self.advance();
                self.hash()
            }
            _ => Err(self.unexpected("a name, `*`, `[` or `{`")),
        }
    }
}

pub(super) fn appended(mut nodes: Vec<Node>, node: Node) -> Vec<Node> {
    nodes.push(node);
    nodes
}

/// How strongly a token binds what stands left of it.
fn binding(token: &Token) -> u8 {
    match token {
        Token::Pipe => PIPE,
        Token::Or => OR,
        Token::And => AND,
        Token::Comparison(_) => COMPARISON,
        Token::Flatten => FLATTEN,
        Token::Star => STAR,
        Token::Filter => FILTER,
        Token::Dot => DOT,
        Token::Not => NOT,
        Token::LeftBrace => 50,
        Token::LeftBracket => 55,
        Token::LeftParen => 60,
        _ => 0,
    }
}

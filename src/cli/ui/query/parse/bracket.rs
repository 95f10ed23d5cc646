//! What stands in brackets, braces and parentheses.

use super::{
    super::{
        error::SyntaxError,
        function::Function,
        lex::Token,
        node::{Argument, Node, Slice},
    },
    cursor::Parser,
    expression::{STAR, appended},
};

impl Parser<'_> {
    pub(super) fn all_items(&mut self, left: Node) -> Result<Node, SyntaxError> {
        self.advance();
        self.expect(&Token::RightBracket, "a closing `]`")?;
        let each = self.projected(STAR)?;
        Ok(Node::Items {
            of: left.boxed(),
            each: each.boxed(),
        })
    }

    /// `[3]` or `[1:5:2]`, its bracket already passed.
    pub(super) fn index(&mut self, left: Node) -> Result<Node, SyntaxError> {
        let is_slice = *self.peek() == Token::Colon || *self.peek_second() == Token::Colon;
        let (right, is_slice) = match self.peek() {
            Token::Number(index) if !is_slice => {
                let index = Node::Index(*index);
                self.advance();
                self.expect(&Token::RightBracket, "a closing `]`")?;
                (index, false)
            }
            _ => (Node::Slice(self.slice()?), true),
        };
        match left {
            // az's engine lets a slice right after an index give the plain list.
            Node::Brackets(nodes) => Ok(Node::Brackets(appended(nodes, right))),
            left if is_slice => {
                let of = Node::Brackets(vec![left, right]).boxed();
                Ok(Node::Items {
                    of,
                    each: self.projected(STAR)?.boxed(),
                })
            }
            left => Ok(Node::Brackets(vec![left, right])),
        }
    }

    fn slice(&mut self) -> Result<Slice, SyntaxError> {
        let mut parts = [None; 3];
        let mut part = 0;
        loop {
            match self.peek() {
                Token::RightBracket => break,
                Token::Colon if part < 2 => part += 1,
                Token::Number(number) => parts[part] = Some(*number),
                _ => return Err(self.unexpected("a number, `:` or `]`")),
            }
            self.advance();
        }
        self.advance();
        let [start, end, step] = parts;
        Ok(Slice { start, end, step })
    }

    /// `[a, b]`, its opening bracket already passed.
    pub(super) fn list(&mut self) -> Result<Node, SyntaxError> {
        let mut nodes = vec![self.expression(0)?];
        while *self.peek() != Token::RightBracket {
            self.expect(&Token::Comma, "`,` or `]`")?;
            nodes.push(self.expression(0)?);
        }
        self.advance();
        Ok(Node::List(nodes))
    }

    /// `{a: b}`, its opening brace already passed; like az's engine it does not insist on commas.
    pub(super) fn hash(&mut self) -> Result<Node, SyntaxError> {
        let mut pairs = Vec::new();
        loop {
            let key = match self.peek() {
                Token::Name(_) | Token::QuotedName(_) => self.advance(),
                _ => return Err(self.unexpected("the name of a key")),
            };
            self.expect(&Token::Colon, "`:`")?;
            let node = self.expression(0)?;
            if let Token::Name(key) | Token::QuotedName(key) = key {
                pairs.push((key, node));
            }
            match self.peek() {
                Token::Comma => {
                    self.advance();
                }
                Token::RightBrace => {
                    self.advance();
                    return Ok(Node::Hash(pairs));
                }
                _ => {}
            }
        }
    }

    /// The arguments of a call, its opening parenthesis already passed; commas are as optional as in az's engine.
    pub(super) fn call(&mut self, name: String) -> Result<Node, SyntaxError> {
        let mut arguments = Vec::new();
        while *self.peek() != Token::RightParen {
            arguments.push(if *self.peek() == Token::Reference {
                self.advance();
                Argument::Expression(self.expression(0)?)
            } else {
                Argument::Value(self.expression(0)?)
            });
            if *self.peek() == Token::Comma {
                self.advance();
            }
        }
        self.advance();
        let function = Function::named(&name);
        Ok(Node::Call {
            name,
            function,
            arguments,
        })
    }
}

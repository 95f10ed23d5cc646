//! Asks a condition about one action. What it says of attributes that are not known here is
//! unknown, and stays so under negation: a condition lets nobody in by what it cannot tell.

use super::{
    operator::{Operator, Walk, is_like},
    parse::{Attribute, Condition, Node, Operand},
};

const REPOSITORY: &str = "microsoft.containerregistry/registries/repositories:name";

/// What a condition is asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The action or data action.
    pub(crate) action: &'a str,
    /// The repository, if the action is about one.
    pub(crate) repository: Option<&'a str>,
}

impl Condition {
    /// Whether the condition holds for certain.
    pub(crate) fn holds(&self, question: Question<'_>) -> bool {
        question.ask(&self.0) == Some(true)
    }
}

impl Question<'_> {
    /// `None` is unknown.
    fn ask(self, node: &Node) -> Option<bool> {
        match node {
            Node::Any(nodes) => self.first(nodes, true),
            Node::All(nodes) => self.first(nodes, false),
            Node::Not(node) => self.ask(node).map(|holds| !holds),
            Node::ActionMatches(pattern) => {
                let action = self.action.to_ascii_lowercase();
                Some(is_like(action.as_bytes(), pattern.as_bytes()))
            }
            Node::SubOperationMatches => Some(false),
            Node::Exists(attribute) => self.value(attribute).map(|_| true),
            Node::Compare {
                left,
                operator,
                right,
            } => {
                let (left, right) = (self.values(left)?, self.values(right)?);
                Some(compare(*operator, &left, &right))
            }
        }
    }

    /// The answer that settles a chain, or its opposite if all parts are certain of that.
    fn first(self, nodes: &[Node], settling: bool) -> Option<bool> {
        let mut is_certain = true;
        for node in nodes {
            match self.ask(node) {
                Some(answer) if answer == settling => return Some(settling),
                Some(_) => {}
                None => is_certain = false,
            }
        }
        is_certain.then_some(!settling)
    }

    fn values(self, operand: &Operand) -> Option<Vec<String>> {
        match operand {
            Operand::Values(values) => Some(values.clone()),
            Operand::Attribute(attribute) => Some(vec![self.value(attribute)?.to_owned()]),
        }
    }

    fn value(&self, attribute: &Attribute) -> Option<&str> {
        let is_known = attribute.path == REPOSITORY
            && ["request", "resource"].contains(&attribute.source.as_str());
        self.repository.filter(|_| is_known)
    }
}

fn compare(operator: Operator, left: &[String], right: &[String]) -> bool {
    let any = |value: &String| right.iter().any(|other| operator.holds(value, other));
    let all = |value: &String| right.iter().all(|other| operator.holds(value, other));
    match operator.walk {
        Walk::AnyOfAny => left.iter().any(any),
        Walk::AllOfAny => left.iter().all(any),
        Walk::AnyOfAll => left.iter().any(all),
        Walk::AllOfAll => left.iter().all(all),
    }
}

//! One command line of the comparison, and what is known about it beforehand.

use super::stage::Scene;

/// A command line without its program: `acr list` for `az` is `list` for us.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Words as a shell would take them apart; `{SUB}`, `{SUBNAME}`, `{SUBNET}`, `{SUFFIX}`, `{ID1}` and the
    /// digests of what was pushed are filled in.
    pub(super) text: &'static str,
    pub(super) scene: Scene,
    pub(super) variables: &'static [(&'static str, &'static str)],
    /// Why a context of our own answers otherwise than Azure would.
    pub(super) context_differs: Option<&'static str>,
    /// Why only the beginning of what we do can be compared.
    pub(super) az_breaks_off: Option<&'static str>,
    /// Why we ask for other things than az does before we do the same.
    pub(super) reads_differ: Option<&'static str>,
    /// Why we refuse, before anything is changed, what az does or fails at in its own way.
    pub(super) we_refuse: Option<&'static str>,
}

/// A line in the plain scene, with nothing special about it.
pub(super) const fn line(text: &'static str) -> Line {
    Line {
        text,
        scene: Scene::Plain,
        variables: &[],
        context_differs: None,
        az_breaks_off: None,
        reads_differ: None,
        we_refuse: None,
    }
}

impl Line {
    pub(super) const fn on(self, scene: Scene) -> Self {
        Self { scene, ..self }
    }

    pub(super) const fn with(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }

    pub(super) const fn context_differs(self, why: &'static str) -> Self {
        Self {
            context_differs: Some(why),
            ..self
        }
    }

    pub(super) const fn az_breaks_off(self, why: &'static str) -> Self {
        Self {
            az_breaks_off: Some(why),
            ..self
        }
    }

    pub(super) const fn reads_differ(self, why: &'static str) -> Self {
        Self {
            reads_differ: Some(why),
            ..self
        }
    }

    pub(super) const fn we_refuse(self, why: &'static str) -> Self {
        Self {
            we_refuse: Some(why),
            ..self
        }
    }

    /// The words, with the blanks filled in.
    pub(super) fn words(&self, blanks: &[(&str, &str)]) -> Vec<String> {
        let fill = |word: String| {
            blanks
                .iter()
                .fold(word, |word, (name, value)| word.replace(name, value))
        };
        split(self.text).into_iter().map(fill).collect()
    }
}

/// Takes a line apart at blanks outside of quotes; either kind of quote keeps the other.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[test]
fn quotes_keep_a_word_together() {
    let words = split(r#"a --tags 'x y' "" --set 'sku={"name":"b"}'"#);
    let expected = ["a", "--tags", "x y", "", "--set", r#"sku={"name":"b"}"#];
    assert_eq!(words, expected);
}

//! Reads INI text by the rules of Python's `ConfigParser`, which az's settings files follow.
//!
//! What differs from most INI readers: `#` and `;` start a comment only at the beginning of a line, an
//! indented line continues the value above it, `[DEFAULT]` is inherited by every section, `%(name)s`
//! is replaced by another option of the section, and option names do not care for case.

use std::collections::HashMap;

const DEFAULT: &str = "DEFAULT";
/// How deep options may name each other, as in Python.
const DEEPEST_REFERENCE: usize = 10;

/// The sections of one file, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<Section>,
    defaults: HashMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Section {
    name: String,
    options: Vec<(String, String)>,
}

/// Why a text is not INI, or a value cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IniError {
    /// An option stands before the first section.
    #[error("line {0}: there is no section header above it")]
    NoSection(usize),
    /// A line is neither section, option, comment nor continuation.
    #[error("line {0}: neither a section nor an option")]
    Unreadable(usize),
    /// A section or option comes twice.
    #[error("line {line}: {name} is already there")]
    Duplicate {
        /// Where the second one stands.
        line: usize,
        /// The section or option.
        name: String,
    },
    /// A value uses `%` in a way that means nothing.
    #[error("[{section}] {option}: bad use of `%` in the value")]
    Interpolation {
        /// The section asked for.
        section: String,
        /// The option asked for.
        option: String,
    },
}

impl Ini {
    /// Reads a whole text.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            reader.line(index + 1, line)?;
        }
        reader.finish_option();
        Ok(reader.ini)
    }

    /// The names of the sections, without `DEFAULT`.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|section| section.name.as_str())
    }

    /// The names of a section's own options.
    pub fn options<'a>(&'a self, section: &str) -> impl Iterator<Item = &'a str> {
        let found = self.sections.iter().find(|found| found.name == section);
        found
            .into_iter()
            .flat_map(|section| section.options.iter().map(|(name, _)| name.as_str()))
    }

    /// The value of an option, with its references replaced.
    pub fn get(&self, section: &str, option: &str) -> Result<Option<String>, IniError> {
        let option = option.to_lowercase();
        let Some(raw) = self.raw(section, &option) else {
            return Ok(None);
        };
        let mut value = String::new();
        match self.expand(section, raw, DEEPEST_REFERENCE, &mut value) {
            Some(()) => Ok(Some(value)),
            None => Err(IniError::Interpolation {
                section: section.to_owned(),
                option,
            }),
        }
    }

    fn raw(&self, section: &str, option: &str) -> Option<&str> {
        let section = self.sections.iter().find(|found| found.name == section)?;
        let own = section.options.iter().find(|(name, _)| name == option);
        own.map(|(_, value)| value)
            .or_else(|| self.defaults.get(option))
            .map(String::as_str)
    }

    fn expand(&self, section: &str, raw: &str, depth: usize, out: &mut String) -> Option<()> {
        let mut rest = raw;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let (name, after) = rest.strip_prefix('(')?.split_once(")s")?;
            let named = self.raw(section, &name.to_lowercase())?;
            self.expand(section, named, depth.checked_sub(1)?, out)?;
            rest = after;
        }
        out.push_str(rest);
        Some(())
    }
}

/// The state between two lines.
#[derive(Default)]
struct Reader {
    ini: Ini,
    place: Place,
    /// The option whose value may go on, and its lines so far.
    option: Option<(String, Vec<String>)>,
    indent: usize,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Defaults,
    Section,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), IniError> {
        let text = line.trim();
        if text.starts_with(['#', ';']) {
            return Ok(());
        }
        if text.is_empty() {
            if let Some((_, lines)) = &mut self.option {
                lines.push(String::new());
            }
            return Ok(());
        }
        let indent = line.len() - line.trim_start().len();
        if let Some((_, lines)) = &mut self.option
            && indent > self.indent
        {
            lines.push(text.to_owned());
            return Ok(());
        }
        self.indent = indent;
        self.finish_option();
        match text.strip_prefix('[').and_then(|rest| rest.rfind(']')) {
            Some(end) if end > 0 => self.header(number, &text[1..=end]),
            _ => self.assignment(number, text),
        }
    }

    fn header(&mut self, number: usize, name: &str) -> Result<(), IniError> {
        if name == DEFAULT {
            self.place = Place::Defaults;
            return Ok(());
        }
        if self.ini.sections().any(|known| known == name) {
            return Err(IniError::Duplicate {
                line: number,
                name: format!("[{name}]"),
            });
        }
        self.ini.sections.push(Section {
            name: name.to_owned(),
            options: Vec::new(),
        });
        self.place = Place::Section;
        Ok(())
    }

    fn assignment(&mut self, number: usize, text: &str) -> Result<(), IniError> {
        if self.place == Place::Start {
            return Err(IniError::NoSection(number));
        }
        let (name, value) = text
            .split_once(['=', ':'])
            .ok_or(IniError::Unreadable(number))?;
        let name = name.trim_end().to_lowercase();
        if name.is_empty() {
            return Err(IniError::Unreadable(number));
        }
        if self.is_known(&name) {
            return Err(IniError::Duplicate { line: number, name });
        }
        self.option = Some((name, vec![value.trim().to_owned()]));
        Ok(())
    }

    fn is_known(&self, name: &str) -> bool {
        match self.place {
            Place::Defaults => self.ini.defaults.contains_key(name),
            _ => self
                .ini
                .sections
                .last()
                .is_some_and(|section| section.options.iter().any(|(known, _)| known == name)),
        }
    }

    fn finish_option(&mut self) {
        let Some((name, lines)) = self.option.take() else {
            return;
        };
        let value = lines.join("\n").trim_end().to_owned();
        match (self.place, self.ini.sections.last_mut()) {
            (Place::Defaults, _) => {
                self.ini.defaults.insert(name, value);
            }
            (_, Some(section)) => section.options.push((name, value)),
            (_, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, section: &str, option: &str) -> Option<String> {
        Ini::parse(text).unwrap().get(section, option).unwrap()
    }

    #[test]
    fn comments_count_only_at_the_start_of_a_line() {
        let text = "# top\n[defaults]\n; note\nacr = My:Reg # c\ngroup: g;1\n";
        assert_eq!(value(text, "defaults", "acr").unwrap(), "My:Reg # c");
        assert_eq!(value(text, "defaults", "Group").unwrap(), "g;1");
    }

    #[test]
    fn indented_lines_go_on_and_blank_lines_between_them_stay() {
        let text = "[a]\nx = 1\n  two\n\n  # skipped\n  [three]\ny = 2\n\n[b]\n";
        assert_eq!(value(text, "a", "x").unwrap(), "1\ntwo\n\n[three]");
        assert_eq!(value(text, "a", "y").unwrap(), "2");
        assert_eq!(Ini::parse(text).unwrap().sections().count(), 2);
    }

    #[test]
    fn defaults_are_inherited_and_references_replaced() {
        let text = "[DEFAULT]\nhost = h\n[a]\nurl = https://%(HOST)s/%(path)s?p=1%%\npath = p\n[b]\nhost = own\n";
        assert_eq!(value(text, "a", "url").unwrap(), "https://h/p?p=1%");
        assert_eq!(value(text, "b", "host").unwrap(), "own");
        assert_eq!(value(text, "c", "host"), None);
        assert_eq!(Ini::parse(text).unwrap().options("a").count(), 2);
    }

    #[test]
    fn references_that_lead_nowhere_or_in_a_circle_are_errors() {
        for text in ["[a]\nx = %(y)s\n", "[a]\nx = %(x)s\n", "[a]\nx = 5%\n"] {
            let ini = Ini::parse(text).unwrap();
            assert!(
                matches!(ini.get("a", "x"), Err(IniError::Interpolation { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn broken_files_are_named_by_line() {
        assert_eq!(Ini::parse("x = 1"), Err(IniError::NoSection(1)));
        assert_eq!(Ini::parse("[a]\njust words"), Err(IniError::Unreadable(2)));
        let twice = Ini::parse("[a]\nx=1\nX=2").unwrap_err();
        assert!(matches!(twice, IniError::Duplicate { line: 3, .. }));
        let twice = Ini::parse("[a]\n[a]").unwrap_err();
        assert!(matches!(twice, IniError::Duplicate { line: 2, .. }));
    }
}

//! Walks a value and writes its YAML document.

use super::{
    super::{
        data::{Data, Fields, Items, Number, Shape},
        python::write_number,
    },
    alias::{Aliases, Mention},
    scalar::{self, Style},
    write::Writer,
};

const INDENT: usize = 2;

/// The whole document, ending with a line break.
pub(in super::super) fn render(data: &Data<'_>) -> String {
    let mut emitter = Emitter {
        writer: Writer::new(),
        aliases: Aliases::of(data),
    };
    let is_open = emitter.node(data, Place::Root);
    emitter.writer.indent = 0;
    emitter.writer.write_indent();
    if is_open {
        // A plain scalar alone needs a mark to show that it ends here.
        emitter.writer.indicator("...");
        emitter.writer.write_indent();
    }
    emitter.writer.finish()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    Value,
}

struct Emitter {
    writer: Writer,
    aliases: Aliases,
}

impl Emitter {
    /// Writes one value and says whether it was plain text.
    fn node(&mut self, data: &Data<'_>, place: Place) -> bool {
        match self.aliases.mention(data) {
            Mention::Only => {}
            Mention::First(name) => self.writer.indicator(&format!("&{name}")),
            Mention::Again(name) => {
                self.writer.indicator(&format!("*{name}"));
                return false;
            }
        }
        match data.shape() {
            Shape::List(items) if items.is_empty() => self.writer.indicator("[]"),
            Shape::List(items) => self.list(items, place),
            Shape::Object(fields) if fields.is_empty() => self.writer.indicator("{}"),
            Shape::Object(fields) => self.object(fields, place),
            Shape::Text(text) => return self.text(text, place),
            Shape::Null => return self.plain("null"),
            Shape::Bool(bool) => return self.plain(if bool { "true" } else { "false" }),
            Shape::Number(number) => return self.plain(&number_text(number)),
        }
        false
    }

    fn plain(&mut self, text: &str) -> bool {
        self.writer.plain(text, true);
        true
    }

    fn text(&mut self, text: &str, place: Place) -> bool {
        let style = scalar::style(text, false);
        let outer = self.writer.indent;
        // Lines that go on below are indented deeper than their block.
        self.writer.indent = outer + INDENT;
        self.scalar(text, style, true);
        self.writer.indent = outer;
        style == Style::Plain && place == Place::Root
    }

    fn scalar(&mut self, text: &str, style: Style, is_split: bool) {
        match style {
            Style::Plain => self.writer.plain(text, is_split),
            Style::Single => self.writer.single_quoted(text, is_split),
            Style::Double => self.writer.double_quoted(text, is_split),
        }
    }

    fn list(&mut self, items: Items<'_, '_>, place: Place) {
        let outer = self.writer.indent;
        // The items of a list that is a key's value stand right under the key.
        let is_flush =
            place == Place::Root || (place == Place::Value && !self.writer.is_indenting());
        self.writer.indent = if is_flush { outer } else { outer + INDENT };
        for item in items.iter() {
            self.writer.write_indent();
            self.writer.block_indicator("-");
            self.node(&item, Place::Item);
        }
        self.writer.indent = outer;
    }

    fn object(&mut self, fields: Fields<'_, '_>, place: Place) {
        let outer = self.writer.indent;
        self.writer.indent = if place == Place::Root {
            outer
        } else {
            outer + INDENT
        };
        for (key, value) in fields.sorted() {
            self.writer.write_indent();
            if scalar::is_simple_key(key) {
                self.scalar(key, scalar::style(key, true), false);
                self.writer.closing(":");
            } else {
                self.writer.block_indicator("?");
                self.text(key, Place::Value);
                self.writer.write_indent();
                self.writer.block_indicator(":");
            }
            self.node(&value, Place::Value);
        }
        self.writer.indent = outer;
    }
}

/// A number as YAML wants it: a float always has a point.
fn number_text(number: Number) -> String {
    let mut text = String::new();
    match number {
        Number::Float(float) if float.is_nan() => text.push_str(".nan"),
        Number::Float(f64::INFINITY) => text.push_str(".inf"),
        Number::Float(f64::NEG_INFINITY) => text.push_str("-.inf"),
        _ => write_number(&mut text, number),
    }
    match text.find('e') {
        Some(index) if !text.contains('.') => format!("{}.0{}", &text[..index], &text[index..]),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn yaml(value: &Value) -> String {
        render(&Data::Plain(value))
    }

    #[test]
    fn blocks_nest_with_sorted_keys() {
        let value = json!({"b": [{"y": 1, "x": []}, [1, [2]], "no"], "a": {"k": {}}, "": null});
        let expected = "? ''\n: null\na:\n  k: {}\nb:\n- x: []\n  y: 1\n- - 1\n  - - 2\n- 'no'\n";
        assert_eq!(yaml(&value), expected);
    }

    #[test]
    fn long_text_folds_at_blanks_beyond_eighty_columns() {
        let long = format!("{} {} tail", "a".repeat(45), "b".repeat(45));
        let folded = format!("k: {} {}\n  tail\n", "a".repeat(45), "b".repeat(45));
        assert_eq!(yaml(&json!({"k": long})), folded);
        let quoted = format!("k: '{}: {}\n  tail'\n", "a".repeat(45), "b".repeat(45));
        assert_eq!(yaml(&json!({"k": long.replacen(' ', ": ", 1)})), quoted);
    }

    #[test]
    fn text_of_several_lines() {
        assert_eq!(yaml(&json!({"k": "a\nb\n"})), "k: 'a\n\n  b\n\n  '\n");
        assert_eq!(yaml(&json!("a \n\u{1f600}")), "\"a \\n\\U0001F600\"\n");
    }

    #[test]
    fn bare_scalars() {
        assert_eq!(yaml(&json!("x")), "x\n...\n");
        assert_eq!(yaml(&json!("1")), "'1'\n");
        assert_eq!(yaml(&json!(1e20)), "1.0e+20\n...\n");
        assert_eq!(yaml(&json!([])), "[]\n");
    }
}

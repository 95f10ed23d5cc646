//! JSON on one line, as `to_string()` gives it.

use super::super::{
    data::{Data, Shape},
    json::write_escape,
    python::write_json_number,
};

/// Appends `value`: ASCII only, keys as they come.
pub(super) fn write_compact(out: &mut String, value: &Data<'_>) {
    match value.shape() {
        Shape::Null => out.push_str("null"),
        Shape::Bool(bool) => out.push_str(if bool { "true" } else { "false" }),
        Shape::Number(number) => write_json_number(out, number),
        Shape::Text(text) => write_ascii(out, text),
        Shape::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_compact(out, &item);
            }
            out.push(']');
        }
        Shape::Object(fields) => {
            out.push('{');
            for (index, (key, value)) in fields.pairs().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_ascii(out, key);
                out.push(':');
                write_compact(out, value);
            }
            out.push('}');
        }
    }
}

fn write_ascii(out: &mut String, text: &str) {
    out.push('"');
    for ch in text.chars() {
        match ch {
            '\0'..='\x1f' | '\x7f' | '"' | '\\' => write_escape(out, ch as u8),
            _ if ch.is_ascii() => out.push(ch),
            _ => {
                for unit in ch.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

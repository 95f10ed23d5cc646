//! `-o json`: two-space indentation, keys sorted, non-ASCII text kept.

use super::{
    data::{Data, Shape},
    python::write_json_number,
};

/// The whole document, ending with a line break.
pub(super) fn render(data: &Data<'_>) -> String {
    let mut out = String::with_capacity(256);
    write(&mut out, data, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, data: &Data<'_>, depth: usize) {
    match data.shape() {
        Shape::Null => out.push_str("null"),
        Shape::Bool(bool) => out.push_str(if bool { "true" } else { "false" }),
        Shape::Number(number) => write_json_number(out, number),
        Shape::Text(text) => write_text(out, text),
        Shape::List(items) if items.is_empty() => out.push_str("[]"),
        Shape::List(items) => {
            for (index, item) in items.iter().enumerate() {
                out.push(if index > 0 { ',' } else { '[' });
                break_line(out, depth + 1);
                write(out, &item, depth + 1);
            }
            break_line(out, depth);
            out.push(']');
        }
        Shape::Object(fields) if fields.is_empty() => out.push_str("{}"),
        Shape::Object(fields) => {
            for (index, (key, value)) in fields.sorted().iter().enumerate() {
                out.push(if index > 0 { ',' } else { '{' });
                break_line(out, depth + 1);
                write_text(out, key);
                out.push_str(": ");
                write(out, value, depth + 1);
            }
            break_line(out, depth);
            out.push('}');
        }
    }
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut start = 0;
    for (index, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[start..index]);
        start = index + 1;
        write_escape(out, byte);
    }
    out.push_str(&text[start..]);
    out.push('"');
}

/// Appends the escape of one ASCII character that may not stand in a JSON string as it is.
pub(super) fn write_escape(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('\\');
    match byte {
        b'"' | b'\\' => out.push(byte.into()),
        0x08 => out.push('b'),
        0x0c => out.push('f'),
        b'\n' => out.push('n'),
        b'\r' => out.push('r'),
        b'\t' => out.push('t'),
        _ => {
            out.push_str("u00");
            out.push(HEX[usize::from(byte >> 4)].into());
            out.push(HEX[usize::from(byte & 15)].into());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sorts_indents_and_keeps_text() {
        let value = json!({"b": [1, {"z": [], "a": {}}], "a": "é\u{7f}\u{1}\"\\\n", "B": -1.0e20});
        let expected = "{\n  \"B\": -1e+20,\n  \"a\": \"é\u{7f}\\u0001\\\"\\\\\\n\",\n  \"b\": [\n    1,\n    \
                        {\n      \"a\": {},\n      \"z\": []\n    }\n  ]\n}\n";
        assert_eq!(render(&Data::Plain(&value)), expected);
    }

    #[test]
    fn bare_scalars_are_documents() {
        assert_eq!(render(&Data::Plain(&json!("x"))), "\"x\"\n");
        assert_eq!(render(&Data::Plain(&json!([]))), "[]\n");
    }
}

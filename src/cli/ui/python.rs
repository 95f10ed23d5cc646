//! Values spelled the way Python spells them, which is how `table`, `tsv` and error texts of az show them.

use std::fmt::Write as _;

use super::data::{Data, Number, Shape};

/// Appends what `str()` gives: text as it is, everything else as in the source.
pub(super) fn write_str(out: &mut String, data: &Data<'_>) {
    match data.shape() {
        Shape::Text(text) => out.push_str(text),
        _ => write_repr(out, data),
    }
}

/// Appends what `repr()` gives.
pub(super) fn write_repr(out: &mut String, data: &Data<'_>) {
    match data.shape() {
        Shape::Null => out.push_str("None"),
        Shape::Bool(true) => out.push_str("True"),
        Shape::Bool(false) => out.push_str("False"),
        Shape::Number(number) => write_number(out, number),
        Shape::Text(text) => write_quoted(out, text),
        Shape::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_repr(out, &item);
            }
            out.push(']');
        }
        Shape::Object(fields) if fields.is_ordered() => {
            out.push_str(if fields.is_empty() {
                "OrderedDict("
            } else {
                "OrderedDict(["
            });
            for (index, (key, value)) in fields.pairs().iter().enumerate() {
                out.push_str(if index > 0 { ", (" } else { "(" });
                write_quoted(out, key);
                out.push_str(", ");
                write_repr(out, value);
                out.push(')');
            }
            out.push_str(if fields.is_empty() { ")" } else { "])" });
        }
        Shape::Object(fields) => {
            out.push('{');
            for (index, (key, value)) in fields.pairs().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_quoted(out, key);
                out.push_str(": ");
                write_repr(out, value);
            }
            out.push('}');
        }
    }
}

fn write_quoted(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for ch in text.chars() {
        match ch {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if ch == quote => {
                out.push('\\');
                out.push(ch);
            }
            _ if is_printable(ch) => out.push(ch),
            _ => write_escape(out, ch),
        }
    }
    out.push(quote);
}

fn write_escape(out: &mut String, ch: char) {
    let code = ch as u32;
    // Writing to a `String` cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Rust's debug form escapes exactly the characters Python calls unprintable, except that it
/// escapes a combining mark when it stands first.
fn is_printable(ch: char) -> bool {
    if ch.is_ascii() {
        return !ch.is_ascii_control();
    }
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let len = 1 + ch.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..len]).is_ok_and(|text| text.escape_debug().count() == 2)
}

/// Appends a number: whole ones plainly, others with the fewest digits that read back the same.
pub(super) fn write_number(out: &mut String, number: Number) {
    let float = match number {
        Number::Int(int) => {
            let _ = write!(out, "{int}");
            return;
        }
        Number::Float(float) => float,
    };
    if float.is_nan() {
        return out.push_str("nan");
    }
    if float.is_infinite() {
        return out.push_str(if float > 0.0 { "inf" } else { "-inf" });
    }
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let _ = write!(out, "{float}");
        if float.fract() == 0.0 {
            out.push_str(".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{mantissa}e{sign}{:02}", exponent.abs());
    }
}

/// The number as JSON text, with the names Python's encoder has for what JSON cannot say.
pub(super) fn write_json_number(out: &mut String, number: Number) {
    match number {
        Number::Float(float) if float.is_nan() => out.push_str("NaN"),
        Number::Float(f64::INFINITY) => out.push_str("Infinity"),
        Number::Float(f64::NEG_INFINITY) => out.push_str("-Infinity"),
        _ => write_number(out, number),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn repr(value: serde_json::Value) -> String {
        let mut out = String::new();
        write_repr(&mut out, &Data::Plain(&value));
        out
    }

    #[test]
    fn containers_and_scalars() {
        let value = json!({"a": [null, true, 1, 1.5], "b": {}});
        assert_eq!(repr(value), "{'a': [None, True, 1, 1.5], 'b': {}}");
    }

    #[test]
    fn floats_switch_to_exponents_where_python_does() {
        for (float, text) in [
            (1.0, "1.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (1e300, "1e+300"),
            (-0.0, "-0.0"),
        ] {
            assert_eq!(repr(json!(float)), text);
        }
    }

    #[test]
    fn quotes_are_chosen_by_content() {
        assert_eq!(repr(json!("it's")), "\"it's\"");
        assert_eq!(repr(json!("it's \"x\"")), "'it\\'s \"x\"'");
        assert_eq!(
            repr(json!("a\u{ad}\u{301}é\u{1f}\u{e0001}")),
            "'a\\xad\u{301}é\\x1f\\U000e0001'"
        );
    }
}

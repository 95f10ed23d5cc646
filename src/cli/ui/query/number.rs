//! Arithmetic on the numbers of a query, whole numbers staying whole.

use super::super::data::Number;

pub(super) fn add(left: Number, right: Number) -> Number {
    if let (Number::Int(left), Number::Int(right)) = (left, right)
        && let Some(sum) = left.checked_add(right)
    {
        return Number::Int(sum);
    }
    Number::Float(left.as_f64() + right.as_f64())
}

pub(super) fn abs(number: Number) -> Number {
    match number {
        Number::Int(int) => Number::Int(int.saturating_abs()),
        Number::Float(float) => Number::Float(float.abs()),
    }
}

/// The whole number that `round` picks next to a float.
pub(super) fn whole(number: Number, round: fn(f64) -> f64) -> Number {
    match number {
        Number::Float(float) if float.is_finite() => Number::Int(round(float) as i128),
        _ => number,
    }
}

/// Reads what Python takes for a number: blanks around it, a sign, underscores between digits.
pub(super) fn read(text: &str) -> Option<Number> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let is_misplaced = |(index, byte): (usize, &u8)| {
        *byte == b'_' && !(index > 0 && is_digit(index - 1) && is_digit(index + 1))
    };
    if bytes.iter().enumerate().any(is_misplaced) {
        return None;
    }
    let digits = text.replace('_', "");
    match digits.parse() {
        Ok(int) => Some(Number::Int(int)),
        Err(_) => digits.parse().ok().map(Number::Float),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_python() {
        assert!(matches!(read(" +1_000 "), Some(Number::Int(1000))));
        assert!(matches!(read("1e3"), Some(Number::Float(1000.0))));
        assert!(matches!(read("-.5"), Some(Number::Float(-0.5))));
        assert!(read("1__0").is_none());
        assert!(read("_1").is_none());
        assert!(read("0x10").is_none());
        assert!(read("").is_none());
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert!(matches!(
            add(Number::Int(1), Number::Int(2)),
            Number::Int(3)
        ));
        assert!(matches!(
            add(Number::Int(1), Number::Float(0.5)),
            Number::Float(1.5)
        ));
        assert!(matches!(
            whole(Number::Float(-1.5), f64::floor),
            Number::Int(-2)
        ));
    }
}

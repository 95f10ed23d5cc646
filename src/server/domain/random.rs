//! Randomness for secrets and codes.

use super::Error;

const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(bytes)
}

/// Random characters of an alphabet of at most 256, each as likely as the others.
pub(crate) fn text(alphabet: &[u8], length: usize) -> Result<String, Error> {
    let limit = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in bytes::<64>()? {
            if usize::from(byte) < limit && text.len() < length {
                text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    Ok(text)
}

/// Random letters and digits.
pub(crate) fn letters_and_digits(length: usize) -> Result<String, Error> {
    text(LETTERS_AND_DIGITS, length)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn keeps_to_alphabet_and_length() {
        let made = text(b"abc", 200).unwrap();
        assert_eq!(made.len(), 200);
        for letter in ['a', 'b', 'c'] {
            assert!(made.contains(letter));
        }
        assert!(made.chars().all(|c| "abc".contains(c)));
    }
}

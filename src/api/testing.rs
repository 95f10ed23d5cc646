//! A small seeded generator of texts, for tests that try many inputs.

/// Pieces that grammars here give a meaning to, and some that none of them knows.
const PIECES: &[&str] = &[
    "",
    "a",
    "Z",
    "0",
    "9",
    "_",
    "__",
    "-",
    "--",
    ".",
    "..",
    "/",
    "//",
    ":",
    "@",
    "=",
    ",",
    ";",
    " ",
    "\t",
    "\"",
    "\\",
    "<",
    ">",
    "*",
    "(",
    ")",
    "+",
    "%2F",
    "\0",
    "\n",
    "ä",
    "🦀",
    "sha256:",
    "bytes=",
    "repository",
    "18446744073709551616",
    "localhost:5000",
    "[::1]",
    "Bearer ",
    "{}",
    "null",
];

/// A xorshift generator: the same seed always gives the same inputs.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// One to `longest` characters of an ASCII `alphabet`.
    pub(crate) fn word(&mut self, alphabet: &str, longest: usize) -> String {
        let length = 1 + self.below(longest);
        (0..length)
            .map(|_| char::from(*self.pick(alphabet.as_bytes())))
            .collect()
    }

    /// Up to a dozen pieces in no sensible order.
    pub(crate) fn noise(&mut self) -> String {
        (0..self.below(12)).map(|_| *self.pick(PIECES)).collect()
    }

    /// `text` with a few pieces put in, taken out or doubled.
    pub(crate) fn mutated(&mut self, text: &str) -> String {
        let mut chars: Vec<String> = text.chars().map(String::from).collect();
        for _ in 0..=self.below(3) {
            let at = self.below(chars.len() + 1);
            match self.below(3) {
                0 => chars.insert(at, (*self.pick(PIECES)).to_owned()),
                1 if at < chars.len() => drop(chars.remove(at)),
                _ if at < chars.len() => chars.insert(at, chars[at].clone()),
                _ => {}
            }
        }
        chars.concat()
    }
}

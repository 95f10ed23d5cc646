//! Sizes of plain and of sealed bytes, and where one lies in the other.

/// Plain bytes of every chunk but the last; the batches of all stores are multiples of it.
pub(super) const CHUNK_BYTES: u64 = 64 * 1024;
pub(super) const NONCE_BYTES: usize = 12;
pub(super) const TAG_BYTES: usize = 16;
/// What sealing adds to a chunk.
pub(super) const OVERHEAD_BYTES: u64 = (NONCE_BYTES + TAG_BYTES) as u64;
pub(super) const SEALED_CHUNK_BYTES: u64 = CHUNK_BYTES + OVERHEAD_BYTES;

/// The sealed size of plain bytes that are whole chunks.
pub(in crate::blob) fn of_whole_chunks(plain_bytes: u64) -> u64 {
    plain_bytes / CHUNK_BYTES * SEALED_CHUNK_BYTES
}

/// The plain size of a sealed blob; none has the size of a blob that was cut off within a nonce or tag.
pub(super) fn plain(sealed_bytes: u64) -> Option<u64> {
    let chunks = sealed_bytes / SEALED_CHUNK_BYTES;
    let last = (sealed_bytes % SEALED_CHUNK_BYTES).checked_sub(OVERHEAD_BYTES)?;
    Some(chunks * CHUNK_BYTES + last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_size_tells_the_plain_one() {
        let sealed = |plain: u64| of_whole_chunks(plain) + plain % CHUNK_BYTES + OVERHEAD_BYTES;
        for size in [0, 1, 65_535, 65_536, 65_537, 131_072, 1 << 40] {
            assert_eq!(plain(sealed(size)), Some(size));
        }
        for cut in [0, 27, SEALED_CHUNK_BYTES, SEALED_CHUNK_BYTES + 27] {
            assert_eq!(plain(cut), None, "{cut}");
        }
    }
}

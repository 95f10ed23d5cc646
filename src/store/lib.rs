//! Storage ports and adapters: transactional metadata.

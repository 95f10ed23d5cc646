//! The words both faces use: wire types and name grammars.

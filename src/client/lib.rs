//! Typed services over HTTP: ARM resources, paging, long-running operations.

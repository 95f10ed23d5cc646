//! What registries hold: repositories, tags, manifests, blobs and uploads.
//!
//! All of it is documents of the one transactional store, in collections whose keys are made of several parts, so that
//! every page is a range of keys and every change is one batch:
//!
//! ```text
//! repository             registry / name                    its own id, its locks; it has a manifest
//! bare-repository        registry / name                    the same of one that has none
//! manifest               repository / digest                what is known of it, its locks
//! manifest-content       repository / digest                its bytes
//! manifest-by-time       repository / time / digest
//! manifest-reference     repository / target / digest       the manifest needs the blob or manifest `target`
//! referrer               repository / subject / digest      its descriptor, as the referrers API lists it
//! tag                    repository / name                  the digest it names, its locks
//! tag-of                 repository / digest / name
//! tag-by-time            repository / time / name
//! blob                   registry / digest                  where its bytes lie
//! blob-link              repository / digest                the repository has the blob; where its bytes lie
//! blob-holder            registry / digest / repository     the other way round
//! blob-storage           key in the blob store              a blob names these bytes; or none may any more, then it expires
//! upload                 registry / id                      an upload that was begun and not finished
//! last-position          repository / tag or manifest       where a deleted one stood in the order of time; expires
//! abandoned-repository   registry / repository              one that was deleted, what lies under its id is yet to go
//! abandoned-registry     registry                           the same of a registry, and since when
//! untagged               registry / time / repository / …   a manifest may have no tag from then on: `retention`
//! untagged-since         repository / digest                the last such time
//! deleted-repository     registry / name                    one that was deleted while deletions are kept: `deleted`
//! burial                 registry / name                    a deletion was begun, of that one or in it, and goes on
//! deleted-manifest       repository / digest                what was known of it, and since when it is deleted
//! deleted-tag            repository / time / name / digest
//! deleted-tag-of         repository / digest / name / time
//! deletion               registry / time / repository / …   all that was deleted and is kept, the oldest first
//! ```
//!
//! A repository is seen as long as it has a manifest. The batch that puts the first one into it brings it among the
//! others, and the one that removes the last takes it away: see [`manifest`]. Blobs can wait in a bare one, which goes
//! when they do.
//!
//! Ids are random and never used again, so what is made anew under an old name has nothing of the old.
//!
//! A batch names the revision of every document its decision rests on. Whoever changes what another one
//! relies on thereby makes the other look again:
//! - a push requires the repository, the blobs and the children it names; what takes one of them away because nothing
//!   needs it marks it first, looks again, and removes exactly what it marked: a push that finds the mark takes it off;
//! - a push of a tag rewrites the manifest it names, so a deletion of the manifest cannot overlook the tag.
//!
//! A blob's bytes are durable before a batch names them, and removed only after one has forgotten them.

pub mod blob;
pub mod collect;
mod collection;
mod commit;
pub mod deleted;
mod identifier;
mod lock;
pub mod manifest;
pub(crate) mod owner;
mod page;
pub(crate) mod pull;
pub mod referrer;
mod refusal;
pub mod repository;
pub mod retention;
mod room;
pub mod tag;
pub mod upload;
mod verify;

pub(in crate::domain) use collect::abandon_registry;
pub use page::{Page, USUAL as USUAL_PAGE};
pub use repository::Repository;
pub use verify::verify;

//! The certificates of the recorder: an authority of its own in front, the server's authority behind.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::path::Path;
use std::sync::Arc;

/// The registries of all scenes, and the one that some command lines make.
const REGISTRIES: [&str; 4] = ["basicreg", "stdreg", "premreg", "newreg"];

/// What the recorder shows to clients; the authority they must trust is written to `ca_file`.
pub(super) fn front(ca_file: &Path) -> Arc<ServerConfig> {
    acr_http::install_crypto();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "authority of the recorder");
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("an authority");
    std::fs::write(ca_file, authority.pem()).expect("the folder is writable");
    let issuer = Issuer::new(params, key);

    let leaf_key = KeyPair::generate().expect("a key");
    // No client takes `*.localhost`: a star must stand below two labels.
    let names = ["localhost".to_owned()].into_iter();
    let registries = REGISTRIES.map(|name| format!("{name}.localhost"));
    let leaf = CertificateParams::new(names.chain(registries).collect::<Vec<_>>())
        .and_then(|params| params.signed_by(&leaf_key, &issuer))
        .expect("a leaf");
    let key = PrivateKeyDer::Pkcs8(leaf_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("a leaf and its key");
    Arc::new(config)
}

/// How the recorder reaches the server.
pub(super) fn back(server_ca_file: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(server_ca_file).expect("a certificate");
    roots.add(authority).expect("an authority");
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

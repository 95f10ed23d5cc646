//! The registry itself: control plane and token service behind one port.

//! Frame: stub.
/// Stub.
#[derive(Debug, Clone, Copy)]
pub enum Metric {
    /// Stub.
    DeliveryRejected,
    /// Stub.
    EventReceived,
}
/// Stub.
pub fn count(_: Metric) {}
/// Stub.
pub fn start(_: &str, _: &crate::config::Env) {}

//! Checking the audit log, on Lambda.

use verify_audit::VerifyAudit;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("verify-audit", VerifyAudit::new).await
}

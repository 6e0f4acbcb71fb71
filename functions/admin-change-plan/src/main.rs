//! Changes of plan on Lambda.

use admin_change_plan::AdminChangePlan;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-change-plan", AdminChangePlan::new).await
}

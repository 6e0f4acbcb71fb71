//! Administrators' accounts and limits on Lambda.

use admin_staff::AdminStaff;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-staff", AdminStaff::new).await
}

//! Password resets on Lambda.

use send_password_reset::SendPasswordReset;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("send-password-reset", SendPasswordReset::new).await
}

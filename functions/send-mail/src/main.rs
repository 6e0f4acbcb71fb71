//! The outbox on Lambda.

use send_mail::SendMail;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("send-mail", SendMail::new).await
}

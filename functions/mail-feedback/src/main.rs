//! What becomes of mails, on Lambda.

use mail_feedback::MailFeedback;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("mail-feedback", MailFeedback::new).await
}

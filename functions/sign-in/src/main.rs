//! Signing in on Lambda.

use sign_in::SignIn;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("sign-in", SignIn::new).await
}

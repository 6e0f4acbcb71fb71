//! Notes on customers, on Lambda.

use admin_note::AdminNote;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-note", AdminNote::new).await
}

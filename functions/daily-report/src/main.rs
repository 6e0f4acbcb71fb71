//! The figures of each day, on Lambda.

use daily_report::DailyReport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("daily-report", DailyReport::new).await
}

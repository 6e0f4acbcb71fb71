//! The control API of the sandbox, as its pages and scripts use it.

use axum::body::Body;
use http::{Request, Response};
use serde_json::Value;
use tower::ServiceExt;

use crate::{Answer, World};

/// The largest answer of the control API that a test takes, in bytes.
const ANSWER_BYTES_MAX: usize = 10 * 1024 * 1024;

impl World {
    /// Asks the control API.
    ///
    /// # Panics
    /// Where it does not answer at all.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/control/{path}"))
            .header("host", "127.0.0.1:4242")
            .body(Body::from(body.to_string()))
            .unwrap_or_else(|error| panic!("{error}"));
        let answered = local::web::router(self.sandbox.clone()).oneshot(request);
        let Ok(response) = answered.await;
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await;
        let body = body.unwrap_or_else(|error| panic!("{error}"));
        Answer::of(&Response::from_parts(head, body))
    }

    /// Plans a fault, and gives its id.
    ///
    /// # Panics
    /// Where it is refused.
    pub async fn plan_fault(&self, ask: &Value) -> u64 {
        let answer = self.control("POST", "faults", ask).await;
        assert_eq!(answer.status, 200, "{ask}: {:?}", answer.body);
        answer.body["fault"]["id"].as_u64().unwrap_or_default()
    }

    /// Takes a fault back, and says how often it struck.
    ///
    /// # Panics
    /// Where there is no such fault.
    pub async fn take_fault_back(&self, id: u64) -> u64 {
        let answer = self
            .control("DELETE", &format!("faults/{id}"), &Value::Null)
            .await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.body["fault"]["struck"].as_u64().unwrap_or_default()
    }
}

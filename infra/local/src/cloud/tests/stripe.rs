//! The connector as the Stripe transport uses it.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use super::clients::cloud;
use crate::cloud::{Fault, Matching, Service, StripeResponse};

fn create_refund(base: &str) -> HttpRequest {
    let request = http::Request::post(format!("{base}/v1/refunds?expand[]=charge"))
        .header("idempotency-key", "key-1")
        .body(SdkBody::from("charge=ch_1&amount=100"))
        .unwrap();
    HttpRequest::try_from(request).unwrap()
}

#[tokio::test]
async fn stripes_host_is_answered_by_whoever_is_plugged_in() {
    let (_, cloud) = cloud();
    cloud
        .connector()
        .call(create_refund("https://api.stripe.com"))
        .await
        .unwrap_err();
    cloud.set_stripe(Arc::new(|request| {
        assert_eq!(
            (
                request.method.as_str(),
                request.path.as_str(),
                request.query.as_str()
            ),
            ("POST", "/v1/refunds", "expand[]=charge")
        );
        assert_eq!(request.header("idempotency-key"), Some("key-1"));
        StripeResponse {
            status: 200,
            headers: vec![("request-id".to_owned(), "req_1".to_owned())],
            body: request.body,
        }
    }));
    let answer = cloud
        .connector()
        .call(create_refund("https://api.stripe.com"))
        .await
        .unwrap();
    assert_eq!(
        answer.body().bytes(),
        Some("charge=ch_1&amount=100".as_bytes())
    );
    assert_eq!(answer.headers().get("request-id"), Some("req_1"));
    cloud.set_stripe_host("127.0.0.1:9");
    cloud
        .connector()
        .call(create_refund("http://127.0.0.1:9"))
        .await
        .unwrap();
    let stranger = cloud
        .connector()
        .call(create_refund("https://api.stripe.com"))
        .await
        .unwrap_err();
    assert!(
        stranger.is_io(),
        "nothing is handed on to the network: {stranger:?}"
    );
}

#[tokio::test]
async fn a_call_to_stripe_is_lost_and_throttled_as_planned() {
    let (_, cloud) = cloud();
    cloud.set_stripe(Arc::new(|_| StripeResponse {
        status: 200,
        headers: Vec::new(),
        body: "{}".to_owned(),
    }));
    let refunds = Matching::operation(Service::Stripe, "POST /v1/refunds");
    let throttled = cloud.faults().plan(refunds.clone().nth(1), Fault::Throttle);
    let timed_out = cloud.faults().plan(refunds.nth(2), Fault::TimeoutAfter);
    let call = || {
        cloud
            .connector()
            .call(create_refund("https://api.stripe.com"))
    };
    assert_eq!(call().await.unwrap().status().as_u16(), 429);
    assert!(call().await.unwrap_err().is_timeout());
    assert_eq!(call().await.unwrap().status().as_u16(), 200);
    assert_eq!((throttled.struck(), timed_out.struck()), (1, 1));
}

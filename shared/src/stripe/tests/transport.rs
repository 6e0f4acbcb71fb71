//! The transport against a network that fails in every way it can.

use super::*;

#[tokio::test]
async fn a_read_carries_our_key_and_version_and_gives_stripes_time() {
    let step = answer(200, CUSTOMER)
        .header("request-id", "req_1")
        .header("date", "Thu, 01 Jan 2026 00:00:07 GMT");
    let bed = Bed::new([step]);
    let answer = bed.read().await.unwrap();
    assert_eq!(answer.value.id.as_str(), "cus_1");
    assert_eq!(answer.at, Some(Timestamp::from_s(START_S + 7)));
    assert_eq!(answer.request_id.as_deref(), Some("req_1"));
    assert!(!answer.replayed);

    let seen = &bed.script.seen()[0];
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
    assert_eq!(seen.uri, "https://stripe.test/v1/customers/cus_1");
    assert_eq!(seen.header("authorization"), Some("Bearer sk_test_1"));
    assert_eq!(seen.header("stripe-version"), Some(API_VERSION));
    assert_eq!(seen.header("idempotency-key"), None);
    assert_eq!(seen.header("content-type"), None);
}

#[test]
fn our_version_is_the_one_the_builders_are_written_for() {
    assert_eq!(API_VERSION, stripe_client_core::VERSION.to_string());
}

#[tokio::test]
async fn every_try_of_a_write_is_the_same_request_under_the_same_key() {
    let bed = Bed::new([Step::Broken, answer(500, "oh"), answer(200, CUSTOMER)]);
    bed.write().await.unwrap();
    let seen = bed.script.seen();
    assert_eq!(seen.len(), 3);
    for try_ in &seen {
        assert_eq!(try_.method, "POST");
        assert_eq!(try_.header("idempotency-key"), Some("customer:user_0"));
        let form = "application/x-www-form-urlencoded";
        assert_eq!(try_.header("content-type"), Some(form));
        assert_eq!(
            try_.body,
            "email=ada%2B1@example.com&metadata[user_id]=user_00000000000000000000000000000000&name=Ada+%26+Co"
        );
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times_with_growing_pauses() {
    for step in [
        Step::Broken,
        answer(409, ""),
        answer(429, ""),
        answer(500, ""),
        answer(502, "<html>Bad gateway</html>"),
        answer(503, ""),
    ] {
        let bed = Bed::new([step.clone(), step.clone(), step, answer(200, CUSTOMER)]);
        assert!(bed.read().await.unwrap_err().retryable());
        assert_eq!(bed.requests(), 3);
        let [first, second] = bed.naps.taken()[..] else {
            panic!("{:?}", bed.naps.taken())
        };
        let (half_s, quarter_s) = (Duration::from_millis(500), Duration::from_millis(250));
        assert!((quarter_s..=half_s).contains(&first), "{first:?}");
        assert!((half_s..=half_s * 2).contains(&second), "{second:?}");
    }
}

#[tokio::test]
async fn what_will_not_pass_is_tried_once() {
    for status in [400, 401, 402, 403, 404, 422] {
        let bed = Bed::new([answer(status, ""), answer(200, CUSTOMER)]);
        assert_eq!(bed.read().await.unwrap_err().status, Some(status));
        assert_eq!(
            bed.requests(),
            if status == 301 { 2 } else { 1 },
            "{status}"
        );
    }
}

#[tokio::test]
async fn stripe_has_the_last_word_on_trying_again() {
    let never = answer(500, "").header("stripe-should-retry", "false");
    let bed = Bed::new([never, answer(200, CUSTOMER)]);
    assert_eq!(bed.read().await.unwrap_err().kind, StripeErrorKind::Api);
    assert_eq!(bed.requests(), 1);

    let again = answer(400, "").header("stripe-should-retry", "true");
    let bed = Bed::new([again, answer(200, CUSTOMER)]);
    assert!(bed.read().await.is_ok());
    assert_eq!(bed.requests(), 2);
}

#[tokio::test]
async fn a_pause_that_stripe_asks_for_is_kept_or_the_call_ends() {
    let soon = answer(429, "").header("retry-after", "5");
    let bed = Bed::new([soon, answer(200, CUSTOMER)]);
    assert!(bed.read().await.is_ok());
    assert_eq!(bed.naps.taken(), [Duration::from_secs(5)]);

    let late = answer(429, "").header("retry-after", "6");
    let bed = Bed::new([late, answer(200, CUSTOMER)]);
    let error = bed.read().await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::RateLimited);
    assert_eq!((bed.requests(), bed.naps.taken()), (1, Vec::new()));
}

#[tokio::test]
async fn an_outage_costs_a_few_calls_and_is_over_with_the_first_answer() {
    let down = vec![answer(503, ""); FAILURES_MAX as usize];
    let bed = Bed::new(down);
    for _ in 0..50 {
        assert!(bed.read().await.unwrap_err().retryable());
    }
    assert_eq!(bed.requests(), FAILURES_MAX as usize);
    let error = bed.read().await.unwrap_err();
    assert_eq!(
        (error.kind, error.effect),
        (StripeErrorKind::NotSent, Effect::None)
    );

    bed.pass_s(OPEN_S);
    bed.script
        .then([answer(200, CUSTOMER), answer(200, CUSTOMER)]);
    assert!(bed.read().await.is_ok());
    assert!(bed.read().await.is_ok());
}

#[tokio::test]
async fn calls_are_spread_over_time_and_one_that_cannot_wait_is_not_sent() {
    let bed = Bed::set_up(
        "sk_test_1",
        NonZeroU32::new(2),
        vec![answer(200, CUSTOMER); 9],
    );
    for _ in 0..4 {
        bed.read().await.unwrap();
    }
    assert_eq!(bed.naps.taken(), [Duration::from_millis(500); 2]);
    let id = CustomerId::parse("cus_1").unwrap();
    let hurried = bed
        .stripe
        .by(Timestamp::from_ms(bed.clock.now().as_ms() + 100));
    let error = hurried.customer(&id).await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::NotSent);
    assert_eq!(bed.requests(), 4);
}

#[tokio::test]
async fn silence_ends_after_ten_seconds_and_leaves_the_effect_unknown() {
    let bed = Bed::new([Step::Silent, Step::Silent, Step::Silent]);
    let error = bed.write().await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::Lost);
    assert_eq!(error.effect, Effect::Unknown);
    let naps = bed.naps.taken();
    assert_eq!(
        naps.iter().filter(|nap| **nap == ATTEMPT_TIMEOUT).count(),
        3
    );
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline_and_no_try_lasts_past_it() {
    let id = CustomerId::parse("cus_1").unwrap();
    let bed = Bed::new([answer(200, CUSTOMER)]);
    let error = bed.within(0).customer(&id).await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::NotSent);
    assert_eq!(error.effect, Effect::None);
    assert_eq!(bed.requests(), 0);

    let bed = Bed::new([Step::Silent, answer(200, CUSTOMER)]);
    let error = bed.within(4).customer(&id).await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::Lost);
    assert_eq!(bed.naps.taken(), [Duration::from_secs(4)]);
    assert_eq!(bed.requests(), 1);
}

#[tokio::test]
async fn an_answer_is_not_believed_to_speak_for_a_try_that_was_lost_before_it() {
    let limited = || answer(429, "").header("stripe-should-retry", "false");
    let bed = Bed::new([limited()]);
    assert_eq!(bed.write().await.unwrap_err().effect, Effect::None);
    let bed = Bed::new([Step::Broken, limited()]);
    assert_eq!(bed.write().await.unwrap_err().effect, Effect::Unknown);

    let declined = answer(402, &error_body("card_error", "card_declined"));
    let bed = Bed::new([Step::Broken, declined]);
    assert_eq!(bed.write().await.unwrap_err().effect, Effect::None);
}

#[tokio::test]
async fn an_error_says_what_went_wrong_and_its_log_line_does_not_repeat_the_sentence() {
    let body = r#"{"error":{"type":"card_error","code":"card_declined",
        "decline_code":"insufficient_funds","param":"source","message":"Ada's card"}}"#;
    let bed = Bed::new([answer(402, body).header("request-id", "req_9")]);
    let error = bed.write().await.unwrap_err();
    let expected = StripeError {
        kind: StripeErrorKind::Card,
        status: Some(402),
        code: Some("card_declined".into()),
        decline_code: Some("insufficient_funds".into()),
        param: Some("source".into()),
        message: Some("Ada's card".into()),
        request_id: Some("req_9".into()),
        effect: Effect::None,
    };
    assert_eq!(error, expected);
    assert_eq!(
        error.to_string(),
        "Stripe call failed: Card, status 402, code card_declined, \
         decline code insufficient_funds, parameter source, request req_9"
    );
}

#[tokio::test]
async fn an_odd_error_keeps_its_status_and_whatever_can_be_read_of_it() {
    use StripeErrorKind::{Api, Card, Idempotency, InvalidRequest, NotFound};
    let odd = |kind: &str| format!(r#"{{"error":{{"type":{kind},"code":7,"param":null}}}}"#);
    for (status, body, kind) in [
        (402, "<html>".to_owned(), Card),
        (402, odd("{}"), Card),
        (402, r#"{"error":"text"}"#.to_owned(), Card),
        (400, odd("\"card_error\""), Card),
        (400, odd("\"idempotency_error\""), Idempotency),
        (400, "[]".to_owned(), InvalidRequest),
        (404, String::new(), NotFound),
        (501, "\u{0}".to_owned(), Api),
    ] {
        let error = StripeError::from_answer(status, body.as_bytes(), None);
        assert_eq!((error.kind, error.status), (kind, Some(status)), "{body}");
        assert_eq!((error.code, error.message), (None, None), "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_was_an_effect_all_the_same() {
    for body in ["", "{}", "<html>", r#"{"id":"sub_1"}"#] {
        let bed = Bed::new([answer(200, body)]);
        let error = bed.write().await.unwrap_err();
        assert_eq!(error.kind, StripeErrorKind::Unreadable, "{body}");
        assert_eq!(error.effect, Effect::Done);
        assert_eq!(bed.requests(), 1);
    }
}

#[tokio::test]
async fn an_endless_answer_is_not_taken() {
    let bed = Bed::new([answer(200, &" ".repeat(ANSWER_BYTES_MAX + 1))]);
    assert_eq!(bed.read().await.unwrap_err().kind, StripeErrorKind::Lost);
}

#[tokio::test]
async fn a_replayed_answer_says_so() {
    let step = answer(200, CUSTOMER).header("idempotent-replayed", "true");
    assert!(Bed::new([step]).write().await.unwrap().replayed);
}

#[tokio::test]
async fn an_api_key_that_cannot_be_a_header_is_not_sent() {
    let bed = Bed::with_key("sk_test\nx-evil: 1", [answer(200, CUSTOMER)]);
    let error = bed.read().await.unwrap_err();
    assert_eq!(error.kind, StripeErrorKind::NotSent);
    assert_eq!(bed.requests(), 0);
}

//! The requests as Stripe gets them.

use super::*;
use crate::plan::Plan;
use crate::stripe::NewCourse;

#[test]
fn a_key_is_short_and_visible() {
    for text in ["", "a b", "a\n", "é", &"a".repeat(256)] {
        assert_eq!(IdempotencyKey::parse(text), Err(NoIdempotencyKey), "{text}");
    }
    assert!(IdempotencyKey::parse("a".repeat(255)).is_ok());
}

#[tokio::test]
async fn a_checkout_is_for_one_subscription_of_a_known_customer() {
    let session = r#"{"id":"cs_1","mode":"subscription","payment_status":"unpaid","expires_at":1}"#;
    let bed = Bed::new([answer(200, session)]);
    let new = NewCheckout {
        user: &UserId::parse(format!("user_{}", "0".repeat(32))).unwrap(),
        customer: &CustomerId::parse("cus_1").unwrap(),
        plan: Plan::FoundingMember,
        price: &PriceId::parse("price_1").unwrap(),
        terms: Some("Words"),
        success_url: "https://linky.test/done",
        cancel_url: "https://linky.test/plans",
    };
    let calls = bed.within(60);
    calls.create_checkout_session(&key("k"), new).await.unwrap();
    let seen = &bed.script.seen()[0];
    assert_eq!(seen.uri, "https://stripe.test/v1/checkout/sessions");
    let user = "user_00000000000000000000000000000000";
    let fields = [
        "cancel_url=https://linky.test/plans".to_owned(),
        format!("client_reference_id={user}"),
        "custom_text[submit][message]=Words".to_owned(),
        "customer=cus_1".to_owned(),
        "line_items[0][price]=price_1".to_owned(),
        "line_items[0][quantity]=1".to_owned(),
        "metadata[plan]=founding_member".to_owned(),
        format!("metadata[user_id]={user}"),
        "mode=subscription".to_owned(),
        "subscription_data[metadata][plan]=founding_member".to_owned(),
        format!("subscription_data[metadata][user_id]={user}"),
        "success_url=https://linky.test/done".to_owned(),
    ];
    assert_eq!(seen.body, fields.join("&"));
}

#[tokio::test]
async fn a_schedule_is_made_in_two_steps_and_lets_go_at_its_end() {
    let schedule = r#"{"id":"sub_sched_1","status":"active","customer":"cus_1"}"#;
    let bed = Bed::new(vec![answer(200, schedule); 3]);
    let calls = bed.within(60);
    let subscription = SubscriptionId::parse("sub_1").unwrap();
    calls
        .create_schedule(&key("a"), &subscription)
        .await
        .unwrap();

    let id = ScheduleId::parse("sub_sched_1").unwrap();
    let founding = PriceId::parse("price_f").unwrap();
    let prospector = PriceId::parse("price_p").unwrap();
    let phase = |price, interval_count| NewPhase {
        price,
        interval: Interval::Month,
        interval_count,
    };
    let phases = [phase(&founding, 3), phase(&prospector, 1)];
    let course = NewCourse {
        starts_at: Timestamp::from_s(START_S),
        phases: &phases,
        to: Plan::Prospector,
    };
    calls.set_phases(&key("b"), &id, course).await.unwrap();
    calls.release_schedule(&key("c"), &id).await.unwrap();

    let seen = bed.script.seen();
    assert_eq!(seen[0].uri, "https://stripe.test/v1/subscription_schedules");
    assert_eq!(seen[0].body, "from_subscription=sub_1");
    assert!(seen[1].uri.ends_with("/subscription_schedules/sub_sched_1"));
    let fields = [
        "end_behavior=release",
        "metadata[plan]=prospector",
        "phases[0][duration][interval]=month",
        "phases[0][duration][interval_count]=3",
        "phases[0][items][0][price]=price_f",
        "phases[0][items][0][quantity]=1",
        "phases[0][proration_behavior]=none",
        "phases[0][start_date]=1767225600",
        "phases[1][duration][interval]=month",
        "phases[1][duration][interval_count]=1",
        "phases[1][items][0][price]=price_p",
        "phases[1][items][0][quantity]=1",
        "phases[1][proration_behavior]=none",
        "proration_behavior=none",
    ];
    assert_eq!(seen[1].body, fields.join("&"));
    assert!(seen[2].uri.ends_with("/sub_sched_1/release"));
    assert_eq!(
        (seen[2].method.as_str(), seen[2].body.as_str()),
        ("POST", "")
    );
}

#[tokio::test]
async fn lists_ask_for_what_they_are_named_for() {
    let bed = Bed::new(vec![answer(200, r#"{"data":[],"has_more":true}"#); 3]);
    let calls = bed.within(60);
    calls.prices(&["prospector"]).await.unwrap();
    let customer = CustomerId::parse("cus_1").unwrap();
    let page = calls.subscriptions(&customer, None).await.unwrap();
    assert!(page.value.has_more);
    let query = EventQuery {
        kinds: &["invoice.paid"],
        undelivered_only: true,
        since: Some(Timestamp::from_s(7)),
        ..EventQuery::default()
    };
    calls.events(query).await.unwrap();
    let uris: Vec<String> = bed.script.seen().into_iter().map(|seen| seen.uri).collect();
    let base = "https://stripe.test/v1";
    assert_eq!(
        uris,
        [
            format!("{base}/prices?active=true&limit=100&lookup_keys[0]=prospector"),
            format!("{base}/subscriptions?customer=cus_1&limit=100&status=all"),
            format!(
                "{base}/events?created[gte]=7&delivery_success=false&limit=100&types[0]=invoice.paid"
            ),
        ]
    );
}

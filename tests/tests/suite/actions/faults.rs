//! Every call of a refund fails in every way: afterwards the money has moved once or not at all, and the record says which.

use local::cloud::{Fault, Matching};
use shared::action::State;
use shared::staff::Role;

use super::{form, id, refund, refunded_cents, world};

/// Calls of one refund that are looked at; it makes fewer.
const CALLS_MAX: u64 = 60;

#[tokio::test(start_paused = true)]
async fn whichever_call_fails_the_money_moves_once_and_the_record_says_so() {
    // One call, and every call from it on.
    let kinds = [
        (Fault::Kept500Before, 1),
        (Fault::Kept500After, 1),
        (Fault::LoseAnswer, 1),
        (Fault::Die, 1),
        (Fault::RefuseBefore, 30),
        (Fault::LoseAnswer, 30),
        (Fault::Status500After, 30),
    ];
    let mut struck = 0;
    for (fault, calls) in kinds {
        let (world, cards, ada, charge) = world().await;
        let mut number = 0;
        loop {
            let support = world.signed_in(&cards, Role::Support).await;
            let planned = world.sandbox.cloud().faults().plan(
                Matching::any()
                    .by("admin-refund")
                    .counted(number..number + calls),
                fault.clone(),
            );
            let before = refunded_cents(&world);
            let cents = 10 + i64::try_from(number).unwrap();
            let page = refund(&support, &ada, number, &form(&charge, cents)).await;
            world.sandbox.cloud().faults().clear();
            world.advance_s(20 * 60).await;
            let action = world
                .store
                .action(&id(number).parse().unwrap())
                .await
                .unwrap();
            let moved = refunded_cents(&world) - before;
            match action.as_ref().map(|action| action.state) {
                Some(State::Succeeded) => assert_eq!(moved, cents, "{fault:?} {number} {page:?}"),
                None => assert_eq!(moved, 0, "{fault:?} {number} {page:?}"),
                Some(other) => panic!("{fault:?} {number}: {other:?} {action:?}"),
            }
            let reserved = world
                .store
                .reserved_on(&charge.parse().unwrap())
                .await
                .unwrap();
            assert_eq!(reserved.0, 0, "{fault:?} {number}");
            if planned.struck() == 0 || number == CALLS_MAX {
                break;
            }
            struck += 1;
            number += 1;
        }
    }
    assert!(struck > 40, "{struck}");
}

//! One cloud, called from many threads at once.

use std::thread;

use super::clients::{cloud, create_things, dynamodb, put};
use crate::cloud::Cloud;

/// Items that every thread wants to be the first to write.
const ITEMS: usize = 50;

/// Writes every item nobody has written yet, and says how many those were.
fn claim_all(cloud: &Cloud) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = dynamodb(cloud);
    let claim = |number: usize| {
        put(&client, &number.to_string())
            .condition_expression("attribute_not_exists(pk)")
            .send()
    };
    (0..ITEMS)
        .filter(|number| runtime.block_on(claim(*number)).is_ok())
        .count()
}

#[test]
fn of_many_threads_that_claim_an_item_one_gets_it() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let won: usize = thread::scope(|scope| {
        let threads = [(); 8].map(|()| scope.spawn(|| claim_all(&cloud)));
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    assert_eq!(won, ITEMS);
}

//! SSM as the SDK sees it.

use super::clients::{cloud, ssm};

#[tokio::test]
async fn a_parameter_is_read_only_where_it_is_decrypted() {
    let (_, cloud) = cloud();
    cloud.put_parameter("/linky/stripe", "whsec_1");
    let client = ssm(&cloud);
    let read = client
        .get_parameter()
        .name("/linky/stripe")
        .with_decryption(true)
        .send()
        .await
        .unwrap();
    assert_eq!(read.parameter().unwrap().value(), Some("whsec_1"));
    let encrypted = client
        .get_parameter()
        .name("/linky/stripe")
        .send()
        .await
        .unwrap();
    assert_ne!(encrypted.parameter().unwrap().value(), Some("whsec_1"));
}

#[tokio::test]
async fn an_unknown_parameter_is_named() {
    let (_, cloud) = cloud();
    cloud.put_parameter("a", "1");
    let client = ssm(&cloud);
    let refused = client.get_parameter().name("b").send().await.unwrap_err();
    assert!(refused.into_service_error().is_parameter_not_found());
    let both = client
        .get_parameters()
        .names("a")
        .names("b")
        .with_decryption(true)
        .send()
        .await
        .unwrap();
    assert_eq!(both.parameters()[0].value(), Some("1"));
    assert_eq!(both.invalid_parameters(), ["b"]);
}

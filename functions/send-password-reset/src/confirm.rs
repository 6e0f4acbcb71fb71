//! Setting the password.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::audit::{Act, Actor};
use shared::credential::stale_link;
use shared::error::Error;
use shared::http::{self, Done, answer};
use shared::id::PersonId;
use shared::password;
use shared::random;
use shared::store::transaction::Refusal;

use crate::SendPasswordReset;
use crate::wire::NewPasswordForm;

impl SendPasswordReset {
    /// Sets a password by what the link holds. Every session ends; the authenticator stays.
    pub(crate) async fn confirm(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: NewPasswordForm = http::json_body(request)?;
        let now = self.front.clock.now();
        let origin = self.front.auth.origin(request);
        // Looked at before the link, which a password that is refused does not use up.
        let password = password::new(&form.password)?;
        let (person, token) = form.token.split_once('.').ok_or_else(stale_link)?;
        let person = PersonId::parse(person).map_err(|_| stale_link())?;
        self.front
            .store
            .count_guess(&[format!("confirm#address#{}", origin.address)], now)
            .await?;
        let kept = self.front.store.credential(&person).await?;
        let mut credential = kept.ok_or_else(stale_link)?;
        credential.set_password(token, password::hash(&password, random::bytes()?)?, now)?;
        let act = Act {
            role: credential.role,
            ..origin.act(Actor::person(&person), "set_password")
        };
        let set = self.front.store.commit_act(&act, now, |transaction| {
            let address = format!("confirm#address#{}", origin.address);
            transaction.forget_guesses(&self.front.store, &[address], now);
            transaction.credential(&self.front.store, &credential)
        });
        match set.await {
            Ok(()) => Ok(answer(200, &Done { done: true })),
            Err(Refusal::Failed(error)) => Err(error),
            // Of two uses at once, this is the other one.
            Err(Refusal::Conditions(_)) => Err(stale_link()),
        }
    }
}

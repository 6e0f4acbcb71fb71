//! Asking for a link.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::audit::{Act, Actor, Outcome};
use shared::error::{Error, ErrorKind};
use shared::http::{self, answer};
use shared::id::{CustomerId, PersonId};
use shared::outbox::{Mail, MailKind};
use shared::policy::Operation;
use shared::session::token_hash;
use shared::store::transaction::Refusal;

use crate::SendPasswordReset;
use crate::wire::{OnItsWay, ResetForCustomerForm, ResetForm, Whose};

impl SendPasswordReset {
    /// For whoever says that the address is theirs.
    pub(crate) async fn ask(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        self.front.auth.is_own_page(request)?;
        let form: ResetForm = http::json_body(request)?;
        let now = self.front.clock.now();
        let origin = self.front.auth.origin(request);
        let email = form.email.trim().to_lowercase();
        self.front
            .store
            .count_guess(&[format!("reset#address#{}", origin.address)], now)
            .await?;
        let account = format!("reset#account#{}", token_hash(&email));
        let is_bombed = match self.front.store.count_guess(&[account], now).await {
            Ok(()) => false,
            // Said to nobody: the account's owner has links enough, and whoever asks must not learn that there is one.
            Err(error) if error.kind == ErrorKind::TooMany => true,
            Err(error) => return Err(error),
        };
        let person: Option<PersonId> = match form.kind {
            Whose::Administrator => self
                .front
                .store
                .admin_id_of_email(&email)
                .await?
                .map(Into::into),
            Whose::Customer => self
                .front
                .store
                .user_id_of_email(&email)
                .await?
                .map(Into::into),
        };
        let person = person.filter(|_| !is_bombed);
        let act = Act {
            outcome: Outcome::Requested,
            subject: person.as_ref().map(ToString::to_string),
            ..origin.act(Actor::stranger(&origin.address), "reset_password")
        };
        self.owe(&act, person.as_ref(), now).await?;
        Ok(answer(
            202,
            &OnItsWay {
                message: "If there is such an account, a link is on its way. It is good for 30 minutes.",
            },
        ))
    }

    /// For a customer, by an administrator.
    pub(crate) async fn ask_for(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let now = self.front.clock.now();
        let admin = self.front.admin(request, Operation::ResetPassword).await?;
        let form: ResetForCustomerForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let profile = self.front.store.user_of_customer(&customer).await?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "no_such_user",
                "Nobody of this id has an account with us. A customer who was made at Stripe has none until they sign up.",
            )
        })?;
        let act = Act {
            subject: Some(customer.to_string()),
            reason: Some(reason),
            ..admin.act(Operation::ResetPassword.as_str())
        };
        self.owe(&act, Some(&profile.user.into()), now).await?;
        Ok(answer(
            202,
            &OnItsWay {
                message: "A link is on its way to the customer. It is good for 30 minutes.",
            },
        ))
    }

    /// Owes the mail, with the act's entry. Where there is nobody to write to, as much is written.
    async fn owe(
        &self,
        act: &Act,
        person: Option<&PersonId>,
        now: shared::time::Timestamp,
    ) -> Result<(), Error> {
        let owed = self
            .front
            .store
            .commit_act(act, now, |transaction| match person {
                Some(person) => {
                    let mail =
                        Mail::to_person(MailKind::PasswordReset, person.clone(), &act.request_id);
                    transaction.mail(&self.front.store, &mail, now)
                }
                None => {
                    transaction.no_mail(&self.front.store, now);
                    Ok(())
                }
            });
        match owed.await {
            // The same request, delivered twice, owes one mail.
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}

//! The first owner, made by the operator of the installation.

use serde_json::{Value, json};
use shared::audit::{Act, Actor};
use shared::auth::Origin;
use shared::credential::{Credential, INVITATION_S};
use shared::error::Error;
use shared::id::AdminId;
use shared::lambda::Invocation;
use shared::random;
use shared::staff::Role;
use shared::store::credentials::OwnersDelta;

use crate::staff::checked;
use crate::wire::{Created, Order};
use crate::{AdminStaff, refused};

impl AdminStaff {
    /// Carries out what the operator ordered. A refusal is an answer too: the order was understood.
    pub(crate) async fn order(
        &self,
        event: Value,
        invocation: &Invocation,
    ) -> Result<Value, Error> {
        let order = serde_json::from_value(event).map_err(|error| {
            Error::invalid(
                "invalid_order",
                format!("The order cannot be read: {error}."),
            )
        });
        let done = match order {
            Ok(Order::CreateOwner { email, name }) => {
                self.create_owner(&email, &name, invocation).await
            }
            Err(error) => Err(error),
        };
        match done {
            Ok(created) => serde_json::to_value(created).map_err(Error::internal),
            Err(error) if error.retryable() => Err(error),
            Err(error) => Ok(json!({
                "error": { "code": error.code, "message": error.message, "request_id": invocation.request_id }
            })),
        }
    }

    async fn create_owner(
        &self,
        email: &str,
        name: &str,
        invocation: &Invocation,
    ) -> Result<Created, Error> {
        let now = self.front.clock.now();
        let (email, name) = checked(email, name)?;
        let id = AdminId::parse(format!("admin_{}", random::hex128()?)).map_err(Error::internal)?;
        let mut owner = Credential::new(
            id.clone().into(),
            email.clone(),
            name,
            Some(Role::Owner),
            now,
        );
        let token = random::token()?;
        owner.offer_reset(token.reveal(), INVITATION_S, now);
        let here = Origin {
            address: String::new(),
            device: String::new(),
            request_id: invocation.request_id.clone(),
        };
        let act = Act {
            address: None,
            device: None,
            subject: Some(id.to_string()),
            after: json!({ "role": Role::Owner }),
            ..here.act(Actor::operator(), "create_owner")
        };
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.owners(&self.front.store, OwnersDelta::First);
            transaction.admin_email(&self.front.store, &id, &email)?;
            transaction.credential(&self.front.store, &owner)
        });
        made.await.map_err(|refusal| match refused(refusal) {
            error if error.code == "last_owner" => Error::conflict(
                "owner_exists",
                "There is an owner already, who can invite others.",
            ),
            error => error,
        })?;
        Ok(Created {
            link: format!(
                "{}/app/set-password#{id}.{}",
                self.portal_url,
                token.reveal()
            ),
            id,
        })
    }
}

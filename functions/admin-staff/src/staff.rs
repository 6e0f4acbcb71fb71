//! Inviting administrators, changing their roles, keeping them out and letting them in again.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::audit::Act;
use shared::auth::Admin;
use shared::credential::{Credential, ResetAsked};
use shared::error::Error;
use shared::http::{self, answer};
use shared::id::AdminId;
use shared::mail::Address;
use shared::outbox::{Mail, MailKind};
use shared::policy::Operation;
use shared::random;
use shared::staff::{Role, StaffView};
use shared::store::credentials::OwnersDelta;
use shared::time::Timestamp;

use crate::wire::{InvitationForm, ReasonForm, RoleForm};
use crate::{AdminStaff, no_such_admin, refused};

/// Seconds within which a second owner has to ask for the same.
const RESET_ASKED_S: i64 = 24 * 60 * 60;

/// Longest name taken, in characters.
const NAME_CHARS_MAX: usize = 200;

impl AdminStaff {
    pub(crate) async fn invite(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (owner, now) = self.owner(request).await?;
        let form: InvitationForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let (email, name) = checked(&form.email, &form.name)?;
        let role = form.role;
        let id = AdminId::parse(format!("admin_{}", random::hex128()?)).map_err(Error::internal)?;
        let invited = Credential::new(id.clone().into(), email.clone(), name, Some(role), now);
        let act = Act {
            subject: Some(id.to_string()),
            reason: Some(reason),
            after: json!({ "role": role }),
            ..owner.act("invite")
        };
        let mail = Mail::to_person(
            MailKind::Invitation { role },
            id.clone().into(),
            &act.request_id,
        );
        let made = self.front.store.commit_act(&act, now, |transaction| {
            transaction.admin_email(&self.front.store, &id, &email)?;
            transaction.credential(&self.front.store, &invited)?;
            if role == Role::Owner {
                transaction.owners(&self.front.store, OwnersDelta::OneMore);
            }
            transaction.mail(&self.front.store, &mail, now)
        });
        made.await.map_err(refused)?;
        Ok(answer(201, &StaffView::of(&invited)))
    }

    pub(crate) async fn change_role(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (owner, now) = self.owner(request).await?;
        let form: RoleForm = http::json_body(request)?;
        let before = self.named(request).await?;
        let after = Credential {
            role: Some(form.role),
            ..before.clone()
        };
        let reason = http::reason(&form.reason)?;
        self.change(&owner, "change_role", reason, (&before, &after), now)
            .await
    }

    /// A change for which a reason is all that is sent.
    pub(crate) async fn change_by(
        &self,
        request: &ApiGatewayV2httpRequest,
        operation: &str,
        changed: fn(&Credential, Timestamp) -> Credential,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (owner, now) = self.owner(request).await?;
        let form: ReasonForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let before = self.named(request).await?;
        let after = changed(&before, now);
        self.change(&owner, operation, reason, (&before, &after), now)
            .await
    }

    /// Takes somebody's authenticator off once two owners have asked for it, neither of whom it is.
    pub(crate) async fn reset_authenticator(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (owner, now) = self.owner(request).await?;
        let form: ReasonForm = http::json_body(request)?;
        let reason = http::reason(&form.reason)?;
        let before = self.named(request).await?;
        if before.person == owner.caller.credential.person {
            return Err(Error::conflict(
                "own_authenticator",
                "Two other owners have to ask for this. With a recovery code you can sign in and set up another app yourself.",
            ));
        }
        let asked = before.reset_asked.as_ref();
        let asked = asked.filter(|asked| now.since_s(asked.at) <= RESET_ASKED_S);
        let (operation, after) = match asked {
            Some(asked) if asked.by == owner.id => {
                return Err(Error::conflict(
                    "second_owner_needed",
                    "You have asked for this already. A second owner has to ask for it within a day.",
                ));
            }
            Some(_) => ("reset_authenticator", before.without_authenticator(now)),
            None => {
                let asked = ResetAsked {
                    by: owner.id.clone(),
                    at: now,
                };
                let after = Credential {
                    reset_asked: Some(asked),
                    ..before.clone()
                };
                ("ask_to_reset_authenticator", after)
            }
        };
        self.change(&owner, operation, reason, (&before, &after), now)
            .await
    }

    async fn owner(&self, request: &ApiGatewayV2httpRequest) -> Result<(Admin, Timestamp), Error> {
        let now = self.front.clock.now();
        let operation = Operation::ManageStaff;
        let owner = self.front.admin(request, operation).await?;
        Ok((owner, now))
    }

    /// The administrator that the path names.
    async fn named(&self, request: &ApiGatewayV2httpRequest) -> Result<Credential, Error> {
        let id: AdminId = http::path_id(request, "id")?;
        let kept = self.front.store.credential(&id.into()).await?;
        kept.ok_or_else(no_such_admin)
    }

    async fn change(
        &self,
        owner: &Admin,
        operation: &str,
        reason: String,
        (before, after): (&Credential, &Credential),
        now: Timestamp,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let act = Act {
            subject: Some(before.person.to_string()),
            reason: Some(reason),
            before: told(before),
            after: told(after),
            ..owner.act(operation)
        };
        let changed = self.front.store.commit_act(&act, now, |transaction| {
            match (can_own(before), can_own(after)) {
                (false, true) => transaction.owners(&self.front.store, OwnersDelta::OneMore),
                (true, false) => transaction.owners(&self.front.store, OwnersDelta::OneLess),
                _ => {}
            }
            transaction.credential(&self.front.store, after)
        });
        changed.await.map_err(refused)?;
        Ok(answer(200, &StaffView::of(after)))
    }
}

/// Somebody who is to be kept out: no session goes on, and no link opens anything.
pub(crate) fn disabled(before: &Credential, now: Timestamp) -> Credential {
    Credential {
        disabled_at: before.disabled_at.or(Some(now)),
        reset: None,
        sessions_since: now,
        ..before.clone()
    }
}

/// Somebody who is let in again.
pub(crate) fn enabled(before: &Credential, _: Timestamp) -> Credential {
    Credential {
        disabled_at: None,
        ..before.clone()
    }
}

/// Whether somebody counts as an owner who is left.
fn can_own(credential: &Credential) -> bool {
    credential.role == Some(Role::Owner) && credential.disabled_at.is_none()
}

/// What the audit log tells of an administrator.
fn told(credential: &Credential) -> serde_json::Value {
    json!({
        "role": credential.role,
        "disabled_at": credential.disabled_at,
        "has_authenticator": credential.authenticator.is_some(),
    })
}

/// An address in lower case and a name without the space around it.
///
/// # Errors
/// `Invalid`, naming the field.
pub(crate) fn checked(email: &str, name: &str) -> Result<(String, String), Error> {
    let (email, name) = (email.trim().to_lowercase(), name.trim().to_owned());
    Address::parse(&email).map_err(|_| {
        Error::invalid(
            "invalid_email",
            "The field `email` needs one address, such as ada@example.com.",
        )
    })?;
    if name.is_empty()
        || name.chars().count() > NAME_CHARS_MAX
        || name.chars().any(char::is_control)
    {
        return Err(Error::invalid(
            "invalid_name",
            format!("The field `name` needs 1 to {NAME_CHARS_MAX} characters on one line."),
        ));
    }
    Ok((email, name))
}

//! What administrators note about a customer: written, and put otherwise by whoever wrote it. The log keeps that it was done;
//! what a note says stands with the customer and nowhere else.

pub mod wire;

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::json;
use shared::audit::Act;
use shared::auth::Admin;
use shared::config::Env;
use shared::error::{Error, ErrorKind};
use shared::front::{Front, no_such_route, route};
use shared::http::{self, answer};
use shared::id::{CustomerId, NoteId};
use shared::lambda::{Function, Invocation, Platform};
use shared::policy::Operation;
use shared::store::notes::Note;
use shared::store::transaction::Refusal;

use crate::wire::NoteForm;

/// Most characters of a note.
const TEXT_CHARS_MAX: usize = 2_000;

/// The function with its doors.
#[derive(Debug)]
pub struct AdminNote {
    front: Front,
}

impl AdminNote {
    /// The function in its environment.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn new(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            front: Front::of(env, platform)?,
        })
    }
}

impl Function for AdminNote {
    type Event = ApiGatewayV2httpRequest;
    type Answer = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        request: ApiGatewayV2httpRequest,
        invocation: Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let handled = match route(&request) {
            "POST /api/admin/users/{id}/notes" => self.write(&request).await,
            "PUT /api/admin/users/{id}/notes/{note}" => self.edit(&request).await,
            _ => Err(no_such_route(&request)),
        };
        Ok(http::outcome(handled, "note", &invocation))
    }
}

impl AdminNote {
    async fn write(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let admin = self.front.admin(request, Operation::Note).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let text = text_of(request)?;
        // The note is named after the form that it was written in: sent twice, it is written once.
        let id = http::action_id(request)?;
        let digits = id.as_str().trim_start_matches("act_");
        let id = NoteId::parse(format!("note_{digits}")).map_err(Error::internal)?;
        let store = &self.front.store;
        if !store
            .summaries(std::slice::from_ref(&customer))
            .await?
            .contains_key(&customer)
        {
            return Err(Error::new(
                ErrorKind::NotFound,
                "no_such_user",
                "There is no such customer.",
            ));
        }
        let note = Note {
            id,
            text,
            author: admin.id.clone(),
            author_name: admin.caller.credential.name.clone(),
            created_at: self.front.clock.now(),
            edited_at: None,
            version: 0,
        };
        match self.keep(&admin, &customer, &note, "note").await {
            Ok(written) => Ok(answer(201, &written)),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => {
                let kept = store.note(&customer, &note.id).await?;
                let ours = kept.filter(|it| it.text == note.text && it.author == note.author);
                ours.map(|it| answer(201, &it)).ok_or_else(|| {
                    Error::conflict(
                        "action_id_reused",
                        "Another note was written under this action id. Open the form anew.",
                    )
                })
            }
        }
    }

    async fn edit(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let admin = self.front.admin(request, Operation::Note).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let id: NoteId = http::path_id(request, "note")?;
        let text = text_of(request)?;
        let kept = self.front.store.note(&customer, &id).await?;
        let kept = kept.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "no_such_note",
                "This customer has no such note.",
            )
        })?;
        if kept.author != admin.id {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "not_your_note",
                "Only whoever wrote a note can put it otherwise. Write one of your own.",
            ));
        }
        if kept.text == text {
            return Ok(answer(200, &kept));
        }
        let note = Note {
            text,
            edited_at: Some(self.front.clock.now()),
            ..kept
        };
        match self.keep(&admin, &customer, &note, "edit_note").await {
            Ok(written) => Ok(answer(200, &written)),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => Err(Error::conflict(
                "changed_meanwhile",
                "This note was changed at the same moment. Look again, then write.",
            )),
        }
    }

    async fn keep(
        &self,
        admin: &Admin,
        customer: &CustomerId,
        note: &Note,
        operation: &str,
    ) -> Result<Note, Refusal> {
        let act = Act {
            subject: Some(customer.to_string()),
            after: json!({ "note": note.id }),
            ..admin.act(operation)
        };
        let store = &self.front.store;
        let now = self.front.clock.now();
        store
            .commit_act(&act, now, |transaction| {
                transaction.note(store, customer, note)
            })
            .await?;
        Ok(Note {
            version: note.version + 1,
            ..note.clone()
        })
    }
}

fn text_of(request: &ApiGatewayV2httpRequest) -> Result<String, Error> {
    let form: NoteForm = http::json_body(request)?;
    let text = form.text.trim();
    if (1..=TEXT_CHARS_MAX).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        "invalid_text",
        format!("The field `text` needs 1 to {TEXT_CHARS_MAX} characters."),
    ))
}

"""Apps, their installations, and the log of their webhook."""

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.events import Attempt
from bot.sandbox.model import App, Installation, Token
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.view import Json, View


def app(view: View, an_app: App) -> Json:
    """GitHub's `integration`."""
    return {
        "id": an_app.id,
        "slug": an_app.slug,
        "node_id": an_app.node_id,
        "client_id": an_app.client_id,
        "owner": user(view, an_app.owner),
        "name": an_app.name,
        "description": an_app.description or "",
        "external_url": an_app.url or f"{view.html}/{an_app.slug}",
        "html_url": f"{view.html}/apps/{an_app.slug}",
        "created_at": stamp(an_app.created_at),
        "updated_at": stamp(an_app.created_at),
        "permissions": dict(an_app.permissions),
        "events": list(an_app.events),
    }


def app_for_itself(view: View, an_app: App) -> Json:
    """What `GET /app` answers: also how often it is installed."""
    count = sum(each.app is an_app and not each.deleted for each in view.world.installations.values())
    return app(view, an_app) | {"installations_count": count}


def installation(view: View, an_installation: Installation) -> Json:
    account = an_installation.account
    html = f"{view.html}/settings/installations/{an_installation.id}"
    if account.type == "Organization":
        html = f"{view.html}/organizations/{account.login}/settings/installations/{an_installation.id}"
    return {
        "id": an_installation.id,
        "client_id": an_installation.app.client_id,
        "account": user(view, account),
        "repository_selection": "all" if an_installation.selected is None else "selected",
        "access_tokens_url": f"{view.api}/app/installations/{an_installation.id}/access_tokens",
        "repositories_url": f"{view.api}/installation/repositories",
        "html_url": html,
        "app_id": an_installation.app.id,
        "app_slug": an_installation.app.slug,
        "target_id": account.id,
        "target_type": account.type,
        "permissions": dict(an_installation.permissions),
        "events": list(an_installation.events),
        "created_at": stamp(an_installation.created_at),
        "updated_at": stamp(an_installation.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user(view, an_installation.suspended_by) if an_installation.suspended_by else None,
        "suspended_at": stamp_or_none(an_installation.suspended_at),
    }


def installation_token(view: View, token: Token) -> Json:
    selected = token.only is not None or (token.installation is not None and token.installation.selected is not None)
    shape: Json = {
        "token": token.value,
        "expires_at": stamp_or_none(token.expires_at),
        "permissions": dict(token.permissions),
        "repository_selection": "selected" if selected else "all",
    }
    if token.only is not None:
        shape["repositories"] = [repository(view, view.world.repos[number]) for number in sorted(token.only)]
    return shape


def webhook_config(an_app: App) -> Json:
    config: Json = {"content_type": "json", "insecure_ssl": "0", "secret": "********"}
    return config | {"url": an_app.webhook_url} if an_app.webhook_url else config


def delivery_item(attempt: Attempt) -> Json:
    """GitHub's `hook-delivery-item`: one attempt to deliver."""
    delivery = attempt.delivery
    return {
        "id": attempt.id,
        "guid": delivery.guid,
        "delivered_at": stamp(attempt.at),
        "redelivery": delivery.redelivery,
        "duration": round(attempt.duration, 2),
        "status": attempt.status,
        "status_code": attempt.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def delivery(attempt: Attempt) -> Json:
    """GitHub's `hook-delivery`: the same with what was sent and what came back."""
    return delivery_item(attempt) | {
        "url": attempt.url,
        "request": {"headers": attempt.request_headers, "payload": attempt.delivery.payload},
        "response": {"headers": attempt.response_headers, "payload": attempt.response_body},
    }

"""Messages to the application: the log, and messages that nobody else would send."""

from __future__ import annotations

from ..calls import Call, Reply, no_content, reply_json
from ..notifications.delivery import FORGERIES
from ..notifications.events import deletion, publish
from ..notifications.signing import current_key, rotate
from ..notifications.topics import ACCOUNT_DELETION
from ..seed import SELLER
from . import control, refuse


def list_notifications(call: Call) -> Reply:
    """The delivery log, oldest first; by ``topic`` and ``state``."""
    query = call.query
    shown = [
        message
        for message in call.world.courier.log()
        if query.get("topic", message["topic"]) == message["topic"]
        and query.get("state", message["state"]) == message["state"]
    ]
    return reply_json({"total": len(shown), "notifications": shown})


def clear_notifications(call: Call) -> Reply:
    """Forget the log, and what is still pending."""
    call.world.courier.clear()
    return no_content()


def send_notification(call: Call) -> Reply:
    """``topic`` and ``data`` to the subscribers, or straight to an ``endpoint``.

    ``forged``: signature, key or body. ``notificationId`` to repeat one.
    """
    given = call.json_object()
    topic, data = given.get("topic"), given.get("data", {})
    forged = given.get("forged")
    if not isinstance(topic, str) or not isinstance(data, dict):
        raise refuse("topic is text, data an object.")
    if forged not in (None, *FORGERIES):
        raise refuse(f"forged is one of {', '.join(FORGERIES)}.")
    if "endpoint" not in given:
        sent = publish(call.world, topic, data, given.get("seller", SELLER))
        for message in sent:
            message["forged"] = forged
        return reply_json({"notifications": sent}, 201)
    message = call.world.courier.post(
        topic,
        data,
        given["endpoint"],
        given.get("schemaVersion", "1.0"),
        given.get("notificationId"),
        forged,
    )
    return reply_json({"notifications": [message]}, 201)


def resend(call: Call) -> Reply:
    """The same notification once more: a duplicate, or a late one."""
    for message in call.world.courier.log():
        if call.params["number"] == message["number"]:
            again = call.world.courier.post(
                message["topic"],
                message["data"],
                message["endpoint"],
                message["version"],
                message["notificationId"],
            )
            return reply_json(again, 201)
    raise refuse("No such message in the log.", 404)


def close_account(call: Call) -> Reply:
    """A user closes the account: ``username``, ``userId``; also to an ``endpoint``.

    eBay sends this to every application, whether or not it knows the user.
    """
    given = call.json_object()
    username = str(given.get("username", "sim_de_0001"))
    user_id = str(given.get("userId") or _user_id(call, username))
    if "endpoint" in given:
        data = deletion(username, user_id)
        call.world.courier.post(ACCOUNT_DELETION, data, given["endpoint"])
    else:
        call.world.emit("account_closed", username=username, user_id=user_id)
    return reply_json({"username": username, "userId": user_id}, 201)


def _user_id(call: Call, username: str) -> str:
    """The id of a buyer who bought here, else a made-up one."""
    for record in call.world.orders.records():
        if record["order"].get("buyer", {}).get("username") == username:
            return record.get("buyerUserId", f"u-{username}")
    return f"u-{username}"


def rotate_key(call: Call) -> Reply:
    """Sign with a new key from now on."""
    kid, _ = rotate(call.world)
    return reply_json({"kid": kid}, 201)


def show_key(call: Call) -> Reply:
    """The id of the key in use."""
    kid, _ = current_key(call.world)
    return reply_json({"kid": kid})


def set_destination(call: Call) -> Reply:
    """Give a destination a ``status``, MARKED_DOWN for instance."""
    destinations = call.world.collection("destination")
    found = destinations.get(call.params["destinationId"])
    if found is None:
        raise refuse("No such destination.", 404)
    found["status"] = call.json_object().get("status", "MARKED_DOWN")
    return reply_json(destinations.put(found["destinationId"], found))


OPERATIONS = [
    control("GET", "/notifications", list_notifications),
    control("POST", "/notifications", send_notification),
    control("DELETE", "/notifications", clear_notifications),
    control("POST", "/notifications/{number}/resend", resend),
    control("POST", "/close-account", close_account),
    control("GET", "/notification-key", show_key),
    control("POST", "/notification-key", rotate_key),
    control("POST", "/destinations/{destinationId}", set_destination),
]

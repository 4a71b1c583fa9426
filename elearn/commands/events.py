"""elearn events: what was not told yet and why; once more for what was given up."""

from __future__ import annotations

import click
from sqlalchemy import or_, select

from elearn.commands.common import data_option, make_app
from elearn.models.learning import Delivery, OutboxEvent

MOST = 100


@click.command()
@click.option("--retry", is_flag=True, help="Give the deliveries that were given up a new start.")
@data_option
def events(retry: bool, data: str | None) -> None:
    """Events that a plugin did not take: they are tried again with growing pauses, and given up after twelve times."""
    outbox = make_app(data).extensions["elearn"].outbox
    if retry:
        click.echo(f"{outbox.redeliver_failed()} deliveries begin anew.")
        outbox.deliver_due()
    with outbox.open_session() as session:
        troubled = or_(Delivery.state == "failed", Delivery.error != "")
        rows = session.execute(
            select(Delivery, OutboxEvent.kind)
            .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
            .where(Delivery.state != "done", troubled)
            .order_by(Delivery.id)
            .limit(MOST)
        ).all()
    for delivery, kind in rows:
        when = "given up" if delivery.state == "failed" else f"again at {delivery.due_at:%Y-%m-%d %H:%M} UTC"
        click.echo(
            f"{delivery.id}  {kind} -> {delivery.subscriber}  tried {delivery.tries} times, {when}: {delivery.error.splitlines()[0]}"
        )
    if not rows:
        click.echo("Every event was taken.")

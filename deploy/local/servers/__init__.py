"""PostgreSQL and RabbitMQ for one machine: what is there is used, what is missing is brought."""

from dataclasses import dataclass

from deploy.local.children import ProcessSpec


@dataclass(frozen=True)
class Server:
    """A server that the suite uses: where it answers, how it was come by, the processes to supervise (none if foreign).

    `url` carries the password of an administrator; it goes to the launcher and to files of mode 0600 only.
    """

    url: str
    how: str
    children: tuple[ProcessSpec, ...] = ()

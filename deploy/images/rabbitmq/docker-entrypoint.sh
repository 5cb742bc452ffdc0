#!/bin/sh
# Starts the broker with a user of its own: "guest" may not sign in from outside the container.
# Takes the variables of the official image: RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS.
set -eu
cat >/etc/rabbitmq/rabbitmq.conf <<CONF
listeners.tcp.default = 5672
default_user = ${RABBITMQ_DEFAULT_USER:-suite}
default_pass = ${RABBITMQ_DEFAULT_PASS:?needs a password}
CONF
# in a file, so that rabbitmqctl and rabbitmq-diagnostics find the node as well, whatever the container is called
echo "NODENAME=rabbit@localhost" >/etc/rabbitmq/rabbitmq-env.conf
chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq
chmod 600 /etc/rabbitmq/rabbitmq.conf
unset RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS
export HOME=/var/lib/rabbitmq RABBITMQ_LOGS=-
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups /usr/lib/rabbitmq/bin/rabbitmq-server

#!/bin/bash
# test-hosts LINK ADDRESS...: gives the addresses to a host of our own, behind this machine's routing table, that answers
# on port 80; says "ready" when it does. LINK: first three octets of a /24 that is free. It runs privileged in the
# machine's network; the name space goes with the container, and with it the link and the routes.
set -euo pipefail
link=$1 name=rsp-test-hosts; shift
in_host() { ip netns exec hosts "$@"; }
ip netns add hosts
ip link add $name type veth peer name uplink netns hosts
trap 'ip link del $name' EXIT
trap 'exit 0' TERM
ip addr add "$link.1/30" dev $name
ip link set $name up
in_host ip link set lo up
in_host ip addr add "$link.2/30" dev uplink
in_host ip link set uplink up
in_host ip route add default via "$link.1"
for address in "$@"; do
  in_host ip addr add "$address/32" dev lo
  ip route add "$address/32" via "$link.2"
done
in_host node -e '
  require("node:http").createServer((_, response) => response.end("a test host")).listen(80, () => console.log("ready"))' &
wait $!

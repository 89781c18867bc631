#!/bin/bash
# firewall: what app and build containers may not reach, as rules of this machine's packet filter.
#   firewall up      write the rules, look every 5 s whether they still stand (an engine's restart empties DOCKER-USER)
#   firewall check   whether they stand
#   firewall down    take them away
# From our app and build ranges: nothing to this machine itself, nothing to private, link-local, metadata and multicast
# ranges. Left open: replies, the container's own network (the engine keeps networks apart), the name servers of this
# machine on port 53, and, for builds, the package repository and the proxy that are configured.
# Settings: INSTALLATION_ID NETWORK_PREFIX, optional R_REPOSITORY BUILD_EXTRA_HOSTS HTTPS_PROXY. IPv4: app networks have no IPv6.
set -euo pipefail

id=${INSTALLATION_ID:?}; id=${id%%-*}
forward=RSP-FORWARD-$id input=RSP-INPUT-$id
apps=${NETWORK_PREFIX:?}.128.0/17 builds=$NETWORK_PREFIX.4.0/24
closed='0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4'

# The engine and we must speak of the same rules: the backend that has its chain.
find_backend() {
  for backend in iptables-nft iptables-legacy; do
    "$backend" --wait --numeric --list DOCKER-USER >/dev/null 2>&1 && return
  done
  echo 'no chain DOCKER-USER here: is the Docker engine running, with its iptables rules?' >&2
  return 1
}
tables() { "$backend" --wait "$@"; }

# addresses_of HOST: those that builds resolve; "local" for the engine's host-gateway
addresses_of() {
  local pair
  for pair in ${BUILD_EXTRA_HOSTS//,/ }; do
    [[ ${pair%%:*} != "$1" ]] && continue
    [[ ${pair#*:} == host-gateway ]] && echo local || echo "${pair#*:}"
    return
  done
  getent ahostsv4 "$1" | awk '{ print $1 }' | sort -u
}

# allowed_urls: "address port" of every configured service that builds may reach wherever it is
allowed_urls() {
  local url host port address
  for url in ${R_REPOSITORY:-} ${HTTPS_PROXY:-}; do
    host=${url#*://} host=${host%%/*} host=${host##*@}
    case $host:$url in *:*:*:*) port=${host##*:} ;; *:https:*) port=443 ;; *) port=80 ;; esac
    for address in $(addresses_of "${host%%:*}"); do echo "$address $port"; done
  done
}

rules() {
  local address port range
  printf '*filter\n:%s - [0:0]\n:%s - [0:0]\n' "$forward" "$input"
  for chain in "$forward" "$input"; do
    echo "-A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
    awk '$1 == "nameserver" && $2 ~ /^[0-9.]+$/ { print $2 }' /etc/resolv.conf | sort -u | while read -r address; do
      echo "-A $chain -d $address -p udp --dport 53 -j RETURN"
      echo "-A $chain -d $address -p tcp --dport 53 -j RETURN"
    done
    allowed_urls | while read -r address port; do
      if [[ $address != local ]]; then echo "-A $chain -s $builds -d $address -p tcp --dport $port -j RETURN"
      elif [[ $chain == "$input" ]]; then echo "-A $chain -s $builds -p tcp --dport $port -j RETURN"; fi
    done
  done
  for range in "$apps" "$builds"; do echo "-A $forward -s $range -d $range -j RETURN"; done
  for range in $closed; do echo "-A $forward -d $range -j REJECT --reject-with icmp-admin-prohibited"; done
  echo "-A $input -j REJECT --reject-with icmp-admin-prohibited"
  echo COMMIT
}

# each_jump COMMAND: for every jump into our chains, "COMMAND CHAIN -s RANGE -j OURS"
each_jump() {
  local range
  for range in "$apps" "$builds"; do
    "$@" DOCKER-USER -s "$range" -j "$forward" || return
    "$@" INPUT -s "$range" -j "$input" || return
  done
}

# First in their chains: a rule in front could let through what ours refuse.
stand() { tables --check "$@" 2>/dev/null; }
insert() { stand "$@" || { echo "inserting: $*"; tables --insert "$@"; }; }

clear_jumps() {
  local rule
  tables --list-rules | grep -E -- "-j ($forward|$input)\$" | while read -r _ rule; do
    # shellcheck disable=SC2086 # words of a rule
    tables --delete $rule
  done || return 0
}

up() {
  local now='' last=''
  trap 'exit 0' TERM INT # the rules stay: whoever starts us again must not find a gap
  find_backend
  clear_jumps # those of ranges that were ours before
  while true; do
    if find_backend; then
      now=$(rules)
      if [[ $now != "$last" ]] || ! stand "$forward" -d 10.0.0.0/8 -j REJECT --reject-with icmp-admin-prohibited; then
        "$backend-restore" --wait --noflush <<<"$now"
        last=$now
        echo "rules written with $backend"
      fi
      each_jump insert
    fi
    sleep 5 & wait $!
  done
}

down() {
  find_backend || return 0
  clear_jumps
  for chain in "$forward" "$input"; do
    tables --flush "$chain" 2>/dev/null && tables --delete-chain "$chain"
  done || true
}

case ${1:-} in
  up) up ;;
  check) find_backend && each_jump stand && stand "$input" -j REJECT --reject-with icmp-admin-prohibited ;;
  down) down ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

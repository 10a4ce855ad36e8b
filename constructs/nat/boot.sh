#!/bin/bash
# Makes an Amazon Linux 2023 machine the NAT of the private subnets.
#
#   nat boot     take over: forward, prove it, attach, associate, report (user data)
#   nat watch    keep it so, and measure it (nat.service, also after a reboot)
#   nat status   say how things stand, for people
#
# The machine has two interfaces. "outside" is its own; the Elastic IP is put on
# it. "inside" is the fixed one that owns the private subnets' default routes; it
# moves from machine to machine. MAC addresses tell which is which, not names.
#
# Nothing is taken from a predecessor before this machine has forwarded a packet
# itself. Every step may be repeated: what is in place is left alone.
#
# The NAT_… settings stand above this line in the user data.
set -euo pipefail

readonly PROGRAM=/usr/local/sbin/nat
readonly RULES=/etc/nat/rules.nft
readonly METADATA=http://169.254.169.254/latest
readonly PROBE=nat-probe PROBE_HERE=169.254.254.1 PROBE_THERE=169.254.254.2
readonly ROUND=${NAT_ROUND:-10}       # seconds between two rounds of probes
readonly YIELD=${NAT_YIELD:-30}       # seconds that a free interface is left to a successor
readonly PATIENCE=${NAT_PATIENCE:-60} # seconds without a way out until another machine is asked for
readonly STANDBY=3                    # status of a step: another machine is the NAT
export AWS_DEFAULT_REGION=$NAT_REGION AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3 AWS_PAGER=''

log() { printf 'nat %ss: %s\n' "$(cut -d. -f1 /proc/uptime)" "$*"; }

# retry SECONDS COMMAND…: until it succeeds, for that long.
retry() {
  local limit=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < limit)) || { log "gave up on: $*"; return 1; }
    sleep 1
  done
}

# put FILE: standard input becomes its content. False when it was that already.
put() {
  local text
  text=$(cat)
  [[ -f $1 && $(<"$1") == "$text" ]] && return 1
  { mkdir -p "${1%/*}" && printf '%s\n' "$text" >"$1.new" && mv "$1.new" "$1"; } || { log "cannot write $1"; exit 1; }
}

# A short patience: the machine's own address changes while it calls.
ask() { aws --cli-connect-timeout 3 --cli-read-timeout 10 "$@"; }

# ------------------------------------------------------------ who is who

fetch() { curl --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5 "$@"; }
metadata() { fetch --header "X-aws-ec2-metadata-token: $token" "$METADATA/meta-data/$1"; }
open_metadata() {
  token=$(fetch --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$METADATA/api/token")
}

# link_of MAC: the name of the interface.
link_of() {
  ip -brief link show | awk -v mac="$1" '$3 == mac { sub(/@.*/, "", $1); print $1; found = 1 } END { exit !found }'
}

identify() {
  open_metadata || return
  [[ -z ${outside:-} ]] || return 0
  machine=$(metadata instance-id) && outside_mac=$(metadata mac) &&
    outside_id=$(metadata "network/interfaces/macs/$outside_mac/interface-id") &&
    outside=$(link_of "$outside_mac") && log "$machine reaches the internet by $outside ($outside_id)"
}

# ------------------------------------------------------------ forwarding

forward() {
  # Loose reverse-path filtering: both interfaces are in one subnet, and a strict
  # machine would not even answer ARP on the second.
  put /etc/sysctl.d/90-nat.conf <<'CONF' || true
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 2
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
CONF
  sysctl --quiet --load=/etc/sysctl.d/90-nat.conf || return

  # "input" drops what nobody asked for, without an answer: the packet of a
  # connection that the predecessor knew must not be reset. The private side's
  # next packet brings the connection back, on the same port where it is free.
  if put "$RULES" <<CONF || [[ ${1:-} == again ]] || ! nft list table ip nat &>/dev/null; then
add table ip nat
delete table ip nat
table ip nat {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    icmp type echo-request accept
    udp dport 68 accept comment "DHCP"
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname != "$outside" oifname "$outside" ip saddr { ${NAT_CLIENTS// /, }, $PROBE_THERE } accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "$outside" masquerade
  }
}
CONF
    nft --file "$RULES" || return
    size_conntrack
  fi
}

# A tracked connection costs about 0.4 KiB: one for every 4 KiB of memory is a
# tenth of it. Idle times are the least that RFC 5382 (TCP) and RFC 4787 (UDP)
# allow and recommend; the kernel's five days for TCP fill the table with the dead.
size_conntrack() {
  local entries
  entries=$(awk '$1 == "MemTotal:" { print int($2 / 4) }' /proc/meminfo)
  sysctl --quiet --write "net.netfilter.nf_conntrack_max=$entries" "net.netfilter.nf_conntrack_buckets=$((entries / 4))" \
    net.netfilter.nf_conntrack_tcp_timeout_established=7440 \
    net.netfilter.nf_conntrack_udp_timeout=120 net.netfilter.nf_conntrack_udp_timeout_stream=300 2>/dev/null ||
    log "the kernel keeps its own limits for tracked connections"
}

# A network namespace is the machine's first client: what leaves it is forwarded
# and masqueraded as a private machine's packets are.
probe_from_here() {
  [[ -e /run/netns/$PROBE ]] || ip netns add "$PROBE"
  ip link show "$PROBE" &>/dev/null || ip link add "$PROBE" type veth peer name eth0 netns "$PROBE"
  ip address replace "$PROBE_HERE/30" dev "$PROBE" && ip link set "$PROBE" up
  ip -n "$PROBE" address replace "$PROBE_THERE/30" dev eth0 && ip -n "$PROBE" link set eth0 up
  ip -n "$PROBE" route replace default via "$PROBE_HERE"
}

# reach HOST:PORT opens a connection through the NAT.
reach() {
  local address
  address=$(getent ahostsv4 "${1%:*}" | awk 'NR == 1 { print $1 }') && [[ -n $address ]] &&
    nsenter --net="/run/netns/$PROBE" timeout 2 bash -c "exec 3<>/dev/tcp/$address/${1##*:}" 2>/dev/null
}

forwarding_works() {
  local target
  for target in $NAT_PROBES; do
    reach "$target" && return
  done
  return 1
}

# ------------------------------------------------------------ interface and address

inside_mac() {
  local mac
  for mac in $(metadata network/interfaces/macs/); do
    [[ $(metadata "network/interfaces/macs/${mac%/}/interface-id") != "$NAT_INTERFACE" ]] || { echo "${mac%/}"; return; }
  done
  return 1
}

attach() {
  ask ec2 attach-network-interface --network-interface-id "$NAT_INTERFACE" --instance-id "$machine" --device-index 1 >/dev/null
}

# have_interface take|hold: one attempt. "take" detaches it from another machine.
# "hold" leaves it there, and leaves a free one to a successor for a while that
# may just be taking it.
have_interface() {
  local mac attachment holder
  if mac=$(inside_mac) && inside=$(link_of "$mac"); then
    free_since=''
    route_clients "network/interfaces/macs/$mac"
    return
  fi
  read -r attachment holder < <(ask ec2 describe-network-interfaces --network-interface-ids "$NAT_INTERFACE" \
    --query 'NetworkInterfaces[0].Attachment.[AttachmentId,InstanceId]' --output text) || return
  case $1,${holder:-nobody} in
    *,"$machine") ;;  # the link is on its way
    take,nobody | hold,nobody)
      free_since=${free_since:-$SECONDS}
      [[ $1 == take ]] || ((SECONDS - free_since >= YIELD)) || return "$STANDBY"
      log "attaching $NAT_INTERFACE"
      attach || return
      ;;
    take,*)
      log "taking $NAT_INTERFACE from $holder"
      ask ec2 detach-network-interface --attachment-id "$attachment" --force && retry 30 attach || return
      ;;
    hold,*)
      free_since=''
      return "$STANDBY"
      ;;
  esac
  return 1
}

# Answers go back by the interface that the questions came in by. The gateway is
# the subnet's first address (VPC user guide, "Subnet CIDR blocks").
route_clients() {
  local address subnet base client
  address=$(metadata "$1/local-ipv4s") && subnet=$(metadata "$1/subnet-ipv4-cidr-block") || return
  address=${address%%$'\n'*} base=${subnet%/*}
  ip -4 -oneline address show dev "$inside" | grep -qF " $address/" || ip address add "$address/${subnet#*/}" dev "$inside" noprefixroute
  ip link set "$inside" up
  for client in $NAT_CLIENTS; do
    ip route replace "$client" via "${base%.*}.$((${base##*.} + 1))" dev "$inside" onlink || return
  done
}

have_address() {
  [[ $(metadata "network/interfaces/macs/$outside_mac/public-ipv4s") != "$NAT_ADDRESS" ]] || return 0
  log "associating $NAT_ADDRESS"
  ask ec2 associate-address --allocation-id "$NAT_ALLOCATION" --network-interface-id "$outside_id" --allow-reassociation >/dev/null
}

# ------------------------------------------------------------ boot

# Where systemd does not run, a NAT that nobody keeps is better than none.
service() {
  systemctl "$@" || [[ ! -d /run/systemd/system ]] || return
}

install_service() {
  if put "$PROGRAM" <"$0"; then chmod 0755 "$PROGRAM"; fi
  # networkd would remove the routes to the clients, which it has not made.
  if put /etc/systemd/networkd.conf.d/90-nat.conf <<<$'[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no'; then
    service try-restart systemd-networkd.service
  fi
  if put /etc/systemd/system/nat.service <<CONF; then service daemon-reload; fi
[Unit]
Description=Keep this machine the NAT of the private subnets
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=$PROGRAM watch
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
CONF
  command -v nft >/dev/null || retry 120 dnf install --assumeyes --quiet nftables
}

# tell SUCCESS|FAILURE CONTINUE|ABANDON. CloudFormation listens during a
# deployment, Auto Scaling whenever it has launched a machine.
tell() {
  [[ -n ${machine:-} ]] || return 0
  ask cloudformation signal-resource --stack-name "$NAT_STACK" --logical-resource-id "$NAT_RESOURCE" --unique-id "$machine" --status "$1" ||
    log "CloudFormation does not wait for this machine"
  ask autoscaling complete-lifecycle-action --auto-scaling-group-name "$NAT_GROUP" --lifecycle-hook-name "$NAT_HOOK" \
    --instance-id "$machine" --lifecycle-action-result "$2" || log "Auto Scaling does not wait for this machine"
}

boot() {
  trap '(($? == 0)) || { log "this machine will not do"; tell FAILURE ABANDON; }' EXIT
  log "booting $NAT_NAME from $NAT_IMAGE"
  retry 60 identify
  install_service
  forward again
  probe_from_here
  retry 60 forwarding_works
  log "forwarding works"
  retry 120 have_interface take
  retry 60 have_address
  retry 60 forwarding_works
  log "forwarding works as $NAT_ADDRESS"
  service enable --quiet --now nat.service
  tell SUCCESS CONTINUE
  command -v ethtool >/dev/null || dnf install --assumeyes --quiet ethtool || log "without ethtool nobody counts refused packets"
}

# ------------------------------------------------------------ watch

keep() {
  identify && forward "${1:-}" && probe_from_here && have_interface hold && have_address
}

# refused COUNTERS: how many packets ENA has counted so, on both interfaces.
refused() {
  { ethtool -S "$outside"; ethtool -S "$inside"; } 2>/dev/null | awk -v counters="^($1)_allowance_exceeded:$" '$1 ~ counters { sum += $2; n++ } END { print sum + 0; exit !n }'
}

# publish FORWARDING LOSS. A counter that the machine lacks is left out, not zero.
publish() {
  local value bandwidth conntrack dimensions="Dimensions=[{Name=NAT,Value=$NAT_NAME}]"
  local data=("MetricName=Forwarding,Value=$1,$dimensions" "MetricName=ProbeLoss,Unit=Percent,Value=$2,$dimensions")
  if value=$(paste -d ' ' /proc/sys/net/netfilter/nf_conntrack_{count,max} 2>/dev/null); then
    data+=("MetricName=ConntrackUse,Unit=Percent,Value=$((100 * ${value% *} / ${value#* })),$dimensions")
  fi
  if bandwidth=$(refused 'bw_in|bw_out|pps') && conntrack=$(refused conntrack); then
    data+=("MetricName=BandwidthRefused,Unit=Count,Value=$((bandwidth - ${last_bandwidth:-$bandwidth})),$dimensions"
      "MetricName=ConntrackRefused,Unit=Count,Value=$((conntrack - ${last_conntrack:-$conntrack})),$dimensions")
    last_bandwidth=$bandwidth last_conntrack=$conntrack
  fi
  ask cloudwatch put-metric-data --namespace "$NAT_NAMESPACE" --metric-data "${data[@]}" || log "CloudWatch does not take the measurements"
}

# A machine that cannot forward asks Auto Scaling for another one. When nobody
# hears that either, it goes down, and Auto Scaling sees a machine that is off. So
# ends a predecessor whose address has gone to its successor.
watch() {
  local good=$SECONDS asked='' again='' rounds=0 sent=0 lost=0 here works idle target
  while true; do
    here=0 works=0
    keep "$again" || here=$?
    if ((here == STANDBY)); then
      ((rounds == 0)) || log "the interface is not here: another machine is the NAT"
      good=$SECONDS asked='' rounds=0 sent=0 lost=0
      sleep "$ROUND"
      continue
    fi
    for target in $NAT_PROBES; do
      sent=$((sent + 1))
      if ! reach "$target"; then lost=$((lost + 1)); elif ((here == 0)); then works=1; fi
    done
    if ((works)); then
      good=$SECONDS asked='' again=''
    else
      again=again
      idle=$((SECONDS - good))
      log "not forwarding for $idle s"
      if [[ -z $asked ]] && ((idle >= PATIENCE)); then
        log "asking for another machine"
        ! ask autoscaling set-instance-health --instance-id "$machine" --health-status Unhealthy || asked=yes
      fi
      if [[ -z $asked ]] && ((idle >= 3 * PATIENCE)); then
        log "nobody hears it, going down"
        systemctl poweroff
      fi
    fi
    # At once, and then with every fifth round: no minute is without a value.
    rounds=$((rounds + 1))
    if ((rounds % 5 == 1)); then
      publish "$works" "$((100 * lost / sent))"
      sent=0 lost=0
    fi
    sleep "$ROUND"
  done
}

status() {
  identify
  have_interface hold || log "the inside interface is not here"
  log "address $(metadata "network/interfaces/macs/$outside_mac/public-ipv4s"), should be $NAT_ADDRESS; inside interface ${inside:-none}"
  if forwarding_works; then log "forwarding works"; else log "forwarding does not work"; fi
  nft list table ip nat
}

case ${1:-boot} in
  boot | watch | status) "${1:-boot}" ;;
  *)
    echo "usage: nat boot|watch|status" >&2
    exit 2
    ;;
esac

#!/bin/bash
# Turns an Amazon Linux 2023 machine into a NAT: IPv4 forwarding, and
# masquerading on the interface that the default route leaves by. Both are kept
# by systemd, so a reboot brings them back.
set -euo pipefail

log() { echo "nat: $*"; }

# The address is associated only after the machine has started, so the first
# attempts may find no network.
retry() {
  local attempt
  for attempt in {1..60}; do
    "$@" && return 0
    log "attempt ${attempt} of 60 failed: $*"
    sleep 5
  done
  return 1
}

command -v nft >/dev/null || retry dnf install --assumeyes --quiet nftables

cat >/etc/sysctl.d/90-nat.conf <<'CONF'
net.ipv4.ip_forward = 1
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
CONF
sysctl --quiet --load=/etc/sysctl.d/90-nat.conf

uplink=$(ip -4 route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
[[ -n ${uplink} ]] || { log "there is no default route"; exit 1; }

install --directory --mode=0755 /etc/nat
cat >/etc/nat/nat.nft <<CONF
add table ip nat
flush table ip nat
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "${uplink}" masquerade
  }
}
CONF

cat >/etc/systemd/system/nat.service <<CONF
[Unit]
Description=Masquerade the private subnets
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$(command -v nft) --file /etc/nat/nat.nft

[Install]
WantedBy=multi-user.target
CONF
systemctl daemon-reload
systemctl enable --now nat.service
log "forwarding through ${uplink}"

# Sourced by engine, images-up and mini-cran: Debian's packages through the host's own apt configuration.
SUITE=trixie # one suite for everything, whatever release the host runs
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that the host itself uses, so that no address stands in the project.
debian_mirror() {
  local mirror=${DEBIAN_MIRROR:-}
  [[ -n $mirror ]] || mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
  [[ -n $mirror ]] || { echo "no Debian mirror in this host's apt sources: set DEBIAN_MIRROR" >&2; return 1; }
  printf '%s\n' "$mirror"
}

# Installs only what is missing: `apt-get update` costs seconds and needs the network.
need_packages() {
  # Status, because dpkg-query also finds packages that are merely known.
  [[ $(dpkg-query --show --showformat '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed) != "$#" ]] || return 0
  [[ $(id -u) == 0 ]] || { echo "install as root first: apt-get install $*" >&2; return 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# private_apt FOLDER TYPE: fills `apt` with an apt-get that knows SUITE alone and leaves the host's own lists be.
private_apt() {
  local work=$1 type=$2
  apt-get indextargets 'Label: Debian' | grep -q . || apt-get update -qq
  mkdir -p "$work/lists/partial"
  printf '%s [signed-by=%s] %s %s main\n' "$type" "$KEYRING" "$(debian_mirror)" "$SUITE" >"$work/sources.list"
  apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  "${apt[@]}" update
}

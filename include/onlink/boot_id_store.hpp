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
    /// The number saved last; nullopt if there is none, or none that can be read.
    virtual std::optional<std::uint32_t> load() = 0;
    /// Has it outlive a crash and a power cut from the moment it returns. An error is reported to the
    /// observer (refusal_reason::boot_id_not_kept) and tried again after a minute; the devices are announced
    /// all the same.
    virtual result<void> save(std::uint32_t id) = 0;
};

/// A file with the number in decimal digits. A new number is written beside it (`path` and `.new`), forced to
/// the disk, and put in its place in one step: whatever fails, the old number stays. Its directory has to be
/// there.
ONLINK_EXPORT std::shared_ptr<boot_id_store> boot_id_file(std::string path);

} // namespace onlink

#endif

// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_host.hpp>

#include "net/shell.hpp"

namespace onlink {

class device_host::impl {
public:
    impl(boost::asio::any_io_executor executor, std::vector<device> const& roots, host_options options)
        : shell_(std::make_shared<onlink::shell>(std::move(executor), roots, std::move(options)))
    {}
    ~impl() { shell_->abandon(); }

    onlink::shell& shell() const noexcept { return *shell_; }

private:
    std::shared_ptr<onlink::shell> shell_; // the loops share it until they have ended
};

device_host::device_host(boost::asio::any_io_executor executor, device const& root, host_options options)
    : device_host(std::move(executor), std::vector<device>{root}, std::move(options))
{}

device_host::device_host(boost::asio::any_io_executor executor, std::vector<device> const& roots,
                         host_options options)
    : impl_(std::make_unique<impl>(std::move(executor), roots, std::move(options)))
{}

device_host::~device_host() = default;
device_host::device_host(device_host&&) noexcept = default;
device_host& device_host::operator=(device_host&&) noexcept = default;

void device_host::start() { impl_->shell().start(); }

void device_host::stop(std::function<void()> done) { impl_->shell().stop(std::move(done)); }

void device_host::disable(std::function<void()> done) { impl_->shell().disable(std::move(done)); }

void device_host::enable() { impl_->shell().enable(); }

bool device_host::enabled() const noexcept { return impl_->shell().enabled(); }

void device_host::add(device const& root) { impl_->shell().add(root); }

void device_host::remove(udn const& name) { impl_->shell().remove(name); }

void device_host::replace(device const& root) { impl_->shell().replace(root); }

std::vector<exposed_endpoint> device_host::exposure() const { return impl_->shell().runtime().exposure(); }

std::vector<served_address> device_host::serving() const
{
    auto const& runtime = impl_->shell().runtime();
    std::vector<served_address> all;
    for (auto const& at : runtime.served())
        for (auto const root : runtime.tree().roots)
            all.push_back({at.interface_name, at.address, runtime.location(root, at)});
    return all;
}

host_snapshot device_host::snapshot() const { return impl_->shell().snapshot(); }

void device_host::post(std::function<void()> what) { impl_->shell().post(std::move(what)); }

refusal_counters const& device_host::refusals() const noexcept { return impl_->shell().runtime().refusals(); }

} // namespace onlink

// SPDX-License-Identifier: BSL-1.0
// Runs a fuzz target over files, once each, where there is no libFuzzer: replay FOLDER-OR-FILE...
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

std::size_t inputs = 0;

void replay(std::filesystem::path const& file)
{
    // So that a crash says what crashed.
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    std::ifstream stream{file, std::ios::binary};
    std::vector<char> const bytes{std::istreambuf_iterator<char>{stream}, {}};
    // A copy of its own length, so that a sanitizer sees the first byte beyond.
    std::vector<std::uint8_t> const input{bytes.begin(), bytes.end()};
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++inputs;
}

} // namespace

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        std::filesystem::path const path{argv[i]};
        if (!is_directory(path)) {
            replay(path);
            continue;
        }
        for (auto const& entry : std::filesystem::recursive_directory_iterator{path})
            if (entry.is_regular_file())
                replay(entry.path());
    }
    std::printf("%zu inputs\n", inputs);
    return inputs == 0 ? 1 : 0;
}

// Runs a saved program without Python: loads it, calls it with recorded inputs, times it, and says what it is made of.
//
//   loader torchscript|aoti PROGRAM INPUTS OUTPUTS grad|no_grad THREADS MIN_RUN_MS
//
// INPUTS is what torch.save wrote: for TorchScript a tuple (args, kwargs), for AOTInductor the tensors, in order.
// OUTPUTS is written for torch.load. Standard output is one JSON object: times in nanoseconds, and the shared libraries
// that are mapped into this process, by which whoever reads it can see that there is no Python among them.

#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <torch/script.h>

namespace {

using Clock = std::chrono::steady_clock;
using Call = std::function<c10::IValue(const c10::IValue&)>;

constexpr int kWarmUpCalls = 3;  // TorchScript's profiling executor runs its optimized code from the third call on
constexpr std::int64_t kBlockNs = 2'000'000;  // long enough for the clock not to matter
constexpr std::size_t kMinRuns = 7;
constexpr int kPatience = 3;  // at most so many times the least time

std::int64_t since(Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began).count();
}

std::vector<char> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  TORCH_CHECK(file, "cannot read ", path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const std::string& path, const std::vector<char>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  TORCH_CHECK(file.good(), "cannot write ", path);
}

Call load_torchscript(const std::string& path) {
  auto module = std::make_shared<torch::jit::Module>(torch::jit::load(path));
  return [module](const c10::IValue& inputs) {
    const auto& parts = inputs.toTupleRef().elements();
    const auto& args = parts[0].toTupleRef().elements();
    torch::jit::Kwargs kwargs;
    for (const auto& item : parts[1].toGenericDict()) {
      kwargs[item.key().toStringRef()] = item.value();
    }
    return module->get_method("forward")(std::vector<c10::IValue>(args.begin(), args.end()), kwargs);
  };
}

Call load_aoti(const std::string& path) {
  auto package = std::make_shared<torch::inductor::AOTIModelPackageLoader>(path);
  return [package](const c10::IValue& inputs) {
    std::vector<at::Tensor> tensors;
    for (const auto& tensor : inputs.toTupleRef().elements()) {
      tensors.push_back(tensor.toTensor());
    }
    return c10::IValue(package->run(tensors));
  };
}

std::int64_t time_block(const Call& call, const c10::IValue& inputs, std::int64_t number) {
  const auto began = Clock::now();
  for (std::int64_t i = 0; i < number; ++i) {
    call(inputs);
  }
  return since(began);
}

std::int64_t calls_per_block(const Call& call, const c10::IValue& inputs) {
  std::int64_t number = 1;
  while (time_block(call, inputs, number) < kBlockNs && number < (1 << 20)) {
    number *= 2;
  }
  return number;
}

// Times per call, one for each block.
std::vector<double> time_calls(const Call& call, const c10::IValue& inputs, std::int64_t number, std::int64_t least_ns) {
  std::vector<double> times;
  std::int64_t total = 0;
  while ((total < least_ns || times.size() < kMinRuns) && total < kPatience * least_ns) {
    const auto took = time_block(call, inputs, number);
    total += took;
    times.push_back(static_cast<double>(took) / static_cast<double>(number));
  }
  return times;
}

// The names of the shared libraries in /proc/self/maps (proc(5): the path is the sixth field).
std::set<std::string> libraries() {
  std::set<std::string> found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto name = line.rfind('/');
    if (name != std::string::npos && line.find(".so", name) != std::string::npos) {
      found.insert(line.substr(name + 1));
    }
  }
  return found;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') {
      out += c;
    }
  }
  return out + "\"";
}

template <typename Items, typename Write>
std::string listed(const Items& items, Write write_one) {
  std::string out;
  for (const auto& item : items) {
    out += (out.empty() ? "" : ", ") + write_one(item);
  }
  return "[" + out + "]";
}

void run(const std::vector<std::string>& words) {
  at::set_num_threads(std::stoi(words[5]));
  at::GradMode::set_enabled(words[4] == "grad");
  const auto inputs = torch::jit::pickle_load(read(words[2]));

  auto began = Clock::now();
  const Call call = words[0] == "aoti" ? load_aoti(words[1]) : load_torchscript(words[1]);
  const auto load_ns = since(began);

  auto own = inputs.deepcopy();
  began = Clock::now();
  const auto outputs = call(own);
  const auto first_ns = since(began);
  write(words[3], torch::jit::pickle_save(outputs));

  own = inputs.deepcopy();
  time_block(call, own, kWarmUpCalls - 1);
  const auto number = calls_per_block(call, own);
  const auto times = time_calls(call, own, number, std::stoll(words[6]) * 1'000'000);
  std::cout << "{\"load_ns\": " << load_ns << ", \"first_call_ns\": " << first_ns << ", \"number_per_run\": " << number
            << ", \"times_ns\": " << listed(times, [](double ns) { return std::to_string(ns); })
            << ", \"libraries\": " << listed(libraries(), quoted) << "}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 7) {
    std::cerr << "loader torchscript|aoti PROGRAM INPUTS OUTPUTS grad|no_grad THREADS MIN_RUN_MS" << std::endl;
    return 2;
  }
  try {
    run(words);
  } catch (const c10::Error& error) {
    std::cerr << error.what_without_backtrace() << std::endl;
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  return 0;
}
